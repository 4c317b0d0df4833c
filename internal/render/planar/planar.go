// Package planar holds pictures as planes of samples, as JPEG stores them.
package planar

// Plane is a rectangle of 8-bit samples in rows: sample (x, y) is Pix[y*Stride+x], and Stride >= Width.
type Plane struct {
	Pix                   []byte
	Stride, Width, Height int
}

// Picture is luma and chroma as JFIF has them, full-range BT.601. Cb and Cr are empty for grey; else their size is a
// sub-sampling of Y's, ceil(Y/1 or /2 or /4) each way, and each sample is sited at the centre of the luma that it covers.
type Picture struct{ Y, Cb, Cr Plane }

// Grey tells whether the picture has no chroma.
func (p Picture) Grey() bool { return p.Cb.Width == 0 || p.Cr.Width == 0 }

// newPlane allocates a plane. Its rows are padded to whole words of eight samples, which writers may fill.
func newPlane(w, h int) Plane {
	stride := (w + 7) &^ 7
	return Plane{Pix: make([]byte, stride*h), Stride: stride, Width: w, Height: h}
}

// row is the samples of one row.
func (p Plane) row(y int) []byte {
	start := y * p.Stride
	return p.Pix[start : start+p.Width : start+p.Width]
}

// view is a part of the plane that shares its samples.
func (p Plane) view(x, y, w, h int) Plane {
	start := y*p.Stride + x
	end := start + (h-1)*p.Stride + w
	return Plane{Pix: p.Pix[start:end:end], Stride: p.Stride, Width: w, Height: h}
}

// subsampling is how many luma samples one chroma sample covers in one direction: the least of 1, 2 and 4 that explains
// the sizes. Where several do, there is one chroma sample only, and it does not matter which is taken.
func subsampling(luma, chroma int) int {
	for _, factor := range [...]int{1, 2} {
		if (luma+factor-1)/factor == chroma {
			return factor
		}
	}
	return 4
}
