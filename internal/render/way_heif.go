package render

import (
	"context"
	"fmt"
	"image"

	"github.com/darkroom/darkroom/internal/render/heif"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// heifWay draws HEIC and AVIF: in planes where the decoder gives planes, which HEVC's does, else in pixels.
func (d Developer) heifWay(original []byte, h header, steps []step) way {
	return way{
		cost: h.cost + planesCost(h, steps) + reductionCost(h, steps),
		draw: func(ctx context.Context) ([]drawing, error) {
			img, err := guard(func() (image.Image, error) { return d.HEIF.Decode(original, h.codec) })
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				return nil, fault("decode", h.format, err)
			}
			if h.codec == heif.HEVC {
				size := h.upright()
				h.width, h.height, h.orientation = size.X, size.Y, 1
			}
			return fromDecoded(ctx, img, h, steps)
		},
	}
}

// fromDecoded makes the pictures of a decoded one, as it is stored: in planes where the decoder gave planes.
func fromDecoded(ctx context.Context, img image.Image, h header, steps []step) (drawings []drawing, err error) {
	if img.Bounds() != image.Rect(0, 0, h.width, h.height) {
		err := fmt.Errorf("the picture is %v, not %d×%d", img.Bounds(), h.width, h.height)
		return nil, fault("decode", h.format, err)
	}
	if err := sound(img, h); err != nil {
		return nil, fault("decode", h.format, err)
	}
	defer func() {
		if p := recover(); p != nil {
			drawings, err = nil, fault("draw", h.format, fmt.Errorf("panic: %v", p))
		}
	}()
	switch m := img.(type) {
	case *image.YCbCr:
		if whole, err := planar.FromYCbCr(m); err == nil {
			return fromPlanes(ctx, whole, h, steps)
		}
	case *image.Gray:
		if whole, err := planar.FromGray(m); err == nil {
			return fromPlanes(ctx, whole, h, steps)
		}
	}
	pixels, err := cascade(ctx, img, h, steps)
	drawings = make([]drawing, len(pixels))
	for i, p := range pixels {
		drawings[i] = bitmap{p}
	}
	return drawings, err
}

// Heavy tells by the first 256 bytes of a file whether a picture needs a HEIF decoder, and the memory that it takes.
func Heavy(beginning []byte) bool {
	heic, avif := heif.Is(beginning)
	return heic || avif
}
