package report_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/bench/report"
)

func figures() []report.Figure {
	return []report.Figure{
		{Case: "burst", Who: report.Darkroom, Metric: "CPU", Value: 0.25, Unit: "s"},
		{Case: "burst", Who: report.Darkroom, Metric: "memory", Value: 1234.4, Unit: "MiB"},
		{Case: "burst", Who: "peer", Metric: "CPU", Value: 2.5, Unit: "s"},
		{Case: "build", Who: "peer", Metric: "wall", Value: 0, Unit: "s"},
	}
}

func TestTableHasALineForEachMetricInTheOrderOfItsFirstFigure(t *testing.T) {
	var out bytes.Buffer
	if err := report.Table(&out, "peer", figures()); err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for i := range got {
		got[i] = strings.Join(strings.Fields(got[i]), " ")
	}
	want := []string{
		"case metric darkroom peer ratio",
		"burst CPU, s 0.250 2.50 0.100",
		"memory, MiB 1234 – –",
		"build wall, s – 0.000 –",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatIsWrittenReadsTheSame(t *testing.T) {
	path, err := report.Write(t.TempDir()+"/new", "local", figures())
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []report.Figure
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, figures()) {
		t.Errorf("got %v, want %v", got, figures())
	}
}
