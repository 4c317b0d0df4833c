package inflate

import "fmt"

// stage is where in a stream a Reader is.
type stage uint8

const (
	atStart stage = iota
	betweenBlocks
	inStored
	inCompressed
	ended
)

// block is the state of a stream between two calls.
type block struct {
	stage     stage
	last      bool // it is the stream's last
	left      int  // bytes of a stored block
	literals  literals
	distances distances
	failed    error // what there is to say from now on
}

// fill makes output until there is some up to limit, or the stream ends.
func (r *Reader) fill(limit int) error {
	for r.made < limit && r.stage != ended && r.failed == nil {
		switch r.stage {
		case atStart:
			r.failed = r.header()
		case betweenBlocks:
			r.failed = r.begin()
		case inStored:
			r.failed = r.copyStored(limit)
		case inCompressed:
			r.failed = r.decode(limit)
		}
	}
	return r.failed
}

// header reads the two bytes before the first block.
func (r *Reader) header() error {
	v, err := r.take(16)
	if err != nil {
		return err
	}
	const deflate, window, dictionary = 8, 7, 1 << 13
	if v&15 != deflate || v>>4&15 > window || (v&255<<8+v>>8)%31 != 0 {
		return fmt.Errorf("%w: header %04x", ErrCorrupt, v)
	}
	if v&dictionary != 0 {
		return fmt.Errorf("%w: it wants a dictionary", ErrCorrupt)
	}
	r.stage = betweenBlocks
	return nil
}

// begin reads what is before a block's contents.
func (r *Reader) begin() error {
	if r.last {
		r.stage = ended
		return nil
	}
	v, err := r.take(3)
	if err != nil {
		return err
	}
	r.last = v&1 == 1
	switch v >> 1 {
	case 0:
		return r.beginStored()
	case 1:
		r.fixed()
		return nil
	case 2:
		return r.dynamic()
	}
	return fmt.Errorf("%w: block of type 3", ErrCorrupt)
}

func (r *Reader) beginStored() error {
	if _, err := r.take(r.n & 7); err != nil {
		return err
	}
	v, err := r.take(32)
	if err != nil {
		return err
	}
	if v&0xffff != ^v>>16 {
		return fmt.Errorf("%w: length of a stored block", ErrCorrupt)
	}
	r.left, r.stage = int(v&0xffff), inStored
	return nil
}

// copyStored copies of a stored block what there is room for: first what was taken as bits, then whole pieces.
func (r *Reader) copyStored(limit int) error {
	for r.left > 0 && r.made < limit {
		if r.n == 0 && r.pos < len(r.in) {
			r.acc = 0 // bits that are there already are of bytes that are taken now
			n := copy(r.buf[r.made:limit], r.in[r.pos:min(len(r.in), r.pos+r.left)])
			r.pos, r.made, r.left = r.pos+n, r.made+n, r.left-n
			continue
		}
		v, err := r.take(8)
		if err != nil {
			return err
		}
		r.buf[r.made] = byte(v)
		r.made++
		r.left--
	}
	if r.left == 0 {
		r.stage = betweenBlocks
	}
	return nil
}

// fixed sets the tables of a block that brings none: RFC 1951, 3.2.6.
func (r *Reader) fixed() {
	var lengths [288 + 32]uint8
	for i := range lengths {
		switch {
		case i < 144, i >= 280 && i < 288:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 5
		}
	}
	build(r.literals[:], literalBits, lengths[:288], literalMeanings[:])
	build(r.distances[:], distanceBits, lengths[288:], distanceMeanings[:])
	r.stage = inCompressed
}

// dynamic reads the codes of a block: RFC 1951, 3.2.7.
func (r *Reader) dynamic() error {
	v, err := r.take(14)
	if err != nil {
		return err
	}
	nLiterals, nDistances, nLengths := int(v&31)+257, int(v>>5&31)+1, int(v>>10)+4
	if nLiterals > lengthCodes || nDistances > rangeCodes {
		return fmt.Errorf("%w: too many codes", ErrCorrupt)
	}
	var lengths [lengthCodes + rangeCodes]uint8
	if err := r.lengths(lengths[:nLiterals+nDistances], nLengths); err != nil {
		return err
	}
	if !build(r.literals[:], literalBits, lengths[:nLiterals], literalMeanings[:]) ||
		!build(r.distances[:], distanceBits, lengths[nLiterals:nLiterals+nDistances], distanceMeanings[:]) {
		return fmt.Errorf("%w: a code that is none", ErrCorrupt)
	}
	r.stage = inCompressed
	return nil
}

// lengthOrder is the order that the lengths of the code of lengths come in.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// lengths reads the lengths of codes, of which those of their own code come first.
func (r *Reader) lengths(lengths []uint8, n int) error {
	const bits = 7 // the longest that there are
	var own [19]uint8
	for _, symbol := range lengthOrder[:n] {
		v, err := r.take(3)
		if err != nil {
			return err
		}
		own[symbol] = uint8(v)
	}
	var table [1 << bits]entry
	if !build(table[:], bits, own[:], lengthMeanings[:]) {
		return fmt.Errorf("%w: a code of lengths that is none", ErrCorrupt)
	}
	for i := 0; i < len(lengths); {
		r.refill()
		e := table[r.acc&(1<<bits-1)]
		if e&special != 0 {
			return fmt.Errorf("%w: no such length", ErrCorrupt)
		}
		r.acc >>= e & 63
		r.n -= uint(e & 63)
		count, err := r.repeat(lengths, i, int(e>>16))
		if err != nil {
			return err
		}
		i += count
	}
	return r.short()
}

// lengthMeanings are the symbols themselves.
var lengthMeanings = func() (m [19]entry) {
	for i := range m {
		m[i] = entry(i) << 16
	}
	return m
}()

// repeat puts the length that a symbol stands for at i, or as often as one of the last three symbols says.
func (r *Reader) repeat(lengths []uint8, i, symbol int) (int, error) {
	if symbol < 16 {
		lengths[i] = uint8(symbol)
		return 1, nil
	}
	how := [3]struct {
		bits  uint
		least int
	}{{2, 3}, {3, 3}, {7, 11}}[symbol-16]
	v, err := r.take(how.bits)
	if err != nil {
		return 0, err
	}
	count := how.least + int(v)
	if count > len(lengths)-i || symbol == 16 && i == 0 {
		return 0, fmt.Errorf("%w: too many lengths", ErrCorrupt)
	}
	if symbol == 16 {
		for k := range count {
			lengths[i+k] = lengths[i-1]
		}
	}
	return count, nil
}
