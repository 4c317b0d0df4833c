// Package lzw decodes what LZW has compressed, as GIF keeps it and as TIFF does.
//
// A code stands for a string, which is that of an earlier code and one byte more. To write it from its end to its
// beginning, a byte for each code, is what makes LZW slow. Here a code has the last one to eight bytes of its string in
// one word, and only then the code of what comes before: so most strings of a photograph are written at once.
package lzw

import (
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
)

// ErrCode says that a code has no string yet.
var ErrCode = errors.New("a code that stands for nothing")

// Variant is how codes are written.
type Variant uint8

const (
	// GIF writes the lowest bit first, and codes get longer when one does not fit any more.
	GIF Variant = iota
	// TIFF writes the highest bit first, and codes get longer one code too early.
	TIFF
)

const (
	maxBits   = 12           // of a code
	codes     = 1 << maxBits // and so many bytes has a string at most, and not even that
	wordBytes = 8
	// slack is the room that the writing of a string takes.
	slack = codes + wordBytes
	// look is how many bytes are read to see one code.
	look = 4
)

// A tail is what is known of the string of a code: its length less one, its first byte, and the code of all but the bytes
// in its word, which are the last one to eight of it.
type tail uint32

func tailOf(length, prefix uint32, first byte) tail {
	return tail(length | prefix<<maxBits | uint32(first)<<(2*maxBits))
}

func (t tail) length() uint32 { return uint32(t) % codes }
func (t tail) prefix() uint32 { return uint32(t) >> maxBits % codes }
func (t tail) first() byte    { return byte(t >> (2 * maxBits)) }

// decoder turns codes into strings.
type decoder struct {
	variant Variant
	clear   uint32 // the code that makes all begin anew; the one after it is the end
	most    uint32 // codes that can have a string

	in  []byte // what the codes are read from
	at  int    // the bit of it where the next one begins
	end int    // codes may begin before this bit

	hi    uint32 // the code that gets its string by the next one
	width uint   // of codes, in bits
	word  uint64 // of hi, without its last byte
	shift uint32 // by which that byte goes into it

	// One more than there are codes: the last gets what comes when all have a string.
	tails [codes + 1]tail
	words [codes + 1]uint64
}

// reset begins with codes for literals of so many bits.
func (d *decoder) reset(v Variant, literal uint) {
	d.variant, d.clear, d.most = v, 1<<literal, codes
	if v == TIFF {
		d.most-- // the last one would be too long by then
	}
	for i := range d.clear {
		d.tails[i], d.words[i] = tailOf(0, 0, byte(i)), uint64(i)
	}
	d.in, d.at, d.end = nil, 0, 0
	d.restart()
}

// restart forgets all strings. The code of the end, which has none, stands in for the one before the first.
func (d *decoder) restart() {
	d.hi = d.clear + 1
	d.width = uint(bits.Len32(d.clear))
	d.word, d.shift, d.tails[d.hi] = 0, 0, 0
}

// early is by how many codes their width grows too early.
func (v Variant) early() uint32 { return uint32(v) }

// decode writes the strings of codes to out, while there is room for any and codes begin before end. It gives the bytes
// written, and io.EOF at the code of the end.
func (d *decoder) decode(out []byte) (int, error) {
	in, at, end := d.in, d.at, d.end
	clear, most, hi, width, word, shift := d.clear, d.most, d.hi, d.width, d.word, d.shift
	grow := uint32(1)<<width - d.variant.early()
	lowest := d.variant == GIF
	n, room := 0, len(out)-slack
	var err error
	for at < end && n <= room {
		var code uint32
		if lowest {
			code = binary.LittleEndian.Uint32(in[at>>3:]) >> (at & 7) & (1<<width - 1)
		} else {
			code = binary.BigEndian.Uint32(in[at>>3:]) << (at & 7) >> (32 - width)
		}
		at += int(width)
		if code-clear <= 1 {
			if code != clear {
				err = io.EOF
				break
			}
			d.restart()
			hi, width, word, shift = d.hi, d.width, d.word, d.shift
			grow = uint32(1)<<width - d.variant.early()
			continue
		}
		if code > hi || code >= most {
			err = ErrCode
			break
		}
		t := d.tails[code%codes] // also of hi, but for its word
		d.words[hi] = word | uint64(t.first())<<shift
		last := t.length()
		word = d.words[code%codes]
		binary.LittleEndian.PutUint64(out[n+int(last&^(wordBytes-1)):], word)
		if last >= wordBytes {
			d.before(out[n:n+int(last&^(wordBytes-1))], t.prefix())
		}
		n += int(last) + 1
		if hi < most {
			hi++
			if hi == grow && width < maxBits {
				width++
				grow = uint32(1)<<width - d.variant.early()
			}
		}
		shift = (last + 1) % wordBytes * 8
		if shift == 0 {
			word, t = 0, tailOf(last, code, t.first())
		}
		d.tails[hi] = t + 1 // longer by one
	}
	d.at, d.hi, d.width, d.word, d.shift = at, hi, width, word, shift
	return n, err
}

// before writes the words of a string that come before its last, from the last to the first. They are full.
func (d *decoder) before(out []byte, code uint32) {
	for at := len(out) - wordBytes; at >= 0; at -= wordBytes {
		binary.LittleEndian.PutUint64(out[at:], d.words[code])
		code = d.tails[code].prefix()
	}
}
