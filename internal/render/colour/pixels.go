package colour

import "image"

// Pixels brings a picture to sRGB, in place. Transparency stays.
func (t *Transform) Pixels(m *image.NRGBA) {
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride:][:4*m.Rect.Dx()]
		for ; len(row) >= 4; row = row[4:] {
			r, g, b := t.colour(row[0], row[1], row[2])
			row[0], row[1], row[2] = whole(r), whole(g), whole(b)
		}
	}
}

func whole(level float32) uint8 { return uint8(min(max(level, 0), 255) + 0.5) }
