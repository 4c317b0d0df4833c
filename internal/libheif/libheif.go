// Package libheif decodes HEIC and AVIF by libheif and libavif, compiled to WebAssembly: slowly, in much memory, but in a box
// that a hostile file does not get out of. It is for a function of its own; docs/decisions/heif.md has the figures and the
// licences.
package libheif

import (
	"bytes"
	"errors"
	"fmt"
	"image"

	"github.com/gen2brain/avif"
	"github.com/gen2brain/heic"

	"github.com/darkroom/darkroom/internal/render/heif"
)

// Decoder decodes. Its zero value works; the first picture of each codec waits for a second while the library is compiled.
type Decoder struct{}

// Decode gives the pixels of a file in a codec of the package heif: HEVC upright and mostly in planes, AV1 as stored.
func (Decoder) Decode(original []byte, codec string) (image.Image, error) {
	switch codec {
	case heif.HEVC:
		return heic.Decode(bytes.NewReader(original))
	case heif.AV1:
		return seen(avif.Decode(bytes.NewReader(original)))
	}
	return nil, fmt.Errorf("no decoder of %q", codec)
}

// seen makes an error of a picture in which there is nothing at all: so the library says that it could not go on.
func seen(img image.Image, err error) (image.Image, error) {
	var pix []byte
	switch m := img.(type) {
	case *image.RGBA:
		pix = m.Pix
	case *image.RGBA64:
		pix = m.Pix
	default:
		return img, err
	}
	for _, v := range pix {
		if v != 0 {
			return img, err
		}
	}
	return nil, errors.New("the decoder gave up")
}
