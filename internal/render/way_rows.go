package render

import (
	"context"
	"errors"

	"github.com/darkroom/darkroom/internal/render/bmpdec"
	"github.com/darkroom/darkroom/internal/render/gifdec"
	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/pngdec"
	"github.com/darkroom/darkroom/internal/render/tiffdec"
)

// rowReader is a picture in a file whose decoder makes planes of rows, and never has the whole of its pixels.
type rowReader interface {
	// Size is that of the picture.
	Size() (width, height int)
	// Opaque tells that Decode will not be planar.ErrTransparent.
	Opaque() bool
	// Memory is the bytes that Decode allocates at most.
	Memory() int64
	// Decode makes the planes. It ends with ctx's error soon after ctx does.
	Decode(ctx context.Context) (planar.Picture, error)
}

// openRows gives the decoder of a picture, if it reads this variant of its format: otherwise the one for whole pixels shall
// have its say, too.
func openRows(original []byte, h header) (r rowReader, ok bool) {
	var err error
	switch h.format {
	case formatBMP:
		r, err = bmpdec.Open(original)
	case formatGIF:
		r, err = gifdec.Open(original)
	case formatPNG:
		r, err = pngdec.Open(original)
	case formatTIFF:
		r, err = tiffdec.Open(original)
	case formatWebP:
		r, err = openLossy(h.lossy)
	default:
		return nil, false
	}
	if err != nil {
		return nil, false
	}
	width, height := r.Size()
	return r, width == h.width && height == h.height
}

// rowsWay draws in planes, and in pixels what turns out to be transparent; by then both have been allocated.
func rowsWay(r rowReader, original []byte, h header, steps []step) way {
	after, again := planesCost(h, steps), transparentWay(r, original, h, steps)
	if !r.Opaque() {
		after = max(after, again.cost)
	}
	return way{
		cost: r.Memory() + after,
		draw: func(ctx context.Context) ([]drawing, error) {
			whole, err := guard(func() (planar.Picture, error) { return r.Decode(ctx) })
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case errors.Is(err, planar.ErrTransparent):
				return again.draw(ctx)
			case err != nil:
				return nil, fault("decode", h.format, err)
			}
			return fromPlanes(ctx, whole, h, steps)
		},
	}
}

// transparentWay draws what is transparent: in layers where the decoder makes them, else in pixels. So are those small enough
// to be kept as they are: icons are to be the same to the bit, and layers round colours.
func transparentWay(r rowReader, original []byte, h header, steps []step) way {
	l, ok := r.(layersReader)
	if !ok || h.upright() == steps[0].size {
		return pixelsWay(original, h, steps)
	}
	return way{
		cost: l.LayersMemory() + layersCost(h, steps),
		draw: func(ctx context.Context) ([]drawing, error) {
			whole, err := guard(func() (planar.Layers, error) { return l.Layers(ctx) })
			switch {
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case err != nil:
				return nil, fault("decode", h.format, err)
			}
			return fromLayers(ctx, whole, h, steps)
		},
	}
}
