package render

import (
	"errors"
	"image"
	"image/color"
)

var errIndex = errors.New("a pixel has a colour that the palette does not hold")

// expand turns pictures of the kinds that imaging cannot be trusted with, or is slow with, into kinds that it can.
func expand(img image.Image, h header) (image.Image, error) {
	switch m := img.(type) {
	case *image.Paletted:
		return expandPalette(m, image.Rect(0, 0, h.width, h.height))
	case *image.CMYK:
		return expandCMYK(m), nil
	case *image.NYCbCrA:
		stretch(m.Y, m.Cb, m.Cr)
		return expandAlpha(m), nil
	case *image.YCbCr:
		if h.format == formatWebP {
			stretch(m.Y, m.Cb, m.Cr)
		}
	}
	return img, nil
}

// expandPalette looks up every pixel's colour, and lays the picture on a transparent screen: the first frame of a GIF
// need not fill it. An index beyond the palette is an error here; imaging would panic (CVE-2023-36308).
func expandPalette(src *image.Paletted, screen image.Rectangle) (*image.NRGBA, error) {
	var colours [256]color.NRGBA
	for i, c := range src.Palette[:min(len(src.Palette), 256)] {
		colours[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	dst := image.NewNRGBA(screen)
	b := src.Rect.Intersect(screen)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		row := src.Pix[src.PixOffset(b.Min.X, y):][:b.Dx()]
		out := dst.Pix[dst.PixOffset(b.Min.X, y):][:4*b.Dx()]
		for x, index := range row {
			if int(index) >= len(src.Palette) {
				return nil, errIndex
			}
			c := colours[index]
			out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = c.R, c.G, c.B, c.A
		}
	}
	return dst, nil
}

// expandCMYK converts in place: four bytes a pixel become four others.
func expandCMYK(m *image.CMYK) *image.NRGBA {
	for i := 0; i+3 < len(m.Pix); i += 4 {
		p := m.Pix[i : i+4 : i+4]
		p[0], p[1], p[2] = color.CMYKToRGB(p[0], p[1], p[2], p[3])
		p[3] = 0xff
	}
	return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}

func expandAlpha(src *image.NYCbCrA) *image.NRGBA {
	dst := image.NewNRGBA(src.Rect)
	b := src.Rect
	for y := b.Min.Y; y < b.Max.Y; y++ {
		out := dst.Pix[dst.PixOffset(b.Min.X, y):]
		for x := b.Min.X; x < b.Max.X; x++ {
			at := src.COffset(x, y)
			p := out[4*(x-b.Min.X):][:4]
			p[0], p[1], p[2] = color.YCbCrToRGB(src.Y[src.YOffset(x, y)], src.Cb[at], src.Cr[at])
			p[3] = src.A[src.AOffset(x, y)]
		}
	}
	return dst
}

// stretch brings the samples of a lossy WebP, whose black is 16 and whose white is 235, to the full range of pictures.
// Decoders leave them as they are, which shows as a grey veil.
func stretch(y, cb, cr []byte) {
	var luma, chroma [256]uint8
	for i := range 256 {
		luma[i] = clamp((float64(i) - 16) * 255 / 219)
		chroma[i] = clamp((float64(i)-128)*255/224 + 128)
	}
	for i, v := range y {
		y[i] = luma[v]
	}
	for _, plane := range [2][]byte{cb, cr} {
		for i, v := range plane {
			plane[i] = chroma[v]
		}
	}
}

func clamp(v float64) uint8 { return uint8(min(max(v+0.5, 0), 255)) }
