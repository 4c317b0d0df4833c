// Package inflate decompresses zlib streams (RFC 1950, RFC 1951) that lie in memory, maybe in pieces, as a PNG's do.
//
// It does less than compress/zlib, and that faster: there is no dictionary, and the checksum of the output is only read, for
// those who have no other; in a PNG those of the pieces cover the same bytes. Output is handed out where it was made, without
// a copy.
//
//	bits.go    the input as bits
//	tables.go  Huffman codes as tables to look them up in
//	block.go   the blocks of a stream and their headers
//	codes.go   what a compressed block consists of: literals and matches
package inflate

import (
	"errors"
	mathbits "math/bits"
)

// What can be wrong with a stream.
var (
	ErrCorrupt = errors.New("corrupt zlib stream")
	ErrShort   = errors.New("zlib stream is cut off")
)

const (
	history = 32 << 10 // how far back a match may reach
	portion = 64 << 10 // of output, made at a time
	longest = 258      // of a match
	slack   = 16       // which copies may write beyond their end
)

// Reader decompresses one stream.
type Reader struct {
	bits
	block        // the one at hand
	buf   []byte // what was made last: [:read] was handed out, [:made] is there
	read  int
	made  int
}

// NewReader begins a stream. More gives its next piece, and nil after the last. The most bytes that will be asked for at
// once are to be said here; the Reader takes 100 KB besides.
func NewReader(more func() ([]byte, error), most int) *Reader {
	return &Reader{
		bits: bits{more: more},
		buf:  make([]byte, history+most+portion+longest+slack),
	}
}

// Reset begins another stream, of which no more will be asked for at once than of the first.
func (r *Reader) Reset(more func() ([]byte, error)) {
	r.bits = bits{more: more}
	r.stage, r.last, r.left, r.failed = atStart, false, 0, nil
	r.read, r.made = 0, 0
}

// Next gives the next n bytes, at most those said to NewReader. They are valid until the next call, and must not be
// written to. Its error is ErrCorrupt, ErrShort or what more gave; a stream that ends before n bytes is ErrShort.
func (r *Reader) Next(n int) ([]byte, error) {
	for r.made-r.read < n {
		if r.stage == ended {
			return nil, ErrShort
		}
		if len(r.buf)-r.made < portion+longest+slack {
			r.slide()
		}
		if err := r.fill(min(r.made+portion, len(r.buf)-longest-slack)); err != nil {
			return nil, err
		}
	}
	out := r.buf[r.read : r.read+n : r.read+n]
	r.read += n
	return out, nil
}

// Ended tells whether the stream has no more output. It reads on to find out.
func (r *Reader) Ended() (bool, error) {
	if _, err := r.Next(1); err == nil || !errors.Is(err, ErrShort) || r.stage != ended {
		return false, err
	}
	return true, nil
}

// Sum is the checksum, Adler's, that stands behind a stream that has Ended.
func (r *Reader) Sum() (uint32, error) {
	if _, err := r.take(r.n & 7); err != nil {
		return 0, err
	}
	v, err := r.take(32)
	return mathbits.ReverseBytes32(v), err
}

// slide keeps what was not handed out yet, and what matches may reach back to.
func (r *Reader) slide() {
	from := max(0, min(r.read, r.made-history))
	copy(r.buf, r.buf[from:r.made])
	r.made -= from
	r.read -= from
}
