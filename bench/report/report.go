// Package report shows what a benchmark measured, as a table for people and as JSON for machines.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
)

// Darkroom is who the figures of this project belong to; every other name is a peer's.
const Darkroom = "darkroom"

// Figure is one measured value.
type Figure struct {
	Case   string  `json:"case"`   // what was done, such as "burst of 40"
	Who    string  `json:"who"`    // Darkroom, or the name of a peer
	Metric string  `json:"metric"` // such as "peak memory"
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
}

// row is what the figures of one line of the table have in common.
type row struct{ name, metric, unit string }

// Table prints a line for each case and metric, in the order in which they first appear, with Darkroom's figure, the peer's,
// and the first divided by the second. What was not measured is a dash.
func Table(w io.Writer, peer string, figures []Figure) error {
	var order []row
	values := map[row]map[string]float64{}
	for _, f := range figures {
		r := row{f.Case, f.Metric, f.Unit}
		if values[r] == nil {
			order = append(order, r)
			values[r] = map[string]float64{}
		}
		values[r][f.Who] = f.Value
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "case\tmetric\t%s\t%s\tratio\n", Darkroom, peer)
	last := ""
	for _, r := range order {
		name := r.name
		if name == last {
			name = ""
		}
		last = r.name
		ours, measured := values[r][Darkroom]
		theirs, compared := values[r][peer]
		fmt.Fprintf(t, "%s\t%s, %s\t%s\t%s\t%s\n", name, r.metric, r.unit,
			cell(ours, measured), cell(theirs, compared), cell(ours/theirs, measured && compared && theirs != 0))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

// cell writes three digits that count, and never an exponent.
func cell(v float64, known bool) string {
	switch {
	case !known:
		return "–"
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v >= 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// Write leaves the figures in dir as name.json, an array of objects, and answers the file's path.
func Write(dir, name string, figures []Figure) (string, error) {
	data, err := json.MarshalIndent(figures, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the figures of %s: %w", name, err)
	}
	path := filepath.Join(dir, name+".json")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("write the figures of %s: %w", name, err)
	}
	if err := os.WriteFile(path, append(data, '\n'), 0o644); err != nil {
		return "", fmt.Errorf("write the figures of %s: %w", name, err)
	}
	return path, nil
}
