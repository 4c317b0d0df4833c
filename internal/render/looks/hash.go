package looks

import (
	"fmt"
	"image"
	"math"
	"slices"
)

// hashEdge is the edge of the square that a picture is squeezed into for its hash.
const hashEdge = 32

// hash gives 64 bits in hexadecimal: for each of the 64 coarsest waves of the picture, whether it is stronger than the middle
// one. Scale, compression, exposure and a little blur or cropping change few of them.
func hash(m image.Image) string {
	small := squeezed(m)
	waves := coarsest(&small)
	sorted := waves
	slices.Sort(sorted[:])
	middle := (sorted[31] + sorted[32]) / 2
	var bits uint64
	for i, w := range waves {
		if w > middle {
			bits |= 1 << i
		}
	}
	return fmt.Sprintf("%016x", bits)
}

// squeezed is the luma of a picture as a square of few pixels, each the mean of what it covers; transparent parts count as
// white.
func squeezed(m image.Image) (out [hashEdge][hashEdge]float64) {
	b := m.Bounds()
	for y := range hashEdge {
		y0, y1 := covered(y, b.Dy())
		for x := range hashEdge {
			x0, x1 := covered(x, b.Dx())
			var sum float64
			for py := y0; py < y1; py++ {
				for px := x0; px < x1; px++ {
					r, g, bl, a := m.At(b.Min.X+px, b.Min.Y+py).RGBA()
					sum += 0.299*float64(r) + 0.587*float64(g) + 0.114*float64(bl) + float64(0xffff-a)
				}
			}
			out[y][x] = sum / float64((y1-y0)*(x1-x0)*257)
		}
	}
	return out
}

// covered gives the pixels of a line of n that a part of it covers, one at least.
func covered(i, n int) (from, to int) {
	from, to = i*n/hashEdge, (i+1)*n/hashEdge
	from = min(from, n-1)
	return from, max(to, from+1)
}

// coarsest gives the 64 coarsest waves of the discrete cosine transform, in the order of their frequency, without the mean.
func coarsest(m *[hashEdge][hashEdge]float64) (waves [64]float64) {
	const reach = 11 // all frequencies of which the two sum up to 10 are 66, and the mean is one
	var cosine [reach][hashEdge]float64
	for u := range cosine {
		for x := range cosine[u] {
			cosine[u][x] = math.Cos(math.Pi * float64(u) * (float64(x) + 0.5) / hashEdge)
		}
	}
	var rows [hashEdge][reach]float64
	for y := range m {
		for u := range reach {
			for x, v := range m[y] {
				rows[y][u] += v * cosine[u][x]
			}
		}
	}
	i := 0
	for sum := 1; i < len(waves); sum++ {
		for u := 0; u <= sum && i < len(waves); u++ {
			for y := range rows {
				waves[i] += rows[y][u] * cosine[sum-u][y]
			}
			i++
		}
	}
	return waves
}
