package main

import (
	"slices"

	"github.com/darkroom/darkroom/bench/report"
)

// samples are what was measured, in the order of the first time.
type samples struct {
	order  []report.Figure // without a value
	values map[report.Figure][]float64
}

func newSamples() *samples { return &samples{values: map[report.Figure][]float64{}} }

func (s *samples) add(name, who, metric, unit string, value float64) {
	f := report.Figure{Case: name, Who: who, Metric: metric, Unit: unit}
	if s.values[f] == nil {
		s.order = append(s.order, f)
	}
	s.values[f] = append(s.values[f], value)
}

// medians are one figure for each kind of sample.
func (s *samples) medians() []report.Figure {
	figures := slices.Clone(s.order)
	for i, f := range figures {
		sorted := slices.Sorted(slices.Values(s.values[f]))
		n := len(sorted)
		figures[i].Value = (sorted[(n-1)/2] + sorted[n/2]) / 2
	}
	return figures
}
