package render

import (
	"image"
	"math"

	"github.com/darkroom/darkroom/gallery"
)

// fromOriginal is the source of a step that has no other.
const fromOriginal = -1

// step says how the pixels of one rendition come about.
type step struct {
	size image.Point // upright
	crop bool        // of the source's central square
	from int         // the step that it is made from, an earlier one; or fromOriginal
}

// plan lays out a step for each spec: every one from the smallest picture before it that is large enough, which costs a
// fraction of making each from the original and looks the same.
func plan(original image.Point, specs []gallery.Spec) []step {
	steps := make([]step, 0, len(specs))
	for _, spec := range specs {
		s := step{size: fit(original, spec.Edge), crop: spec.Crop}
		if spec.Crop {
			side := min(spec.Edge, original.X, original.Y)
			s.size = image.Pt(side, side)
		}
		s.from = smallest(steps, s.size)
		steps = append(steps, s)
	}
	return steps
}

// smallest finds the smallest whole picture that covers a size.
func smallest(steps []step, size image.Point) int {
	best := fromOriginal
	for i, s := range steps {
		covers := !s.crop && s.size.X >= size.X && s.size.Y >= size.Y
		if covers && (best == fromOriginal || s.size.X <= steps[best].size.X) {
			best = i
		}
	}
	return best
}

// fit scales a size down to a long edge; one that is small enough stays as it is.
func fit(size image.Point, edge int) image.Point {
	long := max(size.X, size.Y)
	if long <= edge {
		return size
	}
	scaled := func(n int) int {
		return max(1, int(math.Round(float64(edge)*float64(n)/float64(long))))
	}
	return image.Pt(scaled(size.X), scaled(size.Y))
}
