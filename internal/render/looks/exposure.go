package looks

import (
	"math"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// exposure is between 0 and 1: how much of the picture is neither in the dark nor burnt out, in a middle tone as a whole,
// and of some contrast.
func exposure(p planar.Plane) float64 {
	var counts [256]int
	for y := 0; y < p.Height; y += 2 { // every other row tells as much
		for _, v := range p.Pix[y*p.Stride:][:p.Width] {
			counts[v]++
		}
	}
	var n, sum int
	for v, c := range counts {
		n, sum = n+c, sum+v*c
	}
	if n == 0 {
		return 0
	}
	const black, white = 10, 246
	lost := float64(within(&counts, 0, black)+within(&counts, white, 256)) / float64(n)
	mean := float64(sum) / float64(n) / 255
	const middle, free, width = 0.5, 0.25, 0.3 // snow is bright and a night is dark, as they should be
	tone := 1 - min(max(math.Abs(mean-middle)-free, 0)/width, 1)
	spread := float64(quantile(&counts, n*95/100)-quantile(&counts, n*5/100)) / 255
	contrast := min(spread/0.5, 1)
	return tone * (1 - min(lost, 1)) * (0.2 + 0.8*contrast)
}

// within counts the samples from one level up to another.
func within(counts *[256]int, from, to int) (n int) {
	for _, c := range counts[from:to] {
		n += c
	}
	return n
}

// quantile is the level below which so many samples are.
func quantile(counts *[256]int, n int) int {
	for v, c := range counts {
		if n -= c; n < 0 {
			return v
		}
	}
	return 255
}
