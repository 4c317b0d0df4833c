package planar

import (
	"encoding/binary"
	"errors"
)

// ErrTransparent says that a row is not opaque, so that planes cannot hold it.
var ErrTransparent = errors.New("transparent pixel")

// Order is how the pixels of a row lie in memory, a byte each sample.
type Order uint8

// The orders that rows come in. The fourth sample of BGRX means nothing; that of RGBA and BGRA is alpha.
const (
	Grey Order = iota
	RGB
	BGR
	RGBA
	BGRA
	BGRX
)

// Bytes is how many of them a pixel takes.
func (o Order) Bytes() int {
	return int([...]uint8{Grey: 1, RGB: 3, BGR: 3, RGBA: 4, BGRA: 4, BGRX: 4}[o])
}

// Builder makes a Picture of rows of pixels, from the top down: luma of every pixel, chroma of every square of four.
type Builder struct {
	order   Order
	picture Picture
	rows    int
	above   []byte // the row before, when it waits for the one that completes its squares
}

// NewBuilder begins a picture of width × height pixels, both positive. It allocates BuilderMemory.
func NewBuilder(width, height int, order Order) *Builder {
	b := &Builder{order: order, picture: Picture{Y: newPlane(width, height)}}
	if order != Grey {
		b.picture.Cb = newPlane((width+1)/2, (height+1)/2)
		b.picture.Cr = newPlane((width+1)/2, (height+1)/2)
		b.above = make([]byte, width*order.Bytes())
	}
	return b
}

// BuilderMemory is the bytes that a Builder takes.
func BuilderMemory(width, height int, order Order) int64 {
	w, h := int64(width+7), int64(height+1)
	if order == Grey {
		return w * h
	}
	return w*h + (w+7)*h/2 + w*int64(order.Bytes())
}

// Add takes the next row, of which nothing is kept. What is beyond the picture's width or height is ignored; a row that
// is shorter than the picture is wide panics. It is ErrTransparent when a pixel is.
func (b *Builder) Add(row []byte) error {
	y, width := b.rows, b.picture.Y.Width
	row = row[:width*b.order.Bytes()]
	if y == b.picture.Y.Height {
		return nil
	}
	b.rows++
	if b.order == Grey {
		copy(b.picture.Y.row(y), row)
		return nil
	}
	if (b.order == RGBA || b.order == BGRA) && !opaque(row) {
		return ErrTransparent
	}
	b.order.luma(b.picture.Y.row(y), row)
	switch {
	case y%2 == 1:
		b.chroma(y/2, b.above, row)
	case y == b.picture.Y.Height-1:
		b.chroma(y/2, row, row)
	default:
		copy(b.above, row)
	}
	return nil
}

// Picture is what was built. Rows that were not added are black.
func (b *Builder) Picture() Picture { return b.picture }

// opaque tells whether every fourth byte is 255.
func opaque(row []byte) bool {
	all := ^uint64(0)
	for ; len(row) >= 8; row = row[8:] {
		all &= binary.LittleEndian.Uint64(row)
	}
	if len(row) >= 4 {
		all &= uint64(binary.LittleEndian.Uint32(row)) | 0xff<<56
	}
	return all>>24&0xff == 0xff && all>>56 == 0xff
}

// The weights of BT.601, as 15 bits after the point.
const (
	yR, yG, yB = 9798, 19235, 3735
	uR, uG, uB = -5528, -10856, 16384
	vR, vG, vB = 16384, -13720, -2664
)

// luma makes the brightness of a row.
func (o Order) luma(out, row []byte) {
	done := o.lumaFast(out, row)
	o.lumaPlain(out[done:], row[done*o.Bytes():])
}

func (o Order) lumaPlain(out, row []byte) {
	step := o.Bytes()
	red, blue := o.ends()
	for x := range out {
		p := row[x*step : x*step+3 : x*step+3]
		out[x] = byte((yR*int32(p[red]) + yG*int32(p[1]) + yB*int32(p[blue]) + 1<<14) >> 15)
	}
}

// ends are where red and blue are in a pixel.
func (o Order) ends() (red, blue int) {
	if o == RGB || o == RGBA {
		return 0, 2
	}
	return 2, 0
}

// chroma makes a row of it, each sample of the sum of four pixels.
func (b *Builder) chroma(y int, above, below []byte) {
	cb, cr := b.picture.Cb.row(y), b.picture.Cr.row(y)
	done := b.order.chromaFast(cb, cr, above, below)
	b.order.chromaPlain(cb, cr, above, below, done)
}

// chromaPlain makes the samples from the one given on. At an odd edge pixels count twice.
func (o Order) chromaPlain(cb, cr, above, below []byte, from int) {
	step := o.Bytes()
	red, blue := o.ends()
	last := len(below) - step
	for x := from; x < len(cb); x++ {
		left := 2 * x * step
		right := min(left+step, last)
		sum := func(i int) int32 {
			return int32(above[left+i]) + int32(above[right+i]) + int32(below[left+i]) + int32(below[right+i])
		}
		r, g, bl := sum(red), sum(1), sum(blue)
		cb[x] = centred(uR*r + uG*g + uB*bl)
		cr[x] = centred(vR*r + vG*g + vB*bl)
	}
}

// centred rounds the weighted sum of four pixels to a sample about 128.
func centred(sum int32) byte { return byte(min((sum+128<<17+1<<16)>>17, 255)) }
