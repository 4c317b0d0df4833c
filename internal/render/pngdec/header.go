package pngdec

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// colour is a colour type of PNG.
type colour uint8

const (
	grey      colour = 0
	rgb       colour = 2
	palette   colour = 3
	greyAlpha colour = 4
	rgba      colour = 6

	alpha = 4 // is a part of those with it
)

// samples are how many a pixel has, and depths the bits that one may have.
var kinds = map[colour]struct {
	samples int
	depths  string
}{
	grey: {1, "\x01\x02\x04\x08\x10"}, rgb: {3, "\x08\x10"}, palette: {1, "\x01\x02\x04\x08"},
	greyAlpha: {2, "\x08\x10"}, rgba: {4, "\x08\x10"},
}

// header is what a file says of its picture before it.
type header struct {
	width, height int
	depth         int // bits a sample
	colour        colour
	palette       [][4]byte // RGBA of every index
}

// header reads up to the first part of the picture.
func (c *chunks) header() (header, error) {
	if !strings.HasPrefix(string(c.data[:min(len(c.data), len(signature))]), signature) {
		return header{}, fmt.Errorf("%w: it does not begin as one", ErrCorrupt)
	}
	c.at = len(signature)
	kind, body, err := c.next()
	if err != nil {
		return header{}, err
	}
	if kind != "IHDR" || len(body) != 13 {
		return header{}, fmt.Errorf("%w: there is no IHDR", ErrCorrupt)
	}
	h, err := newHeader(body)
	if err != nil {
		return header{}, err
	}
	return h, c.upToPicture(&h)
}

// newHeader reads the contents of IHDR.
func newHeader(b []byte) (header, error) {
	w, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	made := header{width: int(int32(w)), height: int(int32(h)), depth: int(b[8]), colour: colour(b[9])}
	compression, filter, interlace := b[10], b[11], b[12]
	switch {
	case made.width <= 0 || made.height <= 0:
		return header{}, fmt.Errorf("%w: %d×%d", ErrCorrupt, made.width, made.height)
	case strings.IndexByte(kinds[made.colour].depths, b[8]) < 0:
		return header{}, fmt.Errorf("%w: colours of type %d with %d bits", ErrCorrupt, made.colour, made.depth)
	case compression != 0 || filter != 0 || interlace > 1:
		return header{}, fmt.Errorf("%w: unknown methods %v", ErrCorrupt, b[10:])
	case interlace == 1:
		return header{}, fmt.Errorf("%w: it is interlaced", ErrOther)
	}
	return made, nil
}

// upToPicture reads the chunks between IHDR and the first part of the picture.
func (c *chunks) upToPicture(h *header) error {
	colours, transparency := false, false
	for {
		kind, body, err := c.next()
		if err != nil {
			return err
		}
		switch {
		case kind == "IDAT" && (h.colour != palette || colours):
			c.idat = body
			return nil
		case kind == "PLTE" && !colours && !transparency:
			colours = true
			err = h.setPalette(body)
		case kind == "tRNS" && !transparency && (h.colour != palette || colours):
			transparency = true
			err = h.setTransparency(body)
		case kind == "IDAT", kind == "PLTE", kind == "tRNS", kind == "IHDR", kind == "IEND":
			err = fmt.Errorf("%w: %q is out of place", ErrCorrupt, kind)
		}
		if err != nil {
			return err
		}
	}
}

// setPalette reads PLTE, which means nothing where colours are written out.
func (h *header) setPalette(b []byte) error {
	n := len(b) / 3
	if n == 0 || len(b)%3 != 0 || n > 256 || n > 1<<h.depth || h.colour == grey || h.colour == greyAlpha {
		return fmt.Errorf("%w: a palette of %d bytes", ErrCorrupt, len(b))
	}
	if h.colour == palette {
		h.palette = make([][4]byte, 256) // beyond those given, black
		for i := range h.palette {
			h.palette[i][3] = 255
		}
		for i := range n {
			copy(h.palette[i][:3], b[3*i:])
		}
	}
	return nil
}

// setTransparency reads tRNS: of a palette how opaque each colour is, else the colour that stands for nothing.
func (h *header) setTransparency(b []byte) error {
	switch {
	case h.colour == palette && len(b) <= 256:
		for i, alpha := range b {
			h.palette[i][3] = alpha
		}
		return nil
	case h.colour == grey && len(b) == 2, h.colour == rgb && len(b) == 6:
		return fmt.Errorf("%w: a colour is transparent", ErrOther)
	}
	return fmt.Errorf("%w: a transparency of %d bytes", ErrCorrupt, len(b))
}

// rowBytes are those of a row as it is stored, without that of its filter.
func (h header) rowBytes() int { return (h.width*h.bitsOfPixel() + 7) / 8 }

func (h header) bitsOfPixel() int { return kinds[h.colour].samples * h.depth }

// order is how rows are given out; indexes are one byte each, as greys are.
func (h header) order() planar.Order {
	switch h.colour {
	case rgb:
		return planar.RGB
	case rgba:
		return planar.RGBA
	}
	return planar.Grey
}

// colours are those of the palette, as planes take them.
func (h header) colours() []planar.Colour {
	colours := make([]planar.Colour, len(h.palette))
	for i, c := range h.palette {
		colours[i] = planar.Colour{R: c[0], G: c[1], B: c[2], Transparent: c[3] < 255}
	}
	return colours
}
