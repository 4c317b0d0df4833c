package jpegdec

import (
	"bytes"
	"encoding/binary"
)

// The window is what lies unstuffed in memory of the stream. margin is more than an MCU can take: 10 blocks of 64 codes of
// at most 16+15 bits.
const (
	window = 24 << 10
	margin = 4 << 10
)

// stream reads the bits of a scan between two markers.
//
// A 0xFF in the stream is followed by a 0 that is not part of it. Looking for those in the loop that decodes costs a test
// a byte; stream takes them out beforehand, a window at a time, between one 0xFF and the next with the routines that the
// standard library has in assembly. As an MCU always finds margin bytes before it, which are zeros at the stream's end,
// nothing in the loop asks whether there are bits left. Whether there were is known afterwards.
type stream struct {
	acc   uint64 // the next bits, the first on top. Below those that count there may be more of the stream already
	n     uint   // how many of acc count
	pos   int    // of the byte in buf that follows
	limit int    // fill is called before an MCU when pos is beyond it
	end   int    // of the stream in buf
	src   []byte // the file
	at    int    // how far src has been read
	ended bool   // src is read up to a marker, or its end
	buf   [window + 2*margin]byte
}

// start begins with the stream at src[at:].
func (b *stream) start(src []byte, at int) error {
	b.src, b.at = src, at
	b.acc, b.n, b.pos, b.end, b.limit = 0, 0, 0, 0, 0
	b.ended = false
	return b.fill()
}

// fill moves the window on. Its error says that the stream ended too early.
func (b *stream) fill() error {
	if b.ended {
		return corrupt("cut off within a scan, or damaged")
	}
	b.acc &= ^(^uint64(0) >> b.n) // what lies below was read from beyond the window's end
	b.end = copy(b.buf[:], b.buf[b.pos:b.end])
	b.pos = 0
	for b.end < window && !b.ended {
		b.unstuff()
	}
	b.limit = b.end - margin
	if b.ended {
		clear(b.buf[b.end : b.end+2*margin])
		b.limit = b.end + 8
	}
	return nil
}

// unstuff takes over what comes before the next 0xFF in the file, and that.
func (b *stream) unstuff() {
	src := b.src[b.at:min(len(b.src), b.at+window-b.end)]
	i := bytes.IndexByte(src, 0xff)
	if i < 0 {
		b.end += copy(b.buf[b.end:], src)
		b.at += len(src)
		b.ended = b.at == len(b.src)
		return
	}
	b.end += copy(b.buf[b.end:], src[:i])
	b.at += i
	switch rest := b.src[b.at:]; {
	case len(rest) < 2:
		b.ended = true
	case rest[1] == 0:
		b.buf[b.end] = 0xff
		b.end++
		b.at += 2
	case rest[1] == 0xff:
		b.at++ // a fill byte
	default:
		b.ended = true
	}
}

// load makes sure that at least 56 of the bits in acc count, by Fabian Giesen's fourth variant in "Reading bits in far too
// many ways": the bits that are read again fall on themselves.
func load(buf []byte, pos int, acc uint64, n uint) (int, uint64, uint) {
	acc |= binary.BigEndian.Uint64(buf[pos:]) >> (n & 63)
	return pos + int((63-n)>>3), acc, n | 56
}

// take returns the next n bits, at most 32.
func (b *stream) take(n uint) uint32 {
	if b.n < 32 {
		b.pos, b.acc, b.n = load(b.buf[:], b.pos, b.acc, b.n)
	}
	v := uint32(b.acc >> 32 >> (32 - n))
	b.acc <<= n
	b.n -= n
	return v
}

// finish says whether the stream had all the bits that were taken from it.
func (b *stream) finish() error {
	if !b.ended {
		if err := b.fill(); err != nil {
			return err
		}
	}
	if b.left() < 0 {
		return corrupt("cut off within a scan, or damaged")
	}
	return nil
}

// left is how many bits there are in the window.
func (b *stream) left() int { return (b.end-b.pos)*8 + int(b.n) }

// restart goes over the restart marker i, which must follow at once.
func (b *stream) restart(i int) error {
	if err := b.finish(); err != nil {
		return err
	}
	if !b.ended || b.left() >= 8 || b.at+1 >= len(b.src) || b.src[b.at+1] != byte(markerRST0+i) {
		return corrupt("restart marker %d is not where it should be", i)
	}
	return b.start(b.src, b.at+2)
}
