package render

import (
	"context"
	"image"

	"github.com/disintegration/imaging"
)

// cascade makes the pictures of a plan, upright. Two of the same size are one. What is made from the original comes
// first, and is turned upright when it is small already, so that the original can be freed.
func cascade(ctx context.Context, original image.Image, h header, steps []step) ([]*image.NRGBA, error) {
	made := make([]*image.NRGBA, len(steps))
	for i, s := range steps {
		if s.from != fromOriginal {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		small := reduce(original, swapped(s.size, h.orientation), s.crop)
		made[i] = orient(recoloured(small, original, h.colours), h.orientation)
	}
	for i, s := range steps {
		if s.from == fromOriginal {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		made[i] = reduce(made[s.from], s.size, s.crop)
	}
	return made, nil
}

// reduce scales a picture, or its central square, down to a size. The picture itself is returned where it fits.
func reduce(img image.Image, size image.Point, crop bool) *image.NRGBA {
	if crop {
		img = centre(img)
	}
	if img.Bounds().Size() != size {
		return imaging.Resize(img, size.X, size.Y, imaging.Lanczos)
	}
	if same, ok := img.(*image.NRGBA); ok && !crop {
		return same
	}
	return imaging.Clone(img)
}

// centre is the central square of a picture. It shares the picture's pixels.
func centre(img image.Image) image.Image {
	b := img.Bounds()
	side := min(b.Dx(), b.Dy())
	corner := b.Min.Add(image.Pt((b.Dx()-side)/2, (b.Dy()-side)/2))
	part, ok := img.(interface {
		SubImage(image.Rectangle) image.Image
	})
	if !ok {
		return img
	}
	return part.SubImage(image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))})
}
