package planar

// Resize scales the picture to w × h luma samples, with chroma at 4:2:0 whatever it had. The result shares samples with
// the picture where those need no change. Sizes must be positive; it is made for reducing, and correct for enlarging.
func (p Picture) Resize(w, h int) Picture { return p.resize(w, h, 1) }

// ResizeUpright is Resize followed by Orient, with w × h the upright size. It is the better way: chroma is resampled at
// once to where it belongs in the upright picture, also where the size is odd.
func (p Picture) ResizeUpright(w, h, orientation int) Picture {
	if lying(orientation) {
		w, h = h, w
	}
	return p.resize(w, h, orientation).turn(orientation)
}

func (p Picture) resize(w, h, orientation int) Picture {
	scaleX, scaleY := float64(p.Y.Width)/float64(w), float64(p.Y.Height)/float64(h)
	out := Picture{Y: resize(
		axis{source: p.Y.Width, target: w, scale: scaleX},
		axis{source: p.Y.Height, target: h, scale: scaleY},
		p.Y,
	)[0]}
	if p.Grey() {
		return out
	}
	mirrorX, mirrorY := mirrored(orientation)
	x := chroma(p.Y.Width, p.Cb.Width, w, mirrorX)
	y := chroma(p.Y.Height, p.Cb.Height, h, mirrorY)
	chromas := resize(x, y, p.Cb, p.Cr)
	out.Cb, out.Cr = chromas[0], chromas[1]
	return out
}

// chroma is the axis of a chroma plane of a line of luma samples, which is to be resized and maybe mirrored then. Pairs
// of luma are counted from where the line begins in the end.
func chroma(luma, samples, target int, mirror bool) axis {
	scale := float64(luma) / float64(target) / float64(subsampling(luma, samples))
	a := axis{source: samples, target: (target + 1) / 2, scale: 2 * scale}
	if mirror && target%2 == 1 {
		a.shift = -scale
	}
	return a
}

// resize scales planes of one size. Where much is to be taken away, plain averages take the first part of it: weights of
// longer windows would be too small for whole 128ths, and more work.
func resize(x, y axis, planes ...Plane) []Plane {
	if x.same() && y.same() {
		return planes
	}
	factorX, factorY := surplus(x.scale), surplus(y.scale)
	if factorX == 1 && factorY == 1 {
		return scale(lanczos(x), lanczos(y), planes)
	}
	nearX, x := x.after(factorX)
	nearY, y := y.after(factorY)
	return resize(x, y, scale(box(nearX, factorX), box(nearY, factorY), planes)...)
}

func scale(x, y *windows, planes []Plane) []Plane {
	out := make([]Plane, len(planes))
	for i, p := range planes {
		out[i] = p.scale(x, y)
	}
	return out
}

// surplus is the power of two to take away before a Lanczos filter, which is left at least a factor of two.
func surplus(scale float64) int {
	factor := 1
	for factor < unit/2 && float64(factor*4) <= scale {
		factor *= 2
	}
	return factor
}

// after splits an axis into the one of averaging by a factor, and what is left.
func (a axis) after(factor int) (near, rest axis) {
	reduced := (a.source + factor - 1) / factor
	near = axis{source: a.source, target: reduced, scale: float64(factor)}
	by := float64(factor)
	return near, axis{source: reduced, target: a.target, scale: a.scale / by, shift: a.shift / by}
}
