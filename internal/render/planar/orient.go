package planar

// lying tells whether a picture stored in one of EXIF's orientations lies on its side: then width and height change places.
func lying(orientation int) bool { return orientation >= 5 && orientation <= 8 }

// mirrored tells which of its stored directions an orientation reverses.
func mirrored(orientation int) (x, y bool) {
	switch orientation {
	case 2, 8:
		return true, false
	case 3, 7:
		return true, true
	case 4, 6:
		return false, true
	}
	return false, false
}

// Orient turns a picture upright that was stored in one of EXIF's orientations, 1 to 8. Others are taken for 1, which
// is upright already: the picture itself. Where mirroring an odd size puts chroma samples between those there were, it
// takes the mean of both; ResizeUpright avoids that.
func (p Picture) Orient(orientation int) Picture {
	if !p.Grey() {
		mirrorX, mirrorY := mirrored(orientation)
		x, y := aligned(p.Y.Width, p.Cb.Width, mirrorX), aligned(p.Y.Height, p.Cb.Height, mirrorY)
		p.Cb, p.Cr = p.Cb.align(x, y), p.Cr.align(x, y)
	}
	return p.turn(orientation)
}

// aligned is the axis that moves chroma samples so that mirroring them puts them where they belong.
func aligned(luma, samples int, mirror bool) axis {
	a := axis{source: samples, target: samples, scale: 1}
	if factor := subsampling(luma, samples); mirror {
		a.shift = float64(luma)/float64(factor) - float64(samples)
	}
	return a
}

func (p Plane) align(x, y axis) Plane {
	if x.same() && y.same() {
		return p
	}
	return p.scale(linear(x), linear(y))
}

// turn mirrors all planes as they are.
func (p Picture) turn(orientation int) Picture {
	if orientation < 2 || orientation > 8 {
		return p
	}
	out := Picture{Y: p.Y.turn(orientation)}
	if !p.Grey() {
		out.Cb, out.Cr = p.Cb.turn(orientation), p.Cr.turn(orientation)
	}
	return out
}

func (p Plane) turn(orientation int) Plane {
	mirrorX, mirrorY := mirrored(orientation)
	if lying(orientation) {
		return p.transposed(mirrorX, mirrorY)
	}
	out := newPlane(p.Width, p.Height)
	for y := range p.Height {
		row := out.row(y)
		copy(row, p.row(from(y, p.Height, mirrorY)))
		if mirrorX {
			reverse(row)
		}
	}
	return out
}

// transposed makes columns of rows, after mirroring.
func (p Plane) transposed(mirrorX, mirrorY bool) Plane {
	out := newPlane(p.Height, p.Width)
	for x := 0; x < p.Width; x += 8 {
		for y := 0; y < p.Height; y += 8 {
			var square [8]uint64
			for k := range min(8, p.Height-y) {
				square[k] = word(p.row(from(y+k, p.Height, mirrorY)), x)
			}
			s := square
			square[0], square[1], square[2], square[3], square[4], square[5], square[6], square[7] =
				transpose(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7])
			for k := range min(8, p.Width-x) {
				at := from(x+k, p.Width, mirrorX)*out.Stride + y
				put(out.Pix[at:at+8], square[k])
			}
		}
	}
	return out
}

// from is the place that a sample comes from.
func from(i, n int, mirror bool) int {
	if mirror {
		return n - 1 - i
	}
	return i
}

func reverse(row []byte) {
	for i, j := 0, len(row)-1; i < j; i, j = i+1, j-1 {
		row[i], row[j] = row[j], row[i]
	}
}
