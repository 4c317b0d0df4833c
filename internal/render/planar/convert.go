package planar

import (
	"errors"
	"fmt"
	"image"
	"image/color"
)

// ErrLayout says that the samples of an image are not laid out as a Picture's can be.
var ErrLayout = errors.New("unusable layout of samples")

// FromYCbCr takes the planes of an image, which are shared, not copied. Any of the package image's sub-samplings will do.
// It is ErrLayout when the image is empty, a plane is too short, or the image begins in the middle of a chroma sample.
func FromYCbCr(img *image.YCbCr) (Picture, error) {
	x, y, ok := ratio(img.SubsampleRatio)
	r := img.Rect
	if !ok || r.Empty() || r.Min.X%x != 0 || r.Min.Y%y != 0 {
		return Picture{}, fmt.Errorf("%s of %v: %w", img.SubsampleRatio, r, ErrLayout)
	}
	w, h := r.Dx(), r.Dy()
	cw, ch := (w+x-1)/x, (h+y-1)/y
	p := Picture{
		Y:  Plane{Pix: img.Y, Stride: img.YStride, Width: w, Height: h},
		Cb: Plane{Pix: img.Cb, Stride: img.CStride, Width: cw, Height: ch},
		Cr: Plane{Pix: img.Cr, Stride: img.CStride, Width: cw, Height: ch},
	}
	for _, plane := range [...]Plane{p.Y, p.Cb, p.Cr} {
		if err := plane.check(); err != nil {
			return Picture{}, err
		}
	}
	return p, nil
}

// FromGray takes the samples of a grey image, which are shared, not copied. It is ErrLayout when the image is empty or
// its samples are too few.
func FromGray(img *image.Gray) (Picture, error) {
	p := Picture{Y: Plane{Pix: img.Pix, Stride: img.Stride, Width: img.Rect.Dx(), Height: img.Rect.Dy()}}
	if err := p.Y.check(); err != nil {
		return Picture{}, err
	}
	return p, nil
}

// RGBA converts the picture to the full colours of each pixel, opaque. It is plain rather than fast: for small pictures.
func (p Picture) RGBA() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, p.Y.Width, p.Y.Height))
	colourOf := p.colours()
	for y := range p.Y.Height {
		for x := range p.Y.Width {
			r, g, b := colourOf(x, y)
			copy(img.Pix[img.PixOffset(x, y):], []byte{r, g, b, 255})
		}
	}
	return img
}

// colours gives the function from a place to its colour there.
func (p Picture) colours() func(x, y int) (r, g, b byte) {
	if p.Grey() {
		return func(x, y int) (r, g, b byte) {
			v := p.Y.row(y)[x]
			return v, v, v
		}
	}
	byX, byY := subsampling(p.Y.Width, p.Cb.Width), subsampling(p.Y.Height, p.Cb.Height)
	return func(x, y int) (r, g, b byte) {
		return color.YCbCrToRGB(p.Y.row(y)[x], p.Cb.row(y / byY)[x/byX], p.Cr.row(y / byY)[x/byX])
	}
}

// check tells whether the plane has all its samples.
func (p Plane) check() error {
	sized := p.Width > 0 && p.Height > 0 && p.Stride >= p.Width
	if !sized || len(p.Pix) < p.Width || (len(p.Pix)-p.Width)/p.Stride < p.Height-1 {
		return fmt.Errorf("%d bytes as %d × %d in rows of %d: %w", len(p.Pix), p.Width, p.Height, p.Stride, ErrLayout)
	}
	return nil
}

// ratio is how many luma samples one chroma sample covers each way.
func ratio(r image.YCbCrSubsampleRatio) (x, y int, ok bool) {
	switch r {
	case image.YCbCrSubsampleRatio444:
		return 1, 1, true
	case image.YCbCrSubsampleRatio422:
		return 2, 1, true
	case image.YCbCrSubsampleRatio420:
		return 2, 2, true
	case image.YCbCrSubsampleRatio440:
		return 1, 2, true
	case image.YCbCrSubsampleRatio411:
		return 4, 1, true
	case image.YCbCrSubsampleRatio410:
		return 4, 2, true
	}
	return 0, 0, false
}
