package looks

import (
	"slices"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// block is the edge of the squares in which sharpness is measured: a picture is as sharp as its sharpest tenth, since what
// it is about is rarely everywhere.
const block = 32

// sharpness is between 0 and 1: how much of the contrast is in the finest detail. Contrast itself, and with it exposure,
// cancels out.
func sharpness(p planar.Plane) float64 {
	var shares []float64
	for y := 1; y+block < p.Height; y += block {
		for x := 1; x+block < p.Width; x += block {
			if share, ok := finest(p, x, y, block, block); ok {
				shares = append(shares, share)
			}
		}
	}
	if len(shares) == 0 && p.Width > 2 && p.Height > 2 { // a tiny picture, or one without any texture
		if share, ok := finest(p, 1, 1, p.Width-2, p.Height-2); ok {
			shares = append(shares, share)
		}
	}
	if len(shares) == 0 {
		return 0
	}
	slices.Sort(shares)
	best := shares[len(shares)*9/10:]
	var sum float64
	for _, s := range best {
		sum += s
	}
	mean := sum / float64(len(best))
	const half = 0.35 // such a share is that of a photograph neither sharp nor soft
	return mean / (mean + half)
}

// finest gives the energy of a square's finest detail, as a share of the energy of all its contrast. A square without
// contrast has no share: its detail would be noise.
func finest(p planar.Plane, x0, y0, w, h int) (float64, bool) {
	var sum, squares, detail int
	for y := y0; y < y0+h; y++ {
		at := y*p.Stride + x0
		row := p.Pix[at-1 : at+w+1]
		above, below := p.Pix[at-p.Stride:][:w], p.Pix[at+p.Stride:][:w]
		for x := range w {
			v := int(row[x+1])
			sum += v
			squares += v * v
			d := 4*v - int(row[x]) - int(row[x+2]) - int(above[x]) - int(below[x])
			detail += d * d
		}
	}
	n := float64(w * h)
	variance := float64(squares)/n - (float64(sum)/n)*(float64(sum)/n)
	const noise = 16 // the variance of what is not texture
	if variance < noise {
		return 0, false
	}
	return float64(detail) / n / (variance + noise), true
}
