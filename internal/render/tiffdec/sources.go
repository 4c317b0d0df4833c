package tiffdec

import (
	"errors"
	"hash"
	"hash/adler32"
	"io"

	"github.com/darkroom/darkroom/internal/render/inflate"
	"github.com/darkroom/darkroom/internal/render/lzw"
)

// source gives what is packed in one block after another.
type source interface {
	// open begins a block.
	open(packed []byte) error
	// Next gives the next n bytes, which may be changed, and stay until the next call.
	Next(n int) ([]byte, error)
	// Rest passes over what is left, or over most bytes of it and maybe a few if there are more. It is io.EOF at an end that
	// is as it should be.
	Rest(most int64) (passed int64, err error)
}

// ratio bounds how many times as long as packed bytes what was packed in them can be.
func (c compression) ratio() int64 {
	switch c {
	case packedLZW:
		return 3641 // 4,096 bytes a code, of nine bits at least
	case deflated, deflateOld:
		return 1032
	case packBits:
		return 64
	}
	return 1
}

// source makes the one for the file's blocks, given how many bytes will be asked for at most.
func (f *File) source(most int) source {
	switch f.packing {
	case packedLZW:
		return &lzwSource{}
	case deflated, deflateOld:
		return newDeflateSource(most)
	case packBits:
		return &packBitsSource{row: make([]byte, most), most: f.most()}
	}
	return &plainSource{row: make([]byte, most)}
}

// sourceMemory is the bytes that a source takes.
func (f *File) sourceMemory(most int) int64 {
	switch f.packing {
	case packedLZW:
		return lzw.Memory(most)
	case deflated, deflateOld:
		return 2*int64(most) + 160<<10
	}
	return int64(most)
}

// plainSource is what is not packed.
type plainSource struct{ rest, row []byte }

func (s *plainSource) open(packed []byte) error {
	s.rest = packed
	return nil
}

func (s *plainSource) Next(n int) ([]byte, error) {
	if len(s.rest) < n {
		return nil, io.ErrUnexpectedEOF
	}
	copy(s.row, s.rest[:n])
	s.rest = s.rest[n:]
	return s.row[:n], nil
}

func (s *plainSource) Rest(int64) (int64, error) { return int64(len(s.rest)), io.EOF }

type lzwSource struct{ lzw.Reader }

func (s *lzwSource) open(packed []byte) error {
	s.Reset(lzw.TIFF, 8, packed, nil)
	return nil
}

// deflateSource makes sure of the checksum behind a stream, which is the only one in a file.
type deflateSource struct {
	reader *inflate.Reader
	sum    hash.Hash32
	row    []byte
}

var errSum = errors.New("wrong checksum")

func newDeflateSource(most int) *deflateSource {
	return &deflateSource{inflate.NewReader(nil, most), adler32.New(), make([]byte, most)}
}

func (s *deflateSource) open(packed []byte) error {
	s.reader.Reset(func() (piece []byte, err error) {
		piece, packed = packed, nil
		return piece, nil
	})
	s.sum.Reset()
	return nil
}

func (s *deflateSource) Next(n int) ([]byte, error) {
	row, err := s.reader.Next(n)
	if err != nil {
		return nil, err
	}
	_, _ = s.sum.Write(row)
	return s.row[:copy(s.row, row)], nil
}

// Rest takes whole rows, and when there is none any more single bytes; one more than most, so that an end just there is
// looked at.
func (s *deflateSource) Rest(most int64) (passed int64, err error) {
	for n := int64(len(s.row)); ; {
		n = min(n, most+1-passed)
		_, err := s.Next(int(n))
		switch {
		case err == nil:
			if passed += n; passed > most {
				return passed, nil
			}
		case n > 1:
			n = 1
		default:
			return passed, s.end(err)
		}
	}
}

// end is io.EOF if there are no bytes any more, and all were as they should be; otherwise what was wrong.
func (s *deflateSource) end(met error) error {
	if ended, _ := s.reader.Ended(); !ended {
		return met
	}
	switch sum, err := s.reader.Sum(); {
	case err != nil:
		return err
	case sum != s.sum.Sum32():
		return errSum
	}
	return io.EOF
}

// packBitsSource reads runs: a byte that says how many bytes follow as they are, or how often one is to be repeated.
type packBitsSource struct {
	rest, row []byte
	left      int // bytes of the run that has been begun
	repeated  bool
	most      int64 // bytes that a block may have
	begun     int64 // and those that all runs had
}

var errTooMuch = errors.New("more data than pixels")

func (s *packBitsSource) open(packed []byte) error {
	s.rest, s.left, s.begun = packed, 0, 0
	return nil
}

func (s *packBitsSource) Next(n int) ([]byte, error) {
	for done := 0; done < n; {
		if s.left == 0 {
			if err := s.begin(); err != nil {
				return nil, err
			}
			continue
		}
		out := s.row[done:n]
		out = out[:min(len(out), s.left)]
		s.left -= len(out)
		done += len(out)
		if !s.repeated {
			copy(out, s.rest)
			s.rest = s.rest[len(out):]
			continue
		}
		for i := range out {
			out[i] = s.rest[0]
		}
		if s.left == 0 {
			s.rest = s.rest[1:]
		}
	}
	return s.row[:n], nil
}

// begin reads the length of a run, the bytes of which must be there. It is io.EOF at the end.
func (s *packBitsSource) begin() error {
	if len(s.rest) == 0 {
		return io.EOF
	}
	const nothing = -128
	length := int(int8(s.rest[0]))
	s.rest = s.rest[1:]
	bytes := 1
	switch s.repeated = length < 0; {
	case length == nothing:
		return nil
	case s.repeated:
		s.left = 1 - length
	default:
		s.left = length + 1
		bytes = s.left
	}
	if len(s.rest) < bytes {
		return io.ErrUnexpectedEOF
	}
	if s.begun += int64(s.left); s.begun > s.most {
		return errTooMuch
	}
	return nil
}

func (s *packBitsSource) Rest(most int64) (passed int64, err error) {
	for {
		passed += int64(s.left)
		if s.left > 0 && !s.repeated {
			s.rest = s.rest[s.left:]
		} else if s.left > 0 {
			s.rest = s.rest[1:]
		}
		s.left = 0
		if err := s.begin(); err != nil {
			return passed, err
		}
		if passed >= most {
			return passed, nil
		}
	}
}
