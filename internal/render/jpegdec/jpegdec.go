// Package jpegdec decodes JPEG files straight at N/8 of their size, as planes.
//
// It reads the Huffman-coded 8-bit processes of ITU T.81, baseline, extended and progressive, in grey or YCbCr. What it
// leaves out of libjpeg is what costs most: there is no conversion to RGB, no upsampling of chroma, no sample that a
// picture of the size wanted does not need. The files of the package are its stages:
//
//	segments.go               a file is a list of segments, each with a marker
//	frame.go, channel.go      the frame: components, their blocks and planes
//	code.go, lookup.go        Huffman codes as they are written, and as tables to look them up in
//	pairs.go                  two coefficients in one look
//	stream.go                 the bits of a scan
//	scan.go, decoder.go       the blocks of a scan in their order, the scans in theirs
//	sequential.go             sequential scans: Huffman decoding and dequantisation in one
//	coefficients.go           what a progressive picture keeps between scans
//	progressive.go, band.go   the four kinds of progressive scan
//	zeros.go                  where the next new coefficient of a refined block lies
//	dct.go, transform*.go     the inverse transforms, to 1×1 up to 8×8 samples
package jpegdec

import (
	"context"
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// What can be wrong with a file. Errors wrap one of these and say the detail, apart from the context's own.
var (
	// ErrCorrupt is a file that is cut off or contradicts itself.
	ErrCorrupt = errors.New("corrupt JPEG")
	// ErrUnsupported is a JPEG of a process nearly nobody writes: arithmetic, lossless, hierarchical, 12-bit, or of a
	// height that only follows the data.
	ErrUnsupported = errors.New("unsupported JPEG process")
	// ErrOther is a legal JPEG whose colours are not kept as grey or YCbCr, or whose sampling is odd. Another decoder
	// may read it.
	ErrOther = errors.New("JPEG with other colours or sampling")
	// ErrTooLarge is a JPEG of more than MaxPixels.
	ErrTooLarge = errors.New("JPEG too large")
)

// MaxPixels is what Decode refuses to go beyond, whatever N is.
const MaxPixels = 1 << 28

// scaled is a length decoded at n/8.
func scaled(length, n int) int { return ceil(length*n, 8) }

func ceil(a, by int) int { return (a + by - 1) / by }

// ReadHeader reads what a file says of its picture, up to its first scan, and allocates next to nothing. With ErrOther
// the header is valid up to Components.
func ReadHeader(data []byte) (Header, error) {
	d := decoder{segments: segments{data: data}}
	if err := d.toScan(); err != nil {
		return Header{}, err
	}
	return d.header, d.other()
}

// Decode decodes a file at n/8 of its size, n from 1 to 8. The planes are of ceil(Width·n/8) × ceil(Height·n/8) samples,
// and for chroma of that divided by the sampling ratios, rounded up. They do not refer to data. Rows are a little longer
// than they are wide; what lies beyond Width is no part of the picture.
//
// A picture that is not there to its last block is ErrCorrupt. Decode ends with ctx's error soon after ctx does.
func Decode(ctx context.Context, data []byte, n int) (planar.Picture, error) {
	if n < 1 || n > 8 {
		return planar.Picture{}, fmt.Errorf("decode at %d/8: not in 1 to 8", n)
	}
	d := decoder{segments: segments{data: data}, n: n}
	if err := d.decode(ctx); err != nil {
		return planar.Picture{}, err
	}
	return d.picture(), nil
}

// Memory predicts the most bytes that Decode at n/8 has allocated at once: the planes, for progressive pictures the
// coefficients, and its tables. data is not counted.
func Memory(h Header, n int) int64 {
	total := int64(tableBytes)
	for _, g := range h.grids() {
		total += int64(g.stride(n))*int64(g.high*n) + spill
		if h.Progressive {
			total += int64(g.wide) * int64(g.high) * int64(2*valuesOf(n)+8)
		}
	}
	return total
}

// tableBytes bounds what Decode takes beside planes and coefficients: Huffman tables, the bits' window.
const tableBytes = 160 << 10
