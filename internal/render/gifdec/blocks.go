package gifdec

import (
	"errors"
	"io"

	"github.com/darkroom/darkroom/internal/render/lzw"
)

// blocks reads the data of a frame: blocks of up to 255 bytes, each with its length before it, and one of none at the end.
type blocks struct {
	rest []byte
	left int // bytes of the block that has been begun
	err  error
}

// Read gives the bytes of as many blocks as fit.
func (b *blocks) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if b.left == 0 {
			b.next()
		}
		if b.err != nil {
			return n, b.err
		}
		taken := copy(p[n:], b.rest[:b.left])
		b.rest, b.left, n = b.rest[taken:], b.left-taken, n+taken
	}
	return n, nil
}

// next begins a block, which must be there as a whole.
func (b *blocks) next() {
	switch {
	case b.err != nil:
	case len(b.rest) > 0 && b.rest[0] == 0:
		b.err = io.EOF
	case len(b.rest) == 0 || len(b.rest) < 1+int(b.rest[0]):
		b.err = io.ErrUnexpectedEOF
	default:
		b.left = int(b.rest[0])
		b.rest = b.rest[1:]
	}
}

var errTooMuch = errors.New("more data than pixels")

// ended makes sure that the data end with the pixels. As others do, it takes no offence at a code of the end that is
// missing, and at one byte too much.
func (f *File) ended(r *lzw.Reader, from *blocks) error {
	n, err := r.Rest(1)
	switch {
	case n > 0:
		return errTooMuch
	case errors.Is(err, io.ErrUnexpectedEOF) && errors.Is(from.err, io.EOF):
		return nil
	case !errors.Is(err, io.EOF):
		return err
	}
	return f.after(r.Consumed())
}

// after looks at what follows the bytes that hold codes: the rest of their block, or when that is used up a byte in another;
// then the end.
func (f *File) after(consumed int64) error {
	rest := f.data
	for int64(rest[0]) < consumed {
		consumed -= int64(rest[0])
		rest = rest[1+int(rest[0]):]
	}
	usedUp := int64(rest[0]) == consumed
	rest = rest[1+int(rest[0]):]
	if usedUp && len(rest) > 1 && rest[0] == 1 {
		rest = rest[2:]
	}
	switch {
	case len(rest) == 0:
		return io.ErrUnexpectedEOF
	case rest[0] != 0:
		return errTooMuch
	}
	return nil
}
