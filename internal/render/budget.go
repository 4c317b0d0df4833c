package render

import (
	"fmt"
	"image"

	"github.com/darkroom/darkroom/gallery"
)

// Limits bounds what a picture may ask for. What goes beyond is TOO_LARGE, found out before anything is decoded.
type Limits struct {
	Pixels int64 // of the original
	Edge   int   // pixels along either side
	Memory int64 // predicted bytes to develop it, the original included
}

// DefaultLimits admit any JPEG of 50 megapixels with the usual half-size colour, progressive ones too, and most others.
func DefaultLimits() Limits { return Limits{Pixels: 50_000_000, Edge: 65_535, Memory: 512 << 20} }

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Pixels == 0 {
		l.Pixels = d.Pixels
	}
	if l.Edge == 0 {
		l.Edge = d.Edge
	}
	if l.Memory == 0 {
		l.Memory = d.Memory
	}
	return l
}

// admit refuses a picture that is beyond the limits, given the bytes that developing it takes. Its error is a *Failure.
func (l Limits) admit(h header, memory int64) error {
	refuse := func(is, limit int64, unit string) error {
		err := fmt.Errorf("%s of %d×%d: %d %s, of %d allowed", h.format, h.width, h.height, is, unit, limit)
		return &Failure{Code: gallery.TooLarge, Err: err}
	}
	if edge := max(h.width, h.height); edge > l.Edge {
		return refuse(int64(edge), int64(l.Edge), "pixels on a side")
	}
	if h.pixels() > l.Pixels {
		return refuse(h.pixels(), l.Pixels, "pixels")
	}
	if memory > l.Memory {
		return refuse(memory, l.Memory, "bytes of memory")
	}
	return nil
}

// reductionCost predicts what cascade and encode allocate. Nothing is counted as freed in between, since the collector
// may come late.
func reductionCost(h header, steps []step) int64 {
	var cost int64
	for _, s := range steps {
		source := image.Pt(h.width, h.height)
		size := s.size
		if s.from == fromOriginal {
			size = swapped(size, h.orientation)
			cost += area(size) // turned upright
		} else {
			source = steps[s.from].size
		}
		if s.crop {
			source = image.Pt(min(source.X, source.Y), min(source.X, source.Y))
		}
		cost += area(image.Pt(size.X, source.Y)) + area(size) // narrow first, then low
		cost += int64(source.X+source.Y) * weightBytes
		cost += area(size) // encoded
	}
	return cost
}

// weightBytes is what the filter's weights take for each pixel along an edge.
const weightBytes = 16 * 2 * 3

// area is the bytes of a picture in memory.
func area(size image.Point) int64 { return int64(size.X) * int64(size.Y) * 4 }
