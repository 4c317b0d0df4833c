package planar

import "errors"

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
	samples [256]uint64 // for Cb and above it Cr the weighted sums, lifted so that four stay positive; luma in the top byte
	faults  [256]byte
	strict  bool // there are indexes that no pixel may have
}

// The faults of an index.
const (
	transparent = 1 << iota
	unknown
)

// lift keeps a sum of one colour positive; four of them are the 128 that chroma is centred about.
const lift = 128 << 15

// Where samples are. Four of chroma have 25 bits; four of luma run over, which harms nobody.
const (
	crAt   = 28
	lumaAt = 56
)

// NewIndexed begins a picture of width × height pixels, both positive, whose palette has at most 256 colours. It
// allocates what BuilderMemory says of Grey if all the colours are, else of RGB at most, and its tables.
func NewIndexed(width, height int, palette []Colour) *Indexed {
	b := &Indexed{Builder: Builder{order: Grey, picture: Picture{Y: newPlane(width, height)}}}
	for i, c := range palette {
		r, g, bl := int32(c.R), int32(c.G), int32(c.B)
		luma := uint64(yR*r+yG*g+yB*bl+1<<14) >> 15
		b.samples[i] = luma<<lumaAt | uint64(vR*r+vG*g+vB*bl+lift)<<crAt | uint64(uR*r+uG*g+uB*bl+lift)
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
	switch {
	case b.picture.Grey():
		out := b.picture.Y.row(y)
		for x, i := range row[:len(out)] {
			out[x] = byte(b.samples[i] >> lumaAt)
		}
	case y%2 == 1:
		b.mix(y-1, y, b.above, row)
	case y == b.picture.Y.Height-1:
		b.mix(y, y, row, row)
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

// mix makes luma of two rows, and of both together chroma, as Builder does. Each pixel is looked up once.
func (b *Indexed) mix(yAbove, yBelow int, above, below []byte) {
	over, under := b.picture.Y.row(yAbove)[:len(above)], b.picture.Y.row(yBelow)[:len(above)]
	cb, cr := b.picture.Cb.row(yBelow/2), b.picture.Cr.row(yBelow/2)
	below = below[:len(above)]
	t := &b.samples
	pairs := len(above) / 2
	cr = cr[:len(cb)]
	for x := range pairs {
		i, j := above[2*x:2*x+2:2*x+2], below[2*x:2*x+2:2*x+2]
		o, u := over[2*x:2*x+2:2*x+2], under[2*x:2*x+2:2*x+2]
		v0, v1, v2, v3 := t[i[0]], t[i[1]], t[j[0]], t[j[1]]
		o[0], o[1], u[0], u[1] = byte(v0>>lumaAt), byte(v1>>lumaAt), byte(v2>>lumaAt), byte(v3>>lumaAt)
		cb[x], cr[x] = lifted(v0 + v1 + v2 + v3)
	}
	if last := 2 * pairs; last < len(above) {
		v0, v2 := t[above[last]], t[below[last]]
		over[last], under[last] = byte(v0>>lumaAt), byte(v2>>lumaAt)
		cb[pairs], cr[pairs] = lifted(2 * (v0 + v2))
	}
}

// lifted rounds the sums of four pixels, as centred does.
func lifted(sum uint64) (cb, cr byte) {
	const mask = 1<<crAt - 1
	u, v := sum&mask, sum>>crAt&mask
	return byte(min((u+1<<16)>>17, 255)), byte(min((v+1<<16)>>17, 255))
}
