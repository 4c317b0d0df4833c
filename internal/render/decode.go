package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// decode gives the pixels of a picture as stored, in a form that cascade can take. Each decoder is called by its name:
// which one image.Decode would choose depends on what else the program imports. The error is the context's or a *Failure.
func decode(ctx context.Context, original []byte, h header) (image.Image, error) {
	if h.still != nil {
		original = h.still
	}
	img, err := guard(func() (image.Image, error) {
		img, err := decodeAs(h.format, input{bytes.NewReader(original), ctx})
		if err != nil {
			return nil, err
		}
		img, err = expand(img, h)
		if err == nil && h.still != nil {
			img = laid(img, h)
		}
		return img, err
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		err = sound(img, h)
	}
	if err != nil {
		return nil, fault("decode", h.format, err)
	}
	return img, nil
}

// laid puts a frame where it belongs on the picture, the rest of which is transparent.
func laid(frame image.Image, h header) image.Image {
	canvas := image.Rect(0, 0, h.width, h.height)
	if h.frame == canvas || frame.Bounds().Size() != h.frame.Size() {
		return frame
	}
	m := image.NewNRGBA(canvas)
	draw.Draw(m, h.frame, frame, frame.Bounds().Min, draw.Src)
	return m
}

func decodeAs(f format, r io.Reader) (image.Image, error) {
	switch f {
	case formatJPEG:
		return jpeg.Decode(r)
	case formatPNG:
		return png.Decode(r)
	case formatGIF:
		return gif.Decode(r) // the first frame only
	case formatWebP:
		return webp.Decode(r)
	case formatBMP:
		return bmp.Decode(r)
	case formatTIFF:
		return tiff.Decode(r)
	}
	return nil, fmt.Errorf("%w format %q", errUnsupported, f)
}

// guard makes an error of a decoder's panic.
func guard[Picture any](decode func() (Picture, error)) (made Picture, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the decoder panicked: %v", p)
		}
	}()
	return decode()
}

// input is an original as decoders read it. It ends with the context, so that no decoder outlives it for long.
type input struct {
	*bytes.Reader
	ctx context.Context
}

func (in input) Read(p []byte) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	return in.Reader.Read(p)
}

func (in input) ReadAt(p []byte, off int64) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	return in.Reader.ReadAt(p, off)
}

// sound makes sure that a decoded picture is of the size announced, of a kind that imaging reads without looking anything
// up, and as large as it says. A panic in one of imaging's own goroutines could not be recovered from.
func sound(img image.Image, h header) error {
	b := img.Bounds()
	if b != image.Rect(0, 0, h.width, h.height) {
		return fmt.Errorf("the picture is %v, not %d×%d", b, h.width, h.height)
	}
	last := b.Max.Sub(image.Pt(1, 1))
	ok := false
	switch m := img.(type) {
	case *image.NRGBA:
		ok = m.PixOffset(last.X, last.Y)+4 <= len(m.Pix)
	case *image.RGBA:
		ok = m.PixOffset(last.X, last.Y)+4 <= len(m.Pix)
	case *image.NRGBA64:
		ok = m.PixOffset(last.X, last.Y)+8 <= len(m.Pix)
	case *image.RGBA64:
		ok = m.PixOffset(last.X, last.Y)+8 <= len(m.Pix)
	case *image.Gray:
		ok = m.PixOffset(last.X, last.Y)+1 <= len(m.Pix)
	case *image.Gray16:
		ok = m.PixOffset(last.X, last.Y)+2 <= len(m.Pix)
	case *image.YCbCr:
		colour := m.COffset(last.X, last.Y)
		ok = m.YOffset(last.X, last.Y) < len(m.Y) && colour < len(m.Cb) && colour < len(m.Cr)
	}
	if !ok {
		return errors.New("the decoder gave an unsound picture")
	}
	return nil
}
