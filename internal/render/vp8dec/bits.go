package vp8dec

import (
	"encoding/binary"
	mathbits "math/bits"
)

// bits is a partition as booleans, by arithmetic decoding: RFC 6386, 7.
type bits struct {
	coder
	in      []byte
	pos     int
	lacking int // of the coder's bits, how many were made up since the input was at its end
}

// coder is the part of bits that changes with each boolean. It is handed about by value, so that it stays in registers.
type coder struct {
	value uint64 // the input, from the top
	rng   uint64 // 128 to 255; the value's top byte is below it
	n     int    // bits of value that are there; those below may be, too
}

func newBits(in []byte) bits { return bits{coder: coder{rng: 255}, in: in} }

// enough bits are there for seven booleans: each looks at eight and takes up to seven.
const enough = 50

// refill sees to it that there are enough.
func (b *bits) refill(c coder) coder {
	if b.pos+8 <= len(b.in) {
		c.value |= binary.BigEndian.Uint64(b.in[b.pos:]) >> (c.n & 63)
		b.pos += (63 - c.n) >> 3
		c.n |= 56
		return c
	}
	c.value &= ^(^uint64(0) >> c.n)
	for ; c.n < 56; c.n += 8 {
		if b.pos < len(b.in) {
			c.value |= uint64(b.in[b.pos]) << (56 - c.n)
			b.pos++
		} else {
			b.lacking += 8
		}
	}
	return c
}

// read reads a boolean that is false with a probability of so many 256ths.
func (c coder) read(probability uint8) (coder, bool) {
	split := 1 + ((c.rng-1)*uint64(probability))>>8
	is := c.value >= split<<56
	if is {
		c.value -= split << 56
		split = c.rng - split
	}
	shift := mathbits.LeadingZeros64(split) - 56
	return coder{c.value << (shift & 63), split << (shift & 63), c.n - shift}, is
}

// over tells whether bits were taken that are not there.
func (b *bits) over() bool { return b.n < b.lacking }

// bit reads a boolean.
func (b *bits) bit(probability uint8) (is bool) {
	if b.n < 8 {
		b.coder = b.refill(b.coder)
	}
	b.coder, is = b.read(probability)
	return is
}

// even is the probability of what is as often true as false.
const even = 128

func (b *bits) flag() bool { return b.bit(even) }

// number reads one of n bits.
func (b *bits) number(n int) (v int) {
	for range n {
		v <<= 1
		if b.flag() {
			v++
		}
	}
	return v
}

// signed reads a number of n bits and its sign, if there is one; else it is 0.
func (b *bits) signed(n int) int {
	if !b.flag() {
		return 0
	}
	v := b.number(n)
	if b.flag() {
		return -v
	}
	return v
}
