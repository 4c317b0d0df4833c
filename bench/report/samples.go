package report

import "slices"

// Samples are what was measured, in the order of the first time.
type Samples struct {
	order  []Figure // without a value
	values map[Figure][]float64
}

// NewSamples are none yet.
func NewSamples() *Samples { return &Samples{values: map[Figure][]float64{}} }

// Add takes one in.
func (s *Samples) Add(name, who, metric, unit string, value float64) {
	f := Figure{Case: name, Who: who, Metric: metric, Unit: unit}
	if s.values[f] == nil {
		s.order = append(s.order, f)
	}
	s.values[f] = append(s.values[f], value)
}

// Medians are one figure for each kind of sample.
func (s *Samples) Medians() []Figure {
	figures := slices.Clone(s.order)
	for i, f := range figures {
		figures[i].Value = median(s.values[f])
	}
	return figures
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
