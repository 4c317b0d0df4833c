package render

import (
	"bytes"
	"errors"
	"fmt"
	"image"

	"golang.org/x/image/bmp"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/colour"
	"github.com/darkroom/darkroom/internal/render/meta"
)

// header is what a file says about its picture before any pixel is decoded. Nothing in it has cost more than reading the
// file once.
type header struct {
	format        format
	width, height int             // as stored
	orientation   int             // EXIF's 1..8; 0 when absent or impossible
	frames        int             // of an animation; 0 or 1 of a still picture
	lossy         []byte          // of a WebP that is nothing else: its frame of VP8
	still         []byte          // a file of the first frame alone, where the decoder does not take the whole
	frame         image.Rectangle // where on the picture the still one lies
	codec         string          // of HEIC and AVIF, which need a decoder that is not Go's own
	preview       []byte          // a JPEG of the picture within the file; nil when there is none
	blocks        meta.Blocks
	colours       *colour.Transform // to sRGB; nil when there is nothing to do
	cost          int64             // bytes that decode will allocate at most
}

var (
	errShort      = errors.New("the file ends too early")
	errDimensions = errors.New("the picture has no pixels")
)

// upright is the size of the picture as it is to be seen.
func (h header) upright() image.Point { return swapped(image.Pt(h.width, h.height), h.orientation) }

func (h header) pixels() int64 { return int64(h.width) * int64(h.height) }

// readHeader recognises a file and reads what it says about its picture. Its error is a *Failure.
func readHeader(b []byte) (header, error) {
	f := sniff(b)
	if f == "" {
		return header{}, &Failure{Code: gallery.Unsupported, Err: errors.New("the content is no picture that we know")}
	}
	h, err := readHeaderAs(f, b)
	if err == nil && (h.width < 1 || h.height < 1) {
		err = errDimensions
	}
	if err != nil {
		return header{}, fault("read header of", f, err)
	}
	if h.format == "" {
		h.format = f
	}
	if h.orientation == 0 {
		h.orientation = h.blocks.Orientation()
	}
	h.colours = coloursOf(h.blocks)
	return h, nil
}

func readHeaderAs(f format, b []byte) (header, error) {
	switch f {
	case formatJPEG:
		return readJPEGHeader(b)
	case formatPNG:
		return readPNGHeader(b)
	case formatGIF:
		return readGIFHeader(b)
	case formatWebP:
		return readWebPHeader(b)
	case formatBMP:
		return readBMPHeader(b)
	case formatTIFF:
		return readTIFFHeader(b)
	case formatHEIC, formatAVIF:
		return readHEIFHeader(b)
	}
	return header{}, fmt.Errorf("%w format %q", errUnsupported, f)
}

func readBMPHeader(b []byte) (header, error) {
	c, err := bmp.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return header{}, err
	}
	h := header{width: c.Width, height: c.Height}
	h.cost = h.pixels() * 5 // four bytes a pixel; or an index, and then the four of its colour
	return h, nil
}
