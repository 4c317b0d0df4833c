package render

import (
	"image"

	"github.com/disintegration/imaging"

	"github.com/darkroom/darkroom/internal/render/colour"
	"github.com/darkroom/darkroom/internal/render/meta"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// coloursOf gives what brings a picture's colours to sRGB; nil when they are, or when nobody can tell. A broken profile is
// as good as none, and so is one of tables, such as those of CMYK: such pictures are shown by the plain formula.
func coloursOf(b meta.Blocks) *colour.Transform {
	switch {
	case b.ICC == nil && b.AdobeRGB():
		return colour.AdobeRGB()
	case b.ICC == nil:
		return b.Code.Transform()
	}
	t, err := colour.New(b.ICC)
	if err != nil {
		return nil
	}
	return t
}

// coloured is a picture in sRGB.
func coloured(p *planar.Picture, to *colour.Transform) *planar.Picture {
	if to == nil {
		return p
	}
	made := to.Planes(*p)
	return &made
}

// recoloured is a picture in sRGB. The original, of which others are to be made, is not written to.
func recoloured(m *image.NRGBA, original image.Image, to *colour.Transform) *image.NRGBA {
	if to == nil {
		return m
	}
	if m == original {
		m = imaging.Clone(m)
	}
	to.Pixels(m)
	return m
}
