package vp8dec

import mathbits "math/bits"

// edge is how strongly the edges of a macroblock are smoothed: RFC 6386, 15. The limits are of differences of samples.
type edge struct {
	across uint8 // of two at an edge, with half of that of the next two; 0 if nothing is smoothed
	within uint8 // of neighbours on a side of it
	sharp  uint8 // above which the side counts as sharp
	inner  bool  // the blocks within have edges
}

// newEdge makes one of a level, 0 to 63, and a sharpness, 0 to 7.
func newEdge(level, sharpness int) edge {
	if level <= 0 {
		return edge{}
	}
	level = min(level, 63)
	within := level
	if sharpness > 0 {
		within = min(level>>(1+sharpness/5), 9-sharpness)
	}
	within = max(within, 1)
	sharp := 0
	if level >= 15 {
		sharp = 1
	}
	if level >= 40 {
		sharp = 2
	}
	return edge{across: uint8(2*level + within), within: uint8(within), sharp: uint8(sharp)}
}

// edge is that of the macroblock at hand.
func (d *decoder) edge(coded bool) edge {
	e := d.levels[d.block.segment][one(d.block.inBlocks)]
	e.inner = d.block.inBlocks || coded
	return e
}

// smooth smooths the edges of a row of macroblocks, each from the left and then from above.
func (d *decoder) smooth(y int) {
	for x := range d.wide {
		e := d.edges[y*d.wide+x]
		if e.across == 0 {
			continue
		}
		d.y.smooth(d.y.at(16*x, 16*y), 16, e, d.simple, x > 0, y > 0)
		if !d.simple {
			d.cb.smooth(d.cb.at(8*x, 8*y), 8, e, false, x > 0, y > 0)
			d.cr.smooth(d.cr.at(8*x, 8*y), 8, e, false, x > 0, y > 0)
		}
	}
}

// smooth smooths the edges of a square.
func (s surface) smooth(at, size int, e edge, simple, isLeft, isAbove bool) {
	f := filter{across: e.across + 4, within: e.within, sharp: int32(e.sharp), outer: true, simple: simple}
	if simple {
		f.within = 255
	}
	inner := f
	inner.across, inner.outer = e.across, false
	if isLeft {
		f.columns(s.pix[at-4:], s.stride, size)
	}
	for x := 4; e.inner && x < size; x += 4 {
		inner.columns(s.pix[at+x-4:], s.stride, size)
	}
	if isAbove {
		f.rows(s.pix[at-4*s.stride:], s.stride, size)
	}
	for y := 4; e.inner && y < size; y += 4 {
		inner.rows(s.pix[at+(y-4)*s.stride:], s.stride, size)
	}
}

// filter is what is done to the eight samples across an edge.
type filter struct {
	across, within uint8
	sharp          int32
	outer, simple  bool
}

// columns smooths an edge that runs down, in the middle of the first eight samples of n rows.
func (f *filter) columns(pix []byte, stride, n int) {
	for y := 0; y < n; y += 8 {
		for places := f.columnsEven(pix[y*stride:], stride); places != 0; places &= places - 1 {
			p := (*[8]byte)(pix[(y+mathbits.TrailingZeros32(places))*stride:])
			f.apply(p)
		}
	}
}

// rows smooths an edge that runs across, in the middle of the first eight rows of n samples.
func (f *filter) rows(pix []byte, stride, n int) {
	for places := f.rowsEven(pix, stride, n); places != 0; places &= places - 1 {
		place := pix[mathbits.TrailingZeros32(places):]
		var p [8]byte
		for i := range p {
			p[i] = place[i*stride]
		}
		f.apply(&p)
		for i := 1; i < 7; i++ {
			place[i*stride] = p[i]
		}
	}
}

// rowsEvenOneByOne tells of the places of an edge that runs across which are even, a bit each.
func (f *filter) rowsEvenOneByOne(pix []byte, stride, n int) (places uint32) {
	for x := range n {
		var p [8]byte
		for i := range p {
			p[i] = pix[i*stride+x]
		}
		places |= uint32(one(f.even(&p))) << x
	}
	return places
}

// columnsEvenOneByOne tells it of eight places of an edge that runs down.
func (f *filter) columnsEvenOneByOne(pix []byte, stride int) (places uint32) {
	for y := range 8 {
		places |= uint32(one(f.even((*[8]byte)(pix[y*stride:])))) << y
	}
	return places
}

func distance(a, b byte) int { return max(int(a)-int(b), int(b)-int(a)) }

// even tells whether both sides of an edge are, and not far apart: then it is one of the compression, not of the picture.
func (f *filter) even(p *[8]byte) bool {
	if distance(p[3], p[4])*2+distance(p[2], p[5])/2 > int(f.across) {
		return false
	}
	left := max(distance(p[0], p[1]), distance(p[1], p[2]), distance(p[2], p[3]))
	right := max(distance(p[4], p[5]), distance(p[5], p[6]), distance(p[6], p[7]))
	return max(left, right) <= int(f.within)
}

// apply changes samples on both sides: two where a side is sharp or the filter is simple, else four, or six at the edges of
// macroblocks.
func (f *filter) apply(p *[8]byte) {
	p2, p1, p0 := int32(p[1]), int32(p[2]), int32(p[3])
	q0, q1, q2 := int32(p[4]), int32(p[5]), int32(p[6])
	sharp := f.simple || max(p1-p0, p0-p1, q1-q0, q0-q1) > f.sharp
	switch {
	case sharp:
		a := 3*(q0-p0) + signed(p1-q1)
		p[3], p[4] = limited(p0+fifth(a+3)), limited(q0-fifth(a+4))
	case f.outer:
		a := signed(3*(q0-p0) + signed(p1-q1))
		a1, a2, a3 := (27*a+63)>>7, (18*a+63)>>7, (9*a+63)>>7
		p[1], p[2], p[3] = limited(p2+a3), limited(p1+a2), limited(p0+a1)
		p[4], p[5], p[6] = limited(q0-a1), limited(q1-a2), limited(q2-a3)
	default:
		a := 3 * (q0 - p0)
		a1, a2 := fifth(a+4), fifth(a+3)
		a3 := (a1 + 1) >> 1
		p[2], p[3] = limited(p1+a3), limited(p0+a2)
		p[4], p[5] = limited(q0-a1), limited(q1-a3)
	}
}

// signed limits a value to eight bits with a sign.
func signed(v int32) int32 { return min(max(v, -128), 127) }

// fifth is an eighth of a value, in five bits with a sign.
func fifth(v int32) int32 { return min(max(v>>3, -16), 15) }
