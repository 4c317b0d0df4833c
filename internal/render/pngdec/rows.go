package pngdec

import (
	"fmt"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// rows turns rows as they are stored into rows of 8-bit samples.
type rows struct {
	header
	above, row []byte // the last rows without their filters
	out        []byte
}

func newRows(h header) *rows {
	n := h.rowBytes()
	return &rows{
		header: h, above: make([]byte, n), row: make([]byte, n), out: make([]byte, h.width*h.order().Bytes()),
	}
}

// next takes a row as it is stored, behind its filter, and gives it in the header's order, valid until the next call.
func (r *rows) next(stored []byte) ([]byte, error) {
	r.above, r.row = r.row, r.above
	if !unfilter(stored[0], r.row, stored[1:], r.above, max(1, r.bitsOfPixel()/8)) {
		return nil, fmt.Errorf("%w: filter %d", ErrCorrupt, stored[0])
	}
	return r.expand()
}

// expand makes whole bytes of the samples of a row.
func (r *rows) expand() ([]byte, error) {
	switch {
	case r.colour == greyAlpha:
		return r.withoutAlpha()
	case r.depth == 16:
		for i := range r.out {
			r.out[i] = r.row[2*i]
		}
		return r.out, nil
	case r.depth < 8:
		return r.spread(), nil
	}
	return r.row, nil
}

// withoutAlpha leaves it out, where it is that of an opaque picture.
func (r *rows) withoutAlpha() ([]byte, error) {
	step := r.depth / 8
	for x := range r.out {
		p := r.row[2*x*step:][:2*step]
		if p[step] != 255 {
			return nil, planar.ErrTransparent
		}
		r.out[x] = p[0]
	}
	return r.out, nil
}

// spread makes a byte of each sample, of which there are several in a byte, the first one high. White is 255.
func (r *rows) spread() []byte {
	each, mask, scale := 8/r.depth, byte(1)<<r.depth-1, byte(1)
	if r.colour == grey {
		scale = 255 / mask
	}
	for x := range r.out {
		r.out[x] = r.row[x/each] >> (8 - r.depth - x%each*r.depth) & mask * scale
	}
	return r.out
}
