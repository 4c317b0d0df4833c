package planar_test

import (
	"math"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// reference scales a plane by Lanczos-3 in float64, rounding once.
type reference struct {
	scaleX, scaleY float64 // sample i of a resized line has its centre at (i+½)·scale
	limited        bool    // to 0..255 between the two directions too, as 8-bit samples are
}

func (r reference) resize(p planar.Plane, w, h int) planar.Plane {
	high := make([]float64, h*p.Width)
	for y := range h {
		first, weights := referenceWindow(y, r.scaleY)
		for k, weight := range weights {
			row := min(max(first+k, 0), p.Height-1) * p.Stride
			for x := range p.Width {
				high[y*p.Width+x] += weight * float64(p.Pix[row+x])
			}
		}
	}
	for i, v := range high {
		if r.limited {
			high[i] = limit(v)
		}
	}
	out := flat(w, h, 0)
	for x := range w {
		first, weights := referenceWindow(x, r.scaleX)
		for y := range h {
			sum := 0.0
			for k, weight := range weights {
				sum += weight * high[y*p.Width+min(max(first+k, 0), p.Width-1)]
			}
			out.Pix[y*w+x] = byte(math.Round(limit(sum)))
		}
	}
	return out
}

func limit(v float64) float64 { return min(max(v, 0), 255) }

func referenceWindow(i int, scale float64) (first int, weights []float64) {
	stretch := max(scale, 1)
	centre := (float64(i) + 0.5) * scale
	first = int(math.Floor(centre - 3*stretch))
	weights = make([]float64, int(math.Ceil(6*stretch))+2)
	sum := 0.0
	for k := range weights {
		x := (float64(first+k) + 0.5 - centre) / stretch
		switch {
		case x == 0:
			weights[k] = 1
		case math.Abs(x) < 3:
			weights[k] = 3 * math.Sin(math.Pi*x) * math.Sin(math.Pi*x/3) / (math.Pi * math.Pi * x * x)
		}
		sum += weights[k]
	}
	for k := range weights {
		weights[k] /= sum
	}
	return first, weights
}

// referencePicture scales a picture whose chroma covers x × y luma samples each, to 4:2:0.
func referencePicture(p planar.Picture, w, h, x, y int, limited bool) planar.Picture {
	scaleX, scaleY := float64(p.Y.Width)/float64(w), float64(p.Y.Height)/float64(h)
	luma := reference{scaleX, scaleY, limited}
	chroma := reference{2 * scaleX / float64(x), 2 * scaleY / float64(y), limited}
	return planar.Picture{
		Y:  luma.resize(p.Y, w, h),
		Cb: chroma.resize(p.Cb, (w+1)/2, (h+1)/2),
		Cr: chroma.resize(p.Cr, (w+1)/2, (h+1)/2),
	}
}
