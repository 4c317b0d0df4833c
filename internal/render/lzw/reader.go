package lzw

import (
	"errors"
	"io"
)

// Reader gives what has been compressed, some bytes at a time. It has no more of it in memory than that and a few strings.
// It is some 80 KiB large, and may be used again.
type Reader struct {
	decoder decoder
	more    io.Reader
	before  int64  // bytes of the source that came before what the decoder has
	buffer  []byte // of what more gave
	last    [2 * look]byte
	valid   int // bits of what is last; 0 before it comes to that

	out      []byte
	from, to int // the part of out that has not been taken yet
	err      error
}

const (
	inBytes  = 8 << 10
	outBytes = 32 << 10
)

// Memory is the bytes that a Reader has allocated at most, when no more than n are asked for at once.
func Memory(n int) int64 { return codes*12 + inBytes + outBytes + slack + int64(n) + 1<<10 }

// Reset begins to read codes, whose literals have so many bits, from 2 to 8; first those in src, then those that more
// gives, which may be nil.
func (r *Reader) Reset(v Variant, literal uint, src []byte, more io.Reader) {
	r.decoder.reset(v, literal)
	r.more, r.before, r.valid = more, 0, 0
	r.from, r.to, r.err = 0, 0, nil
	r.decoder.in = src
	r.decoder.end = (len(src) - look + 1) * 8
	if more != nil && r.buffer == nil {
		r.buffer = make([]byte, inBytes)
	}
}

// Next gives the next n bytes. They may be changed, and stay until the next call. The error is io.EOF when there are fewer
// before the end, io.ErrUnexpectedEOF or the source's when that ends without one, or ErrCode.
func (r *Reader) Next(n int) ([]byte, error) {
	for r.to-r.from < n {
		if r.err != nil {
			return nil, r.err
		}
		r.fill(n)
	}
	next := r.out[r.from:][:n:n]
	r.from += n
	return next, nil
}

// Rest passes over what is left, or over most bytes of it and a few if there are more. The error is Next's when it ends.
func (r *Reader) Rest(most int64) (passed int64, err error) {
	for {
		passed += int64(r.to - r.from)
		r.from, r.to = 0, 0
		if passed >= most {
			return passed, nil
		}
		if r.err != nil {
			break
		}
		r.fill(0)
	}
	return passed, r.err
}

// Consumed is how many bytes of the source hold the codes that have been decoded.
func (r *Reader) Consumed() int64 { return r.before + int64(r.decoder.at+7)/8 }

// fill decodes until there is room no more, and makes that room enough for n bytes.
func (r *Reader) fill(n int) {
	if len(r.out) < n+outBytes+slack {
		r.out = append(make([]byte, 0, n+outBytes+slack), r.out[r.from:r.to]...)[:n+outBytes+slack]
	} else {
		copy(r.out, r.out[r.from:r.to])
	}
	r.from, r.to = 0, r.to-r.from
	for r.err == nil && r.to <= len(r.out)-slack {
		var done int
		done, r.err = r.decoder.decode(r.out[r.to:])
		r.to += done
		if r.err == nil && r.decoder.at >= r.decoder.end {
			r.err = r.feed()
		}
	}
}

// feed gives the decoder more of the source.
func (r *Reader) feed() error {
	d := &r.decoder
	if r.valid > 0 {
		return r.single()
	}
	rest := d.in[min(d.at>>3, len(d.in)):]
	r.before += int64(len(d.in) - len(rest))
	d.at &= 7
	if r.more == nil {
		r.valid = len(rest) * 8
		d.in = append(r.last[:0], rest...)[:len(r.last)]
		clear(d.in[len(rest):])
		return r.single()
	}
	kept := copy(r.buffer, rest)
	n, err := io.ReadAtLeast(r.more, r.buffer[kept:], 1)
	if errors.Is(err, io.EOF) {
		r.more, err = nil, nil
	}
	d.in = r.buffer[:kept+n]
	d.end = (len(d.in) - look + 1) * 8
	return err
}

// single lets the decoder have one more code of the last bytes.
func (r *Reader) single() error {
	if r.decoder.at+int(r.decoder.width) > r.valid {
		return io.ErrUnexpectedEOF
	}
	r.decoder.end, r.decoder.few = r.decoder.at+1, 1
	return nil
}
