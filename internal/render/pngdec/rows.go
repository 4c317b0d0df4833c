package pngdec

import (
	"fmt"

	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/pngrow"
)

// rows turns rows as they are stored into rows of 8-bit samples.
type rows struct {
	header
	above, row []byte // the last rows without their filters
	out        []byte
}

func newRows(h header) *rows {
	const most = 4 // bytes of a pixel given out
	n := h.rowBytes()
	return &rows{header: h, above: make([]byte, n), row: make([]byte, n), out: make([]byte, most*h.width)}
}

// next takes a row as it is stored, behind its filter.
func (r *rows) next(stored []byte) error {
	r.above, r.row = r.row, r.above
	if !pngrow.Unfilter(stored[0], r.row, stored[1:], r.above, max(1, r.bitsOfPixel()/8)) {
		return fmt.Errorf("%w: filter %d", ErrCorrupt, stored[0])
	}
	return nil
}

// plain gives the row in the header's order, valid until next.
func (r *rows) plain() ([]byte, error) {
	switch {
	case r.colour == greyAlpha:
		return r.withoutAlpha()
	case r.depth == 16:
		return r.high(), nil
	case r.depth < 8:
		return r.spread(), nil
	}
	return r.row, nil
}

// transparent gives the row as RGBA, if its colours have alpha, valid until next.
func (r *rows) transparent() ([]byte, error) {
	switch {
	case r.colour == greyAlpha:
		step := r.depth / 8
		for x := range r.width {
			grey, alpha := r.row[2*x*step], r.row[(2*x+1)*step]
			copy(r.out[4*x:], []byte{grey, grey, grey, alpha})
		}
		return r.out, nil
	case r.colour == palette:
		indexes := r.row
		if r.depth < 8 {
			indexes = r.spread()
		}
		for x := r.width - 1; x >= 0; x-- { // from the right, since what is spread is overwritten
			copy(r.out[4*x:4*x+4], r.palette[indexes[x]][:])
		}
		return r.out, nil
	case r.depth == 16:
		return r.high(), nil
	}
	return r.row, nil
}

// high leaves out the low bytes of samples of 16 bits.
func (r *rows) high() []byte {
	out := r.out[:len(r.row)/2]
	for i := range out {
		out[i] = r.row[2*i]
	}
	return out
}

// withoutAlpha leaves it out, where it is that of an opaque picture.
func (r *rows) withoutAlpha() ([]byte, error) {
	step := r.depth / 8
	out := r.out[:r.width]
	for x := range out {
		if r.row[(2*x+1)*step] != 255 {
			return nil, planar.ErrTransparent
		}
		out[x] = r.row[2*x*step]
	}
	return out, nil
}

// spread makes a byte of each sample, of which there are several in a byte, the first one high. White is 255.
func (r *rows) spread() []byte {
	each, mask, scale := 8/r.depth, byte(1)<<r.depth-1, byte(1)
	if r.colour == grey {
		scale = 255 / mask
	}
	out := r.out[:r.width]
	for x := range out {
		out[x] = r.row[x/each] >> (8 - r.depth - x%each*r.depth) & mask * scale
	}
	return out
}
