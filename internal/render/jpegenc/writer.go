package jpegenc

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// writer appends codes to a file.
type writer struct {
	out  []byte
	held uint64 // bits not written yet: the lowest count
	n    uint   // less than 32 of them between blocks
}

// most is more than six blocks can take: 64 codes of 26 bits each, all bytes of which may need stuffing.
const most = 6 * 64 * 26 / 8 * 2

// reserve makes room for six blocks.
func (w *writer) reserve() {
	if cap(w.out)-len(w.out) < most {
		w.out = slices.Grow(w.out, max(most, cap(w.out)))
	}
}

// block writes the coefficients of a block, of which nonzero tells where to look. It needs the first coefficient of the
// component's block before, and returns that of this one.
func (w *writer) block(b *[64]int16, nonzero uint64, before int, c *codes) int {
	out, held, n := w.out[:cap(w.out)], w.held, w.n
	at := len(w.out)

	size, value := split(int(b[0]) - before)
	code := c.dc[size&15]
	held, n = held<<(code&31)|uint64(code>>5)|value, n+uint(code&31)

	last := 0
	for rest := nonzero &^ 1; rest != 0; rest &= rest - 1 {
		if n >= 32 {
			n -= 32
			at = put(out, at, uint32(held>>(n&31)))
		}
		k := bits.TrailingZeros64(rest)
		run := k - last - 1
		last = k
		for ; run > 15; run -= 16 {
			code := c.ac[0xF0]
			held, n = held<<(code&31)|uint64(code>>5), n+uint(code&31)
			if n >= 32 {
				n -= 32
				at = put(out, at, uint32(held>>(n&31)))
			}
		}
		size, value := split(int(b[k&63]))
		code := c.ac[(run<<4|size)&255]
		held, n = held<<(code&31)|uint64(code>>5)|value, n+uint(code&31)
	}
	if n >= 32 {
		n -= 32
		at = put(out, at, uint32(held>>(n&31)))
	}
	if last < 63 {
		code := c.ac[0]
		held, n = held<<(code&31)|uint64(code>>5), n+uint(code&31)
		if n >= 32 {
			n -= 32
			at = put(out, at, uint32(held>>(n&31)))
		}
	}
	w.out, w.held, w.n = out[:at], held, n
	return int(b[0])
}

// split gives a value as JPEG has it: the number of its bits, and those. Of negative values they are one less.
func split(v int) (size int, value uint64) {
	sign := v >> 63
	size = bits.Len64(uint64((v ^ sign) - sign))
	return size, uint64(v+sign) & (1<<(size&63) - 1)
}

// put writes four bytes, and a zero after each that is 0xFF, lest it is taken for a marker.
func put(out []byte, at int, word uint32) int {
	if (^word-0x01010101)&word&0x80808080 == 0 {
		binary.BigEndian.PutUint32(out[at:at+4], word)
		return at + 4
	}
	return stuff(out, at, word)
}

func stuff(out []byte, at int, word uint32) int {
	for shift := 24; shift >= 0; shift -= 8 {
		b := byte(word >> shift)
		out[at] = b
		at++
		if b == 0xFF {
			out[at] = 0
			at++
		}
	}
	return at
}

// finish writes what is held, filled up with ones to whole bytes.
func (w *writer) finish() []byte {
	w.reserve()
	for ; w.n%8 != 0; w.n++ {
		w.held = w.held<<1 | 1
	}
	for ; w.n > 0; w.n -= 8 {
		b := byte(w.held >> (w.n - 8))
		w.out = append(w.out, b)
		if b == 0xFF {
			w.out = append(w.out, 0)
		}
	}
	return w.out
}
