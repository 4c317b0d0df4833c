// Package planartest compares pictures in planes, for tests of what makes them.
package planartest

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// SamePixels says where a picture is not what planar makes of an image's pixels. A grey one may have planes of grey or none.
func SamePixels(got planar.Picture, img image.Image) error {
	b := img.Bounds()
	pixels := image.NewRGBA(b)
	draw.Draw(pixels, b, img, b.Min, draw.Src)
	built := planar.NewBuilder(b.Dx(), b.Dy(), planar.RGBA)
	for y := range b.Dy() {
		if err := built.Add(pixels.Pix[y*pixels.Stride:]); err != nil {
			return err
		}
	}
	want := built.Picture()
	if got.Grey() {
		got.Cb, got.Cr = grey(want.Cb), grey(want.Cr)
	}
	return Same(got, want)
}

func grey(like planar.Plane) planar.Plane {
	like.Pix = bytes.Repeat([]byte{128}, len(like.Pix))
	return like
}

// Same says where two pictures have other samples.
func Same(got, want planar.Picture) error {
	for i, pair := range [3][2]planar.Plane{{got.Y, want.Y}, {got.Cb, want.Cb}, {got.Cr, want.Cr}} {
		if err := samePlane(pair[0], pair[1]); err != nil {
			return fmt.Errorf("plane %d: %w", i, err)
		}
	}
	return nil
}

func samePlane(got, want planar.Plane) error {
	if got.Width != want.Width || got.Height != want.Height {
		return fmt.Errorf("%d × %d samples, want %d × %d", got.Width, got.Height, want.Width, want.Height)
	}
	for y := range got.Height {
		a, b := got.Pix[y*got.Stride:][:got.Width], want.Pix[y*want.Stride:][:got.Width]
		if !bytes.Equal(a, b) {
			return fmt.Errorf("row %d is\n%v, want\n%v", y, a, b)
		}
	}
	return nil
}
