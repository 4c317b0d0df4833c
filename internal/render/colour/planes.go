package colour

import (
	"image/color"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// A picture in planes has one colour to four luma samples. So the change is looked up once for the four, by their mean, in
// a table of changes: between its nodes in chroma, and for the nearest of 32 levels of luma, with which the change hardly
// varies. That is three times as fast as computing it, and as exact as the rounding of the planes.
const (
	lumas   = 32
	chromas = 33 // nodes: 0, 8, …, 256
	cell    = 8
)

// shifts is the table: for luma, Cb and Cr what to add to each, packed. Between nodes, sums of four of them weighted by 64
// in all must not run from one field into the next.
type shifts [lumas * chromas * chromas]uint64

const (
	field = 21      // bits
	unit  = 4       // parts of a level
	bias  = 1 << 10 // makes a shift positive
	all   = cell * cell
	mask  = 1<<field - 1
)

// Planes gives a picture in sRGB. It shares no samples with the old one, whose chroma must be at half the size.
func (t *Transform) Planes(p planar.Picture) planar.Picture {
	if p.Grey() {
		return planar.Picture{Y: t.grey(p.Y)}
	}
	table := t.shifts()
	out := planar.Picture{Y: copied(p.Y), Cb: copied(p.Cb), Cr: copied(p.Cr)}
	spare := make([]byte, out.Y.Stride) // the second row of the last pair, where the height is odd
	for y := range out.Cb.Height {
		upper, lower := out.Y.Pix[2*y*out.Y.Stride:], spare
		if 2*y+1 < out.Y.Height {
			lower = upper[out.Y.Stride:]
		} else {
			copy(lower, upper)
		}
		table.row(upper, lower, out.Cb.Pix[y*out.Cb.Stride:][:out.Cb.Width], out.Cr.Pix[y*out.Cr.Stride:][:out.Cr.Width])
	}
	return out
}

// row shifts two rows of luma and the row of chroma that is theirs. There are two samples of luma to each of chroma, also
// where the width is odd: the last is there twice.
func (s *shifts) row(upper, lower, cb, cr []byte) {
	upper, lower, cr = upper[:2*len(cb)], lower[:2*len(cb)], cr[:len(cb)]
	for x := range cb {
		one, two := upper[2*x:2*x+2:2*x+2], lower[2*x:2*x+2:2*x+2]
		mean := (uint(one[0]) + uint(one[1]) + uint(two[0]) + uint(two[1]) + 2) / 4
		luma, u, v := s.shift(mean, uint(cb[x]), uint(cr[x]))
		u, v = u+int(cb[x]), v+int(cr[x])
		if uint(u|v) > 255 {
			luma, u, v = shown(int(mean), luma, u, v)
		}
		cb[x], cr[x] = byte(u), byte(v)
		if luma != 0 {
			one[0], one[1] = clamp(int(one[0])+luma), clamp(int(one[1])+luma)
			two[0], two[1] = clamp(int(two[0])+luma), clamp(int(two[1])+luma)
		}
	}
}

// shown brings a colour that sRGB cannot show to its edge, channel by channel, as whoever shows the planes would: this one
// is so far off that the planes cannot hold it.
func shown(mean, luma, u, v int) (int, int, int) {
	y, cb, cr := float32(mean+luma), float32(u-128), float32(v-128)
	r, g, b := whole(y+1.402*cr), whole(y-0.344136*cb-0.714136*cr), whole(y+1.772*cb)
	edge, cbEdge, crEdge := color.RGBToYCbCr(r, g, b)
	return int(edge) - mean, int(cbEdge), int(crEdge)
}

// shift is what to add to a colour.
func (s *shifts) shift(luma, cb, cr uint) (dy, du, dv int) {
	i := (luma/(256/lumas)*chromas+cb/cell)*chromas + cr/cell
	pu, pv := uint64(cb%cell), uint64(cr%cell)
	sum := (s[i]*(cell-pv)+s[i+1]*pv)*(cell-pu) + (s[i+chromas]*(cell-pv)+s[i+chromas+1]*pv)*pu
	sum += (all * unit / 2) * (1 | 1<<field | 1<<(2*field)) // to round, not to cut
	const whole = all * unit
	return int(sum&mask/whole) - bias/unit, int(sum>>field&mask/whole) - bias/unit, int(sum>>(2*field)&mask/whole) - bias/unit
}

// shifts computes the table.
func (t *Transform) shifts() *shifts {
	var s shifts
	for i := range s {
		y, cb, cr := i/(chromas*chromas), i/chromas%chromas, i%chromas
		luma := float32(y*(256/lumas)) + float32(256/lumas-1)/2
		dy, du, dv := t.shift(luma, float32(cb*cell), float32(cr*cell))
		s[i] = packed(dy) | packed(du)<<field | packed(dv)<<(2*field)
	}
	return &s
}

func packed(shift float32) uint64 { return uint64(min(max(shift, -250), 250)*unit + bias + 0.5) }

// shift computes what to add to a colour.
func (t *Transform) shift(y, cb, cr float32) (dy, du, dv float32) {
	u, v := cb-128, cr-128
	r, g, b := t.between(y+1.402*v, y-0.344136*u-0.714136*v, y+1.772*u)
	luma := 0.299*r + 0.587*g + 0.114*b
	return luma - y, (b-luma)/1.772 - u, (r-luma)/1.402 - v
}

// between is colour for levels that are not whole, also for those below 0 and above 255: planes can hold them, and a table
// that cut them off would be wrong beside the edge, too. Whoever shows the planes cuts.
func (t *Transform) between(r, g, b float32) (x, y, z float32) {
	lr, lg, lb := light(&t.linear[0], r), light(&t.linear[1], g), light(&t.linear[2], b)
	m := &t.matrix
	return t.at(m[0]*lr + m[1]*lg + m[2]*lb), t.at(m[3]*lr + m[4]*lg + m[5]*lb), t.at(m[6]*lr + m[7]*lg + m[8]*lb)
}

func light(curve *[256]float32, level float32) float32 {
	if level < 0 {
		return -light(curve, -level)
	}
	i := min(int(level), 254)
	return curve[i] + (level-float32(i))*(curve[i+1]-curve[i])
}

// grey brings the levels of a grey picture to sRGB.
func (t *Transform) grey(p planar.Plane) planar.Plane {
	var level [256]byte
	for i := range level {
		x, y, z := t.colour(uint8(i), uint8(i), uint8(i))
		level[i] = clamp(int(0.299*x + 0.587*y + 0.114*z + 0.5))
	}
	out := copied(p)
	for i, v := range out.Pix {
		out.Pix[i] = level[v]
	}
	return out
}

// copied gives a plane with an even number of samples in memory for each row, the last of them repeated where it must be.
func copied(p planar.Plane) planar.Plane {
	out := planar.Plane{Stride: (p.Width + 7) &^ 7, Width: p.Width, Height: p.Height}
	out.Pix = make([]byte, out.Stride*out.Height)
	for y := range p.Height {
		row := out.Pix[y*out.Stride:][:out.Stride]
		copy(row, p.Pix[y*p.Stride:][:p.Width])
		if p.Width%2 == 1 {
			row[p.Width] = row[p.Width-1]
		}
	}
	return out
}

func clamp(v int) byte { return byte(min(max(v, 0), 255)) }
