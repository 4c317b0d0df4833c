package inflate

import (
	"encoding/binary"
	"fmt"
)

// decode decodes the block at hand until there is output up to limit, beyond which the last match may go, or the block
// ends. Of 56 bits there is enough for two literals and a length, or for three literals; a distance may need more.
func (r *Reader) decode(limit int) error {
	out, o := r.buf, r.made
	in, pos, acc, n := r.in, r.pos, r.acc, r.n
	for o < limit {
		if pos+8 <= len(in) {
			acc |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
			pos += int((63 - n) >> 3)
			n |= 56
		} else if err := r.crossing(&in, &pos, &acc, &n); err != nil {
			return err
		}
		e := r.literals[acc&(1<<literalBits-1)]
		if e&literal != 0 {
			out[o] = byte(e >> 16)
			o++
			acc >>= e & 63
			n -= uint(e & 63)
			e = r.literals[acc&(1<<literalBits-1)]
			if e&literal != 0 {
				out[o] = byte(e >> 16)
				o++
				acc >>= e & 63
				n -= uint(e & 63)
				e = r.literals[acc&(1<<literalBits-1)]
				if e&literal != 0 {
					out[o] = byte(e >> 16)
					o++
					acc >>= e & 63
					n -= uint(e & 63)
					continue
				}
			}
		}
		if e&further != 0 {
			acc >>= literalBits
			n -= literalBits
			e = r.literals[e>>16+entry(acc)&(1<<(e>>8&15)-1)]
			if e&literal != 0 {
				out[o] = byte(e >> 16)
				o++
				acc >>= e & 63
				n -= uint(e & 63)
				continue
			}
		}
		if e&special != 0 {
			r.made, r.in, r.pos, r.acc, r.n = o, in, pos, acc>>(e&63), n-uint(e&63)
			return r.end(e)
		}
		length := int(e>>16) + int(acc&(1<<(e&63)-1)>>(e>>8&15))
		acc >>= e & 63
		n -= uint(e & 63)

		if n < 28 {
			if pos+8 <= len(in) {
				acc |= binary.LittleEndian.Uint64(in[pos:]) << (n & 63)
				pos += int((63 - n) >> 3)
				n |= 56
			} else if err := r.crossing(&in, &pos, &acc, &n); err != nil {
				return err
			}
		}
		e = r.distances[acc&(1<<distanceBits-1)]
		if e&further != 0 {
			acc >>= distanceBits
			n -= distanceBits
			e = r.distances[e>>16+entry(acc)&(1<<(e>>8&15)-1)]
		}
		distance := int(e>>16) + int(acc&(1<<(e&63)-1)>>(e>>8&15))
		acc >>= e & 63
		n -= uint(e & 63)
		if e&special != 0 || distance > o {
			r.n = n
			return r.noMatch()
		}
		repeat(out[o-distance:o+length+slack], distance, length)
		o += length
	}
	r.made, r.in, r.pos, r.acc, r.n = o, in, pos, acc, n
	return nil
}

// crossing refills where a piece of the input ends.
//
//go:noinline
func (r *Reader) crossing(in *[]byte, pos *int, acc *uint64, n *uint) error {
	r.in, r.pos, r.acc, r.n = *in, *pos, *acc, *n
	r.refillSlowly()
	*in, *pos, *acc, *n = r.in, r.pos, r.acc, r.n
	return r.short()
}

// end is what follows a block's last code, or a code that means nothing.
func (r *Reader) end(e entry) error {
	if err := r.short(); err != nil {
		return err
	}
	if e&ends == 0 {
		return fmt.Errorf("%w: no such code", ErrCorrupt)
	}
	r.stage = betweenBlocks
	return nil
}

// noMatch is a match that reaches back beyond the beginning, be it because of bits that are not there.
func (r *Reader) noMatch() error {
	if err := r.short(); err != nil {
		return err
	}
	return fmt.Errorf("%w: a match with what is not there", ErrCorrupt)
}

// repeat copies length bytes from the beginning of b to distance, eight at a time. Up to seven beyond may be written, too.
func repeat(b []byte, distance, length int) {
	end := distance + length
	if distance < 8 {
		pattern := binary.LittleEndian.Uint64(b) & (1<<(8*distance&63) - 1)
		for bits := 8 * distance; bits < 64; bits *= 2 {
			pattern |= pattern << bits
		}
		for to, step := distance, 8-8%distance; to < end; to += step { // as often as it fits in eight bytes
			binary.LittleEndian.PutUint64(b[to:], pattern)
		}
		return
	}
	for from, to := 0, distance; to < end; from, to = from+8, to+8 {
		binary.LittleEndian.PutUint64(b[to:], binary.LittleEndian.Uint64(b[from:]))
	}
}
