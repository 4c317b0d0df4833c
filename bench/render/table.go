package main

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"

	"github.com/darkroom/darkroom/bench/report"
)

// Units of which the difference says more than the ratio.
const (
	decibel = "dB"
	index   = "of 1"
)

// line is what the figures of one line of the table have in common.
type line struct{ name, metric, unit string }

// table prints a line for each case and metric, with the figure of each contestant, and then how darkroom's compares with
// those of sharp: divided by it, or the difference, which has a sign. What was not measured is a dash.
func table(w io.Writer, figures []report.Figure) error {
	var lines []line
	values := map[line]map[string]float64{}
	for _, f := range figures {
		l := line{f.Case, f.Metric, f.Unit}
		if values[l] == nil {
			lines = append(lines, l)
			values[l] = map[string]float64{}
		}
		values[l][f.Who] = f.Value
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "case\tmetric\t%s\t%s\t%s\t%s\tto cascade\tto clone\n",
		report.Darkroom, sharpCascade, sharpClone, vipsthumbnail)
	last := ""
	for _, l := range lines {
		name := l.name
		if name == last {
			name = ""
		}
		last = l.name
		v := values[l]
		fmt.Fprintf(t, "%s\t%s, %s\t%s\t%s\t%s\t%s\t%s\t%s\n", name, l.metric, l.unit,
			cell(v, report.Darkroom, l.unit), cell(v, sharpCascade, l.unit), cell(v, sharpClone, l.unit),
			cell(v, vipsthumbnail, l.unit),
			comparison(v, sharpCascade, l.unit), comparison(v, sharpClone, l.unit))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

const unknown = "–"

// cell writes a figure with the digits that count.
func cell(values map[string]float64, who, unit string) string {
	v, known := values[who]
	switch {
	case !known:
		return unknown
	case unit == decibel:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case unit == index:
		return strconv.FormatFloat(v, 'f', 4, 64)
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// comparison writes how darkroom's figure compares with a peer's.
func comparison(values map[string]float64, peer, unit string) string {
	ours, measured := values[report.Darkroom]
	theirs, compared := values[peer]
	switch {
	case !measured || !compared || theirs == 0:
		return unknown
	case unit == decibel:
		return fmt.Sprintf("%+.2f", ours-theirs)
	case unit == index:
		return fmt.Sprintf("%+.4f", ours-theirs)
	}
	return fmt.Sprintf("%.2f", ours/theirs)
}
