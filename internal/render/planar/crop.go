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
