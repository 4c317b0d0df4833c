// Package vp8dec decodes the pictures of lossy WebP into planes: key frames of VP8, RFC 6386.
//
// Samples are predicted and corrected where they lie in their planes, which have a margin of what prediction takes for those
// beyond the picture. The files of the package are its stages:
//
//	bits.go               the input as booleans, each of a probability
//	header.go             what the frame says of itself, and its partitions
//	modes.go              how each macroblock is predicted
//	residue.go            the coefficients of what the prediction lacks
//	predict.go            samples from those above and to the left
//	transform.go          the inverse transforms of coefficients
//	edges.go              the filter along the edges of blocks
//	tables.go, tokens.go, changes.go  the numbers of the RFC
package vp8dec

import (
	"context"
	"errors"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// ErrCorrupt is a frame that is cut off or contradicts itself. Errors wrap it and say the detail, apart from the context's.
var ErrCorrupt = errors.New("corrupt VP8")

// Frame is a frame of which the first bytes have been read.
type Frame struct {
	Width, Height int
	data          []byte // from the first partition on
	first         int    // bytes of it
}

// Size is the width and height of the picture.
func (f *Frame) Size() (width, height int) { return f.Width, f.Height }

// Opaque tells that Decode will not be planar.ErrTransparent.
func (f *Frame) Opaque() bool { return true }

// Memory is the bytes that Decode allocates at most.
func (f *Frame) Memory() int64 {
	const state, ofBlock = 16 << 10, 4
	w, h := int64(f.Width+15)/16, int64(f.Height+15)/16
	return (16*w+2*margin)*(16*h+1) + 2*(8*w+2*margin)*(8*h+1) + w*h*ofBlock + w*16 + state
}

// Decode makes the planes of the picture. Black is 16 and white 235, as in films. It ends with ctx's error soon after ctx
// does.
func (f *Frame) Decode(ctx context.Context) (planar.Picture, error) {
	d := &decoder{wide: (f.Width + 15) / 16, high: (f.Height + 15) / 16}
	if err := d.headers(f); err != nil {
		return planar.Picture{}, err
	}
	d.above = make([]beside, d.wide)
	d.edges = make([]edge, d.wide*d.high)
	d.y, d.cb, d.cr = newSurface(16*d.wide, 16*d.high), newSurface(8*d.wide, 8*d.high), newSurface(8*d.wide, 8*d.high)
	for y := range d.high {
		if err := ctx.Err(); err != nil {
			return planar.Picture{}, err
		}
		if err := d.row(y); err != nil {
			return planar.Picture{}, err
		}
	}
	for y := range d.high {
		if err := ctx.Err(); err != nil {
			return planar.Picture{}, err
		}
		d.smooth(y)
	}
	w, h := (f.Width+1)/2, (f.Height+1)/2
	return planar.Picture{Y: d.y.plane(f.Width, f.Height), Cb: d.cb.plane(w, h), Cr: d.cr.plane(w, h)}, nil
}

// decoder is the state of decoding a frame.
type decoder struct {
	wide, high int // macroblocks
	header
	modes     bits    // the first partition
	residues  [8]bits // the others, rows taking turns
	above     []beside
	left      beside
	block     macroblock
	coeffs    [25][16]int16 // of sixteen blocks of luma, four of Cb, four of Cr, and the one of luma's means
	y, cb, cr surface
	edges     []edge // of each macroblock
}

// beside is what a macroblock leaves to its neighbours.
type beside struct {
	modes [4]uint8 // of its outermost blocks of luma
	coded [8]uint8 // whether its outermost blocks have coefficients: four of luma, two of Cb, two of Cr
	means uint8    // whether its block of means has
}

// margin is the samples to the left and right of each row.
const margin = 16

// surface is a plane with a row above it, and margins.
type surface struct {
	pix    []byte
	stride int
}

// newSurface has what prediction takes for samples beyond the picture: 127 above, 129 to the left.
func newSurface(w, h int) surface {
	s := surface{stride: w + 2*margin}
	s.pix = make([]byte, s.stride*(h+1))
	for i := range s.stride {
		s.pix[i] = 127
	}
	for y := range h {
		s.pix[s.at(-1, y)] = 129
	}
	return s
}

// at is the index of a sample.
func (s surface) at(x, y int) int { return (y+1)*s.stride + margin + x }

func (s surface) plane(w, h int) planar.Plane {
	return planar.Plane{Pix: s.pix[s.at(0, 0):], Stride: s.stride, Width: w, Height: h}
}

// row decodes a row of macroblocks, but for its edges.
func (d *decoder) row(y int) error {
	d.left = beside{}
	residues := &d.residues[y&(d.partitions-1)]
	for x := range d.wide {
		d.mode(&d.above[x])
		coded := d.residue(residues, &d.above[x])
		d.predict(x, y)
		d.edges[y*d.wide+x] = d.edge(coded)
	}
	if d.modes.over() || residues.over() {
		return short("row %d", y)
	}
	return nil
}
