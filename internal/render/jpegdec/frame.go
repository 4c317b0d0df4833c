package jpegdec

import (
	"encoding/binary"
	"fmt"
)

// Header is what a file says of its picture.
type Header struct {
	Width, Height int // pixels
	Progressive   bool
	Components    int // 1 for grey, 3 for YCbCr
	// AcrossChroma and DownChroma are how many luma samples there are to one of chroma, 1, 2 or 4 each way: both are 2 in
	// what is called 4:2:0. They are 1 for grey.
	AcrossChroma, DownChroma int

	lumaAcross, lumaDown int // blocks of luma in an MCU
}

// frame is the frame header, SOF, and what other segments say of the frame as a whole.
type frame struct {
	header     Header
	components []component
	jfif       bool // there is an APP0 of JFIF
	adobe      int  // the transform an APP14 of Adobe names, or noAdobe
}

// component is one of a frame's, as SOF declares it.
type component struct {
	id           byte
	across, down int // blocks in an MCU
	quantiser    byte
}

// noAdobe stands for a file without Adobe's segment.
const noAdobe = -1

// readSOF reads a frame header; marker says the process.
func (f *frame) readSOF(marker byte, b []byte) error {
	switch {
	case f.components != nil:
		return corrupt("two frames")
	case marker > markerSOF2:
		return fmt.Errorf("%w %#x", ErrUnsupported, marker)
	case len(b) < 9 || len(b) != 6+3*int(b[5]):
		return corrupt("frame header of %d bytes", len(b))
	case b[0] != 8:
		return fmt.Errorf("%w: %d bits a sample", ErrUnsupported, b[0])
	}
	h := &f.header
	h.Height, h.Width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	h.Progressive, h.Components = marker == markerSOF2, int(b[5])
	if h.Width == 0 {
		return corrupt("no width")
	}
	if h.Height == 0 {
		return fmt.Errorf("%w: the height is left open", ErrUnsupported)
	}
	for c := b[6:]; len(c) > 0; c = c[3:] {
		if err := f.add(component{c[0], int(c[1] >> 4), int(c[1] & 15), c[2]}); err != nil {
			return err
		}
	}
	f.setRatios()
	return nil
}

func (f *frame) add(c component) error {
	if c.across < 1 || c.across > 4 || c.down < 1 || c.down > 4 {
		return corrupt("component %d is sampled %d×%d", c.id, c.across, c.down)
	}
	if c.quantiser > 3 {
		return corrupt("component %d has quantiser %d", c.id, c.quantiser)
	}
	for _, other := range f.components {
		if other.id == c.id {
			return corrupt("two components %d", c.id)
		}
	}
	f.components = append(f.components, c)
	return nil
}

// setRatios sets the header's fields on sampling. They are 0 where a ratio is not a whole number.
func (f *frame) setRatios() {
	luma := &f.components[0]
	if len(f.components) == 1 {
		luma.across, luma.down = 1, 1 // of one component no factor means anything: T.81, A.2.2
	}
	h := &f.header
	h.lumaAcross, h.lumaDown = luma.across, luma.down
	h.AcrossChroma, h.DownChroma = 1, 1
	for _, c := range f.components[1:] {
		across, down := luma.across/c.across, luma.down/c.down
		if across*c.across != luma.across || across == 3 {
			across = 0
		}
		if down*c.down != luma.down || down == 3 {
			down = 0
		}
		if c != f.components[1] && (across != h.AcrossChroma || down != h.DownChroma) {
			across, down = 0, 0
		}
		h.AcrossChroma, h.DownChroma = across, down
	}
}

// readAPP notes who wrote the file, where that decides on its colours.
func (f *frame) readAPP(marker byte, b []byte) {
	switch {
	case marker == markerAPP0 && len(b) >= 5 && string(b[:5]) == "JFIF\x00":
		f.jfif = true
	case marker == markerAPP14 && len(b) >= 12 && string(b[:5]) == "Adobe":
		f.adobe = int(b[11])
	}
}

// other says why a sound frame is not for this package. The rule for RGB is libjpeg's.
func (f *frame) other() error {
	h := f.header
	if h.Components != 1 && h.Components != 3 {
		return fmt.Errorf("%w: %d components", ErrOther, h.Components)
	}
	if h.Components == 3 && !f.jfif {
		c := f.components
		if f.adobe == 0 || f.adobe == noAdobe && c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B' {
			return fmt.Errorf("%w: RGB", ErrOther)
		}
	}
	if h.AcrossChroma == 0 || h.DownChroma == 0 {
		return fmt.Errorf("%w: sampled %v", ErrOther, f.components)
	}
	return nil
}

// grid is the blocks of a component.
type grid struct {
	wide, high       int // with those that fill up the MCUs at the edges
	ownWide, ownHigh int // without
	width, height    int // samples at full size
}

// grids returns the grid of each component.
func (h Header) grids() []grid {
	if h.AcrossChroma == 0 || h.DownChroma == 0 || h.lumaAcross == 0 || h.lumaDown == 0 {
		return nil
	}
	mcusWide, mcusHigh := h.mcus()
	grids := make([]grid, h.Components)
	for i := range grids {
		across, down := 1, 1
		if i > 0 {
			across, down = h.AcrossChroma, h.DownChroma
		}
		g := grid{width: ceil(h.Width, across), height: ceil(h.Height, down)}
		g.ownWide, g.ownHigh = ceil(g.width, 8), ceil(g.height, 8)
		g.wide, g.high = mcusWide*(h.lumaAcross/across), mcusHigh*(h.lumaDown/down)
		grids[i] = g
	}
	return grids
}

// mcus is how many MCUs an interleaved scan has each way.
func (h Header) mcus() (wide, high int) {
	return ceil(h.Width, 8*h.lumaAcross), ceil(h.Height, 8*h.lumaDown)
}

// blocks is how many there are, without and with those that fill up MCUs.
func (h Header) blocks() (own, filled int64) {
	for _, g := range h.grids() {
		own += int64(g.ownWide) * int64(g.ownHigh)
		filled += int64(g.wide) * int64(g.high)
	}
	return own, filled
}
