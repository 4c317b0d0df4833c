package planar

import "math"

// Weights are whole 128ths, so that a sum of weighted 8-bit samples fits a 16-bit lane.
const (
	weightBits = 7
	unit       = 1 << weightBits
)

// windows says, for each sample of a resized line, which samples of the source it is made of: the next taps ones from
// first, each weighted. Weights of one window sum to unit exactly, so that an even surface keeps its value.
type windows struct {
	first   []int
	taps    int
	weights []uint64 // taps for each sample; negative ones in two's complement
}

func (w *windows) at(i int) (first int, weights []uint64) {
	return w.first[i], w.weights[i*w.taps : (i+1)*w.taps]
}

// axis maps samples of a resized line to a source line: sample i has its centre at (i+½)·scale + shift, where the centre
// of source sample k is k+½.
type axis struct {
	source, target int // samples
	scale, shift   float64
}

// same tells whether the resized line is the source line.
func (a axis) same() bool { return a.source == a.target && a.scale == 1 && a.shift == 0 }

const lobes = 3 // of the Lanczos kernel

// lanczos makes the windows of a Lanczos-3 filter, stretched to the scale when reducing so that it cuts off what would
// alias. Samples beyond the edge are those at the edge.
func lanczos(a axis) *windows {
	stretch := max(a.scale, 1)
	reach := float64(lobes * stretch)
	longest := int(2*reach) + 2
	values, q := make([]float64, 0, longest), newQuantiser(a, longest)
	for i := range a.target {
		// The conversions keep arm64 from fusing multiplication and addition: every machine must get the same weights.
		centre := float64((float64(i)+0.5)*a.scale) + a.shift
		low, high := int(math.Ceil(centre-reach-0.5)), int(math.Floor(centre+reach-0.5))
		values = values[:0]
		for k := low; k <= high; k++ {
			values = append(values, kernel((float64(k)+0.5-centre)/stretch))
		}
		q.add(low, values)
	}
	return q.windows()
}

// box makes the windows that average each factor samples, a power of two up to unit.
func box(a axis, factor int) *windows {
	values, q := make([]float64, factor), newQuantiser(a, factor)
	for k := range values {
		values[k] = 1
	}
	for i := range a.target {
		q.add(i*factor, values)
	}
	return q.windows()
}

// linear makes the windows that blend the two nearest samples.
func linear(a axis) *windows {
	q := newQuantiser(a, 2)
	for i := range a.target {
		centre := float64((float64(i)+0.5)*a.scale) + a.shift
		before := math.Floor(centre - 0.5)
		part := centre - 0.5 - before
		q.add(int(before), []float64{1 - part, part})
	}
	return q.windows()
}

// quantiser collects windows while their lengths still differ.
type quantiser struct {
	source  int
	lines   []line
	weights []int // of all lines so far, within what was reserved for them
}

// line is one window.
type line struct {
	first   int
	weights []int
}

func newQuantiser(a axis, longest int) *quantiser {
	return &quantiser{
		source: a.source, lines: make([]line, 0, a.target), weights: make([]int, 0, a.target*min(longest, a.source)),
	}
}

// add scales weights to sum to unit and rounds them to whole numbers. What one loses by rounding the next gets, so that
// neither the sum nor the centre of gravity moves. Weights beyond the edges go to the sample at the edge.
func (q *quantiser) add(low int, values []float64) {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	clamp := func(i int) int { return min(max(i, 0), q.source-1) }
	first := clamp(low)
	used := len(q.weights)
	q.weights = q.weights[:used+clamp(low+len(values)-1)-first+1]
	weights := q.weights[used:]
	total, given := 0.0, 0
	for k, v := range values {
		total += v
		upTo := int(math.Round(total / sum * unit))
		weights[clamp(low+k)-first] += upTo - given
		given = upTo
	}
	q.lines = append(q.lines, trim(line{first, weights}))
}

// trim drops the weights at both ends that came to nothing.
func trim(l line) line {
	for len(l.weights) > 1 && l.weights[0] == 0 {
		l.first, l.weights = l.first+1, l.weights[1:]
	}
	for n := len(l.weights); n > 1 && l.weights[n-1] == 0; n-- {
		l.weights = l.weights[:n-1]
	}
	return l
}

// windows gives all windows one length, within the source and from ever growing places, so that a line can be read once
// from its beginning to its end.
func (q *quantiser) windows() *windows {
	w := &windows{first: make([]int, len(q.lines))}
	least := q.source
	for i := len(q.lines) - 1; i >= 0; i-- {
		l := q.lines[i]
		least = min(least, l.first)
		w.first[i] = least
		w.taps = max(w.taps, l.first+len(l.weights)-least)
	}
	w.weights = make([]uint64, len(q.lines)*w.taps)
	for i, l := range q.lines {
		w.first[i] = min(w.first[i], q.source-w.taps)
		at := w.weights[i*w.taps+l.first-w.first[i]:]
		for k, weight := range l.weights {
			at[k] = uint64(weight)
		}
	}
	return w
}

// kernel is the Lanczos window: sinc(x) · sinc(x/3) within three samples of the centre. One sine is enough, since
// sin 3t = 3 sin t - 4 sin³ t.
func kernel(x float64) float64 {
	t := float64(math.Abs(x) * (math.Pi / lobes))
	if t >= math.Pi {
		return 0
	}
	if t < 1e-9 {
		return 1
	}
	s := sine(t)
	square := float64(s * s)
	return square * (3 - float64(4*square)) / (3 * t * t)
}

// sine is sin t for t from 0 to π, to eight digits: the cosine series of t - π/2. math.Sin may differ in its last bit
// between machines, and so could a weight; here each product is rounded before it is added to.
func sine(t float64) float64 {
	square := float64((t - math.Pi/2) * (t - math.Pi/2))
	sum := float64(square*(1.0/479001600)) - 1.0/3628800
	sum = float64(square*sum) + 1.0/40320
	sum = float64(square*sum) - 1.0/720
	sum = float64(square*sum) + 1.0/24
	sum = float64(square*sum) - 1.0/2
	return float64(square*sum) + 1
}
