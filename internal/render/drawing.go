package render

import (
	"bytes"
	"image"
	"image/jpeg"

	"github.com/disintegration/imaging"

	"github.com/darkroom/darkroom/internal/render/jpegenc"
	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/pngenc"
)

// drawing is the picture of a rendition before it becomes a file. Two values are equal when they are the same picture.
type drawing interface {
	size() image.Point
	// contentType is PNG where there is transparency to keep, else JPEG.
	contentType() string
	// file is the picture in a format that keeps what it has.
	file(contentType string) ([]byte, error)
	// small is the picture scaled down, by a filter that is good enough for a placeholder.
	small(size image.Point) image.Image
	// luma is the brightness of the picture. It may share its samples.
	luma() planar.Plane
}

// bitmap is a picture of whole pixels.
type bitmap struct{ *image.NRGBA }

func (b bitmap) size() image.Point { return b.Rect.Size() }

func (b bitmap) contentType() string {
	if b.Opaque() {
		return typeJPEG
	}
	return typePNG
}

func (b bitmap) file(contentType string) ([]byte, error) {
	if contentType == typePNG {
		return pngenc.Encode(b.NRGBA)
	}
	// Without transparency the two are the same bytes, and the encoder has a fast path for this one only.
	opaque := &image.RGBA{Pix: b.Pix, Stride: b.Stride, Rect: b.Rect}
	var out bytes.Buffer
	err := jpeg.Encode(&out, opaque, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

func (b bitmap) small(size image.Point) image.Image {
	return imaging.Resize(b.NRGBA, size.X, size.Y, imaging.Box)
}

func (b bitmap) luma() planar.Plane {
	size := b.size()
	p := planar.Plane{Pix: make([]byte, size.X*size.Y), Stride: size.X, Width: size.X, Height: size.Y}
	for y := range size.Y {
		row := b.Pix[y*b.Stride:][:4*size.X]
		for x := range size.X {
			c := row[4*x:][:3]
			p.Pix[y*size.X+x] = byte((299*int(c[0]) + 587*int(c[1]) + 114*int(c[2]) + 500) / 1000)
		}
	}
	return p
}

// planes is a picture as JPEG stores it: luma, and chroma of half the size. It is never made into pixels.
type planes struct{ *planar.Picture }

func (p planes) size() image.Point { return image.Pt(p.Y.Width, p.Y.Height) }

func (p planes) contentType() string { return typeJPEG }

func (p planes) file(string) ([]byte, error) { return jpegenc.Encode(nil, *p.Picture, quality) }

func (p planes) small(size image.Point) image.Image { return p.Resize(size.X, size.Y).RGBA() }

func (p planes) luma() planar.Plane { return p.Y }

// layers is a picture with transparency, in planes.
type layers struct{ *planar.Layers }

func (l layers) size() image.Point { return image.Pt(l.Layers[3].Width, l.Layers[3].Height) }

func (l layers) contentType() string {
	if l.Opaque() {
		return typeJPEG
	}
	return typePNG
}

func (l layers) file(contentType string) ([]byte, error) { return l.bitmap().file(contentType) }

func (l layers) small(size image.Point) image.Image { return l.Resize(size.X, size.Y).NRGBA() }

func (l layers) luma() planar.Plane { return l.bitmap().luma() }

func (l layers) bitmap() bitmap { return bitmap{l.NRGBA()} }
