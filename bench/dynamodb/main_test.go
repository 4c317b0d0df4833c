package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/bench/report"
)

// TestMain lets the tests start this program as a server, as the program does itself.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == serveCommand {
		exitOn(serve(os.Args[2], os.Stdin, os.Stdout))
		return
	}
	os.Exit(m.Run())
}

func TestEveryCaseIsMeasuredOfWhoIsThere(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this system has no /proc: ", err)
	}
	o := options{
		rounds: 1, seconds: 50 * time.Millisecond, items: 100, out: t.TempDir(),
		peer: "../../e2e/node_modules/@dynoxide/linux-x64/dynoxide",
	}
	var out strings.Builder
	if err := run(t.Context(), o, &out, t.Output()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(o.out, "dynamodb.json"))
	if err != nil {
		t.Fatal(err)
	}
	var figures []report.Figure
	if err := json.Unmarshal(data, &figures); err != nil {
		t.Fatal(err)
	}
	for _, w := range cases() {
		measured := func(f report.Figure) bool {
			return f.Case == w.name && f.Who == report.Darkroom && f.Metric == "rate" && f.Value > 0
		}
		if !slices.ContainsFunc(figures, measured) || !strings.Contains(out.String(), w.name) {
			t.Errorf("%s is missing of\n%s", w.name, out.String())
		}
	}
}

func TestMedianIsTheMiddle(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 100}, 3}} {
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v: got %v, want %v", c.values, got, c.want)
		}
	}
}
