package render

import (
	"context"
	"errors"
	"image"

	"github.com/darkroom/darkroom/internal/render/jpegdec"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// way is how the pictures of a plan are drawn, and the bytes that takes at most, those of the original apart.
type way struct {
	draw func(ctx context.Context) ([]drawing, error)
	cost int64
}

// choose takes the fast way for a JPEG that our own decoder reads, which is nearly every photograph: decoded straight at
// a fraction of its size and kept in planes from there to the file. What our decoders of rows read is made into planes,
// too. Everything else goes through whole pixels.
func choose(original []byte, h header, steps []step) way {
	if h.format == formatJPEG {
		if frame, err := jpegdec.ReadHeader(original); err == nil {
			n := eighths(h, steps)
			return way{
				draw: func(ctx context.Context) ([]drawing, error) { return inPlanes(ctx, original, n, h, steps) },
				cost: jpegdec.Memory(frame, n) + planesCost(h, steps),
			}
		}
	}
	if r, ok := openRows(original, h); ok {
		return rowsWay(r, original, h, steps)
	}
	return pixelsWay(original, h, steps)
}

func pixelsWay(original []byte, h header, steps []step) way {
	return way{
		draw: func(ctx context.Context) ([]drawing, error) { return inPixels(ctx, original, h, steps) },
		cost: h.cost + reductionCost(h, steps),
	}
}

func inPixels(ctx context.Context, original []byte, h header, steps []step) ([]drawing, error) {
	img, err := decode(ctx, original, h)
	if err != nil {
		return nil, err
	}
	return fromDecoded(ctx, img, h, steps)
}

// inPlanes decodes at n/8 and makes each step's picture from the one before it, the first of them upright.
func inPlanes(ctx context.Context, original []byte, n int, h header, steps []step) ([]drawing, error) {
	whole, err := jpegdec.Decode(ctx, original, n)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fault("decode", h.format, err)
	}
	return fromPlanes(ctx, whole, h, steps)
}

// fromPlanes makes each step's picture from the decoded one, or from the step's before it.
func fromPlanes(ctx context.Context, whole planar.Picture, h header, steps []step) ([]drawing, error) {
	drawings := make([]drawing, len(steps))
	for i, s := range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if s.from == fromOriginal {
			drawings[i] = planes{coloured(scaled(whole, s, h.orientation), h.colours)}
		} else {
			drawings[i] = again(drawings[s.from].(planes), s)
		}
	}
	return drawings, nil
}

// scaled makes a step's picture from the decoded one, which lies as it was stored.
func scaled(whole planar.Picture, s step, orientation int) *planar.Picture {
	switch {
	case s.crop && orientation <= 1:
		made := whole.ResizeCentre(s.size.X)
		return &made
	case s.crop: // rare: a panorama, too low for its square to be made from another rendition
		side := min(whole.Y.Width, whole.Y.Height)
		whole = whole.Crop(side, side)
	}
	made := whole.ResizeUpright(s.size.X, s.size.Y, orientation)
	return &made
}

// again makes a step's picture from an upright one; where that fits already, it is the same picture.
func again(from planes, s step) planes {
	if !s.crop && from.size() == s.size {
		return from
	}
	return planes{scaled(*from.Picture, s, 1)}
}

// eighths is the smallest n for which the picture decoded at n/8 covers every step that is made from it.
func eighths(h header, steps []step) int {
	size := h.upright()
	for n := 1; n < 8; n++ {
		at := image.Pt((size.X*n+7)/8, (size.Y*n+7)/8)
		if covers(at, steps) {
			return n
		}
	}
	return 8
}

func covers(size image.Point, steps []step) bool {
	for _, s := range steps {
		if s.from == fromOriginal && (s.size.X > size.X || s.size.Y > size.Y) {
			return false
		}
	}
	return true
}

// planesCost predicts what is allocated after the decoder: for each step luma and half-size chroma, the file, and what
// the resizer needs for weights and rows in work, which grows with its source.
func planesCost(h header, steps []step) int64 {
	var cost int64
	for _, s := range steps {
		source := h.upright()
		if s.from != fromOriginal {
			source = steps[s.from].size
		}
		cost += 4 * int64(s.size.X) * int64(s.size.Y)
		if s.from == fromOriginal && h.colours != nil {
			cost += 2*int64(s.size.X)*int64(s.size.Y) + colourBytes
		}
		if source != s.size {
			cost += resizeBytes * int64(source.X+source.Y)
		}
	}
	return cost
}

const resizeBytes = 400

const colourBytes = 512 << 10 // the table of a change of colours

// unsupportedJPEG tells whether our decoder knows what it does not read.
func unsupportedJPEG(err error) bool {
	return errors.Is(err, jpegdec.ErrUnsupported) || errors.Is(err, jpegdec.ErrOther)
}
