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
	// group is how many codes are read in one look at the next 57 bits.
	group = 4
	// look is how many bytes that takes.
	look = 8
	// slack is the room that their strings take.
	slack = group*codes + wordBytes
)

// A tail is what is known of the string of a code: its length less one, its first byte, and the code of all but the bytes
// in its word, which are the last one to eight of it.
type tail uint32

func tailOf(length, prefix uint32, first byte) tail {
	return tail(length | prefix<<maxBits | uint32(first)<<(2*maxBits))
}

func (t tail) length() uint32 { return uint32(t) % codes }
func (t tail) prefix() uint32 { return uint32(t) >> maxBits % codes }
func (t tail) first() uint64  { return uint64(t >> (2 * maxBits)) }

// special is the tail of a code without a string. It has a length that no string has, and looks like a long one, so that the
// many short ones need not be told apart from it.
const special = tail(codes - 1)

// decoder turns codes into strings.
type decoder struct {
	variant Variant
	clear   uint32 // the code that makes all begin anew; the one after it is the end

	in  []byte // what the codes are read from
	at  int    // the bit of it where the next one begins
	end int    // codes may begin before this bit
	few int    // codes that may be read in one look

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
	d.variant, d.clear, d.few = v, 1<<literal, group
	for i := range d.clear {
		d.tails[i], d.words[i] = tailOf(0, 0, byte(i)), uint64(i)
	}
	d.tails[d.clear], d.tails[d.clear+1] = special, special
	d.in, d.at, d.end = nil, 0, 0
	d.restart()
}

// restart forgets all strings. The code of the end, which has none, stands in for the one before the first.
func (d *decoder) restart() {
	d.hi = d.clear + 1
	d.width = uint(bits.Len32(d.clear))
	d.word, d.shift = 0, 0
}

// grow is the code at which they need more bits. TIFF's do one too early.
func (v Variant) grow(width uint) uint32 { return 1<<(width&31) - uint32(v) }

// decode writes the strings of codes to out, while there is room for any and codes begin before end. It gives the bytes
// written, and io.EOF at the code of the end.
func (d *decoder) decode(out []byte) (n int, err error) {
	in, at, lowest := d.in, d.at, d.variant == GIF
	hi, width, word, shift := d.hi, d.width, d.word, d.shift
	grow := d.variant.grow(width)
	room := len(out) - slack
groups:
	for at < d.end && n <= room {
		next := in[at>>3 : at>>3+look : at>>3+look]
		var ahead uint64
		if lowest {
			ahead = binary.LittleEndian.Uint64(next) >> (at & 7)
		} else {
			ahead = binary.BigEndian.Uint64(next) << (at & 7)
		}
		for range d.few {
			var code uint32
			if lowest {
				code = uint32(ahead) & (1<<(width&31) - 1)
				ahead >>= width & 63
			} else {
				code = uint32(ahead >> (-width & 63))
				ahead <<= width & 63
			}
			at += int(width)
			if code > hi || code >= codes {
				err = ErrCode
				break groups
			}
			t := d.tails[code] // of hi, too; only its word is not whole yet
			d.words[hi] = word | t.first()<<(shift&63)
			last := t.length()
			word = d.words[code]
			if last < wordBytes {
				binary.LittleEndian.PutUint64(out[n:n+wordBytes:n+wordBytes], word)
			} else if t.length() < codes-1 {
				d.long(out[n:], code)
			} else if code == d.clear {
				d.restart()
				hi, width, word, shift = d.hi, d.width, d.word, d.shift
				grow = d.variant.grow(width)
				continue
			} else {
				err = ErrCode
				if code == d.clear+1 {
					err = io.EOF
				}
				break groups
			}
			n += int(last) + 1
			if hi++; hi >= grow {
				if width < maxBits {
					width++
					grow = d.variant.grow(width)
				} else { // all have a string, but for TIFF's last, which would be too long for its bits
					hi = codes
					if !lowest {
						d.tails[codes-1] = special
					}
				}
			}
			shift = (last + 1) % wordBytes * 8
			if shift == 0 {
				word, t = 0, tailOf(last, code, byte(t.first()))
			}
			d.tails[hi] = t + 1 // longer by one
		}
	}
	d.at, d.hi, d.width, d.word, d.shift = at, hi, width, word, shift
	return n, err
}

// long writes a string of more than one word, from the last to the first.
func (d *decoder) long(out []byte, code uint32) {
	for at := int(d.tails[code].length() &^ (wordBytes - 1)); at >= 0; at -= wordBytes {
		binary.LittleEndian.PutUint64(out[at:], d.words[code])
		code = d.tails[code].prefix()
	}
}
