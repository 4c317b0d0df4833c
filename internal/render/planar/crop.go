package planar

// Crop takes the central w × h luma samples, or as many as there are. The result shares the picture's samples. It begins
// with a whole chroma sample, so with 4:2:0 it may lie one luma sample beside the centre.
func (p Picture) Crop(w, h int) Picture {
	w, h = min(max(w, 1), p.Y.Width), min(max(h, 1), p.Y.Height)
	x, y := (p.Y.Width-w)/2, (p.Y.Height-h)/2
	if p.Grey() {
		return Picture{Y: p.Y.view(x, y, w, h)}
	}
	byX, byY := subsampling(p.Y.Width, p.Cb.Width), subsampling(p.Y.Height, p.Cb.Height)
	cx, cy, cw, ch := x/byX, y/byY, (w+byX-1)/byX, (h+byY-1)/byY
	return Picture{
		Y:  p.Y.view(cx*byX, cy*byY, w, h),
		Cb: p.Cb.view(cx, cy, cw, ch),
		Cr: p.Cr.view(cx, cy, cw, ch),
	}
}

// ResizeCentre scales the central square of a picture to side × side luma samples, with chroma at 4:2:0. The square is
// exact to the fraction of a sample, where Crop would begin with a whole chroma sample.
func (p Picture) ResizeCentre(side int) Picture {
	from := min(p.Y.Width, p.Y.Height)
	luma := func(n int) axis {
		return axis{source: n, target: side, scale: float64(from) / float64(side), shift: float64(n-from) / 2}
	}
	out := Picture{Y: resize(luma(p.Y.Width), luma(p.Y.Height), p.Y)[0]}
	if p.Grey() {
		return out
	}
	half := func(n, samples int) axis {
		a, by := luma(n), float64(subsampling(n, samples))
		return axis{source: samples, target: (side + 1) / 2, scale: 2 * a.scale / by, shift: a.shift / by}
	}
	chromas := resize(half(p.Y.Width, p.Cb.Width), half(p.Y.Height, p.Cb.Height), p.Cb, p.Cr)
	out.Cb, out.Cr = chromas[0], chromas[1]
	return out
}
