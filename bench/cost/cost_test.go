package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

func TestTheGuidesTableIsWhatTheProgramPrints(t *testing.T) {
	var out bytes.Buffer
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	if guide := document(t, "docs/deploy.md"); !strings.Contains(guide, out.String()) {
		t.Errorf("docs/deploy.md does not hold the table of `make cost`:\n%s", &out)
	}
	totals := strings.Split(out.String()[strings.LastIndex(out.String(), "| **all**"):], "**")
	said := fmt.Sprintf("(%s dollars a month when idle, %s for a\nmillion pictures)", totals[3], totals[9])
	if !strings.Contains(document(t, "README.md"), said) {
		t.Errorf("README.md does not say %q", said)
	}
}

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// files reads both.
func files(t *testing.T) (prices, usage) {
	t.Helper()
	var p prices
	var u usage
	if err := read(priceFile, &p); err != nil {
		t.Fatal(err)
	}
	if err := read(usageFile, &u); err != nil {
		t.Fatal(err)
	}
	return p, u
}

func TestPricesAndMeasurementsSayOfWhen(t *testing.T) {
	p, u := files(t)
	for name, day := range map[string]string{"prices.json": p.AsOf, "usage.json": u.Measured} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoNumberIsLeftOut(t *testing.T) {
	for name, file := range map[string][]byte{"prices.json": priceFile, "usage.json": usageFile} {
		var written any
		if err := json.Unmarshal(file, &written); err != nil {
			t.Fatal(err)
		}
		for path, n := range numbers("", written) {
			if n <= 0 {
				t.Errorf("%s: %s is %v", name, path, n)
			}
		}
	}
	p, u := files(t)
	for name, v := range map[string]any{"prices": p, "usage": u} {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back any
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		for path, n := range numbers("", back) {
			if n == 0 {
				t.Errorf("%s: the file does not say %s", name, path)
			}
		}
	}
}

// numbers lists all numbers in a value by their paths.
func numbers(path string, v any) map[string]float64 {
	all := map[string]float64{}
	switch v := v.(type) {
	case float64:
		all[path] = v
	case map[string]any:
		for name, child := range v {
			for at, n := range numbers(path+"."+name, child) {
				all[at] = n
			}
		}
	}
	return all
}

// TestDevelopingAgainIsQuotedAtTheSamePrice: gallery.Price is what `darkroom reprocess` asks a user to agree to.
func TestDevelopingAgainIsQuotedAtTheSamePrice(t *testing.T) {
	p, u := files(t)
	if got := p.LambdaGBSecond * u.MemoryMB.Develop / 1024; math.Abs(got-gallery.Price) > 1e-12 {
		t.Errorf("a second of developing costs %v here, and %v there", got, gallery.Price)
	}
}

func TestAnImageCostsWhatItUses(t *testing.T) {
	var p prices
	var u usage
	p.LambdaGBSecond, u.MemoryMB.Develop, u.Image.DevelopSeconds = 2, 512, 3
	p.WriteUnits, u.Image.WriteUnits = 1e6, 4
	p.AlarmMetric, u.Month.AlarmMetrics = 0.5, 7
	got := map[string]float64{}
	for _, l := range bill(p, u, 10) {
		got[l.what] = l.cost
	}
	for what, want := range map[string]float64{"Lambda: developing": 30, "DynamoDB: requests": 40, "Logs, alarms, metrics": 3.5, "HTTP API": 0} {
		if math.Abs(got[what]-want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", what, got[what], want)
		}
	}
}

func TestAmountsAreReadable(t *testing.T) {
	for usd, want := range map[float64]string{0: "0.00", 0.004: "0.00", 9.99: "9.99", 9.996: "10", 227.6: "228"} {
		if got := amount(usd); got != want {
			t.Errorf("%v: got %s, want %s", usd, got, want)
		}
	}
}
