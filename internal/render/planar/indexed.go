package planar

import (
	"errors"
	"math"
)

// ErrIndex says that a pixel has a colour that the palette does not hold.
var ErrIndex = errors.New("pixel of a colour that the palette does not hold")

// Colour is one of a palette.
type Colour struct {
	R, G, B     uint8
	Transparent bool // wholly or partly
}

// Indexed makes a Picture, of the very samples that a Builder makes, of rows of indexes into a palette. The conversion
// is done once for each colour, and what is left to do for each pixel is to look it up and to add.
type Indexed struct {
	Builder
	luma   [256]byte
	chroma [256]uint64 // the weighted sums for Cb, low, and for Cr, high, lifted so that four stay positive
	faults [256]byte
	strict bool // there are indexes that no pixel may have
}

// The faults of an index.
const (
	transparent = 1 << iota
	unknown
)

// lift keeps a sum of one colour positive; four of them are the 128 that chroma is centred about.
const lift = 128 << 15

// NewIndexed begins a picture of width × height pixels, both positive, whose palette has at most 256 colours. It
// allocates what BuilderMemory says of Grey if all the colours are, else of RGB at most, and its tables.
func NewIndexed(width, height int, palette []Colour) *Indexed {
	b := &Indexed{Builder: Builder{order: Grey, picture: Picture{Y: newPlane(width, height)}}}
	for i, c := range palette {
		r, g, bl := int32(c.R), int32(c.G), int32(c.B)
		b.luma[i] = byte((yR*r + yG*g + yB*bl + 1<<14) >> 15)
		b.chroma[i] = uint64(uR*r+uG*g+uB*bl+lift) | uint64(vR*r+vG*g+vB*bl+lift)<<32
		if c.Transparent {
			b.faults[i], b.strict = transparent, true
		}
	}
	for i := len(palette); i < len(b.faults); i++ {
		b.faults[i], b.strict = unknown, true
	}
	if !GreyPalette(palette) {
		b.picture.Cb = newPlane((width+1)/2, (height+1)/2)
		b.picture.Cr = newPlane((width+1)/2, (height+1)/2)
		b.above = make([]byte, width)
	}
	return b
}

// GreyPalette tells whether a palette has no colour in it.
func GreyPalette(palette []Colour) bool {
	for _, c := range palette {
		if c.R != c.G || c.G != c.B {
			return false
		}
	}
	return true
}

// IndexedMemory is the bytes that an Indexed takes.
func IndexedMemory(width, height int, palette []Colour) int64 {
	const tables = 4 << 10
	if GreyPalette(palette) {
		return BuilderMemory(width, height, Grey) + tables
	}
	return BuilderMemory(width, height, RGB) + tables
}

// Add takes the next row of indexes, of which nothing is kept. What is beyond the picture's width or height is ignored; a
// row that is shorter than the picture is wide panics. It is ErrTransparent when the colour of a pixel is, and ErrIndex
// when the palette has none for it.
func (b *Indexed) Add(row []byte) error {
	y, width := b.rows, b.picture.Y.Width
	row = row[:width]
	if y == b.picture.Y.Height {
		return nil
	}
	b.rows++
	if b.strict {
		if err := b.check(row); err != nil {
			return err
		}
	}
	out := b.picture.Y.row(y)
	for x, i := range row[:len(out)] {
		out[x] = b.luma[i]
	}
	switch {
	case b.picture.Grey():
	case y%2 == 1:
		b.mix(y/2, b.above, row)
	case y == b.picture.Y.Height-1:
		b.mix(y/2, row, row)
	default:
		copy(b.above, row)
	}
	return nil
}

// check makes sure that all indexes of a row may be there.
func (b *Indexed) check(row []byte) error {
	var faults byte
	for _, i := range row {
		faults |= b.faults[i]
	}
	switch {
	case faults&unknown != 0:
		return ErrIndex
	case faults&transparent != 0:
		return ErrTransparent
	}
	return nil
}

// mix makes a row of chroma, as Builder.chroma does.
func (b *Indexed) mix(y int, above, below []byte) {
	cb, cr := b.picture.Cb.row(y), b.picture.Cr.row(y)
	t := &b.chroma
	pairs := len(above) / 2
	for x := range pairs {
		a, c := above[2*x:2*x+2:2*x+2], below[2*x:2*x+2:2*x+2]
		cb[x], cr[x] = lifted(t[a[0]] + t[a[1]] + t[c[0]] + t[c[1]])
	}
	if last := 2 * pairs; last < len(above) {
		cb[pairs], cr[pairs] = lifted(2 * (t[above[last]] + t[below[last]]))
	}
}

// lifted rounds the sums of four pixels, as centred does.
func lifted(sum uint64) (cb, cr byte) {
	u, v := sum&math.MaxUint32, sum>>32
	return byte(min((u+1<<16)>>17, 255)), byte(min((v+1<<16)>>17, 255))
}
