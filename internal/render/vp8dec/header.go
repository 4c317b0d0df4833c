package vp8dec

import "fmt"

// header is what the first partition says before its first macroblock.
type header struct {
	mapped     bool     // each macroblock says which of four segments it is in,
	segments   [3]uint8 // with these probabilities
	quantisers [4]quantiser
	levels     [4][2]edge // of macroblocks predicted as a whole and in blocks
	simple     bool       // the filter
	partitions int
	tokens     tokenProbabilities
	skipping   bool  // macroblocks may say that they have no residue,
	skip       uint8 // with this probability
}

func corrupt(format string, a ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, a...))
}

// short is a frame that ends too early.
func short(format string, a ...any) error { return corrupt("it ends in "+format, a...) }

// Open reads the ten bytes before the first partition: RFC 6386, 9.1.
func Open(b []byte) (*Frame, error) {
	const size, start = 10, "\x9d\x01\x2a"
	if len(b) < size {
		return nil, short("its header")
	}
	if b[0]&1 != 0 || string(b[3:6]) != start {
		return nil, corrupt("it is no key frame")
	}
	f := &Frame{
		Width: int(b[6]) | int(b[7]&63)<<8, Height: int(b[8]) | int(b[9]&63)<<8,
		data: b[size:], first: int(b[0]>>5) | int(b[1])<<3 | int(b[2])<<11,
	}
	if f.Width == 0 || f.Height == 0 {
		return nil, corrupt("%d×%d", f.Width, f.Height)
	}
	if f.first > len(f.data) {
		return nil, short("its first partition")
	}
	return f, nil
}

// headers reads the first partition up to the first macroblock: RFC 6386, 9.2 to 9.11 and 19.2.
func (d *decoder) headers(f *Frame) error {
	d.modes = newBits(f.data[:f.first])
	b := &d.modes
	b.number(2) // the colour space, and whether samples need limits: both mean nothing to WebP
	quantiser, filter := d.segmentation(b)
	d.filter(b, filter)
	if err := d.split(f.data[f.first:], 1<<b.number(2)); err != nil {
		return err
	}
	d.quantisation(b, quantiser)
	b.flag() // whether the frame is kept for those that follow
	d.probabilities(b)
	if d.skipping = b.flag(); d.skipping {
		d.skip = uint8(b.number(8))
	}
	if b.over() {
		return short("its headers")
	}
	return nil
}

// strengths are those of the segments: differences to the frame's own, unless they are absolute.
type strengths struct {
	absolute bool
	each     [4]int
}

// of is the strength of a segment, if the frame's is that.
func (s strengths) of(segment, whole int) int {
	if s.absolute {
		return s.each[segment]
	}
	return whole + s.each[segment]
}

// segmentation reads what the segments differ in. Where there are none, nothing is what they differ in.
func (d *decoder) segmentation(b *bits) (quantiser, filter strengths) {
	d.segments = [3]uint8{255, 255, 255}
	if !b.flag() {
		return
	}
	d.mapped = b.flag()
	quantiser.absolute, filter.absolute = true, true
	if b.flag() {
		quantiser.absolute = b.flag()
		filter.absolute = quantiser.absolute
		for i := range quantiser.each {
			quantiser.each[i] = b.signed(7)
		}
		for i := range filter.each {
			filter.each[i] = b.signed(6)
		}
	}
	if d.mapped {
		for i := range d.segments {
			if b.flag() {
				d.segments[i] = uint8(b.number(8))
			}
		}
	}
	return
}

// filter reads how edges are smoothed: RFC 6386, 9.6. Of the deltas two count in a picture.
func (d *decoder) filter(b *bits, s strengths) {
	const ofPicture, ofBlocks = 0, 4
	d.simple = b.flag()
	level, sharpness := b.number(6), b.number(3)
	var deltas [8]int
	if changed := b.flag(); changed && b.flag() {
		for i := range deltas {
			deltas[i] = b.signed(6)
		}
	}
	if level == 0 {
		return
	}
	for segment := range d.levels {
		is := s.of(segment, level) + deltas[ofPicture]
		d.levels[segment] = [2]edge{newEdge(is, sharpness), newEdge(is+deltas[ofBlocks], sharpness)}
	}
}

// split finds the partitions of residues. The lengths of all but the last lie before them.
func (d *decoder) split(b []byte, n int) error {
	d.partitions = n
	lengths := 3 * (n - 1)
	if len(b) < lengths {
		return short("the lengths of its partitions")
	}
	rest := b[lengths:]
	for i := range n - 1 {
		length := int(b[3*i]) | int(b[3*i+1])<<8 | int(b[3*i+2])<<16
		if length > len(rest) {
			return short("partition %d", i)
		}
		d.residues[i] = newBits(rest[:length])
		rest = rest[length:]
	}
	d.residues[n-1] = newBits(rest)
	return nil
}

// quantiser is what coefficients are multiplied by, the first one and the others: of luma, of luma's means, of chroma.
type quantiser struct{ luma, means, chroma [2]int32 }

// quantisation reads the quantisers: RFC 6386, 9.6 and 14.1.
func (d *decoder) quantisation(b *bits, s strengths) {
	base := b.number(7)
	luma, means, meansRest, chroma, chromaRest := b.signed(4), b.signed(4), b.signed(4), b.signed(4), b.signed(4)
	step := func(table *[128]uint16, i, most int) int32 { return int32(table[min(max(i, 0), most)]) }
	for segment := range d.quantisers {
		q := s.of(segment, base)
		d.quantisers[segment] = quantiser{
			luma:   [2]int32{step(&firstSteps, q+luma, 127), step(&otherSteps, q, 127)},
			means:  [2]int32{2 * step(&firstSteps, q+means, 127), max(8, step(&otherSteps, q+meansRest, 127)*155/100)},
			chroma: [2]int32{step(&firstSteps, q+chroma, 117), step(&otherSteps, q+chromaRest, 127)},
		}
	}
}

// probabilities reads those of tokens that differ from what they usually are: RFC 6386, 13.4.
func (d *decoder) probabilities(b *bits) {
	d.tokens = usualTokens
	for plane := range d.tokens {
		for band := range d.tokens[plane] {
			for context := range d.tokens[plane][band] {
				for i := range d.tokens[plane][band][context] {
					if b.bit(tokenChanges[plane][band][context][i]) {
						d.tokens[plane][band][context][i] = uint8(b.number(8))
					}
				}
			}
		}
	}
}
