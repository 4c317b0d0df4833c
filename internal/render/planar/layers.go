package planar

import "image"

// Layers is a picture with transparency: planes of one size of red, green and blue, each times alpha, and of alpha.
type Layers [4]Plane

// LayersBuilder makes Layers of rows of pixels, from the top down.
type LayersBuilder struct {
	layers Layers
	rows   int
}

// NewLayersBuilder begins a picture of width × height pixels, both positive. It allocates LayersMemory.
func NewLayersBuilder(width, height int) *LayersBuilder {
	b := &LayersBuilder{}
	for i := range b.layers {
		b.layers[i] = newPlane(width, height)
	}
	return b
}

// LayersMemory is the bytes that Layers take.
func LayersMemory(width, height int) int64 { return 4 * int64(width+7) * int64(height) }

// Add takes the next row of RGBA, whose colours are not yet times alpha; of it nothing is kept. What is beyond the picture's
// width or height is ignored; a row that is shorter than the picture is wide panics.
func (b *LayersBuilder) Add(row []byte) error {
	if b.rows == b.layers[0].Height {
		return nil
	}
	r, g, bl, a := b.layers[0].row(b.rows), b.layers[1].row(b.rows), b.layers[2].row(b.rows), b.layers[3].row(b.rows)
	b.rows++
	row = row[:4*len(r)]
	g, bl, a = g[:len(r)], bl[:len(r)], a[:len(r)]
	for x := range r {
		p := row[4*x : 4*x+4 : 4*x+4]
		alpha := uint32(p[3])
		a[x] = p[3]
		r[x], g[x], bl[x] = times(p[0], alpha), times(p[1], alpha), times(p[2], alpha)
	}
	return nil
}

// times is colour·alpha/255, rounded.
func times(colour byte, alpha uint32) byte {
	v := uint32(colour)*alpha + 128
	return byte((v + v>>8) >> 8)
}

// Layers is what was built. Rows that were not added are transparent.
func (b *LayersBuilder) Layers() Layers { return b.layers }

// LayersOf takes the pixels of an image.
func LayersOf(m *image.NRGBA) Layers {
	b := NewLayersBuilder(m.Rect.Dx(), m.Rect.Dy())
	for y := range m.Rect.Dy() {
		_ = b.Add(m.Pix[y*m.Stride:])
	}
	return b.Layers()
}

// Resize scales the picture to w × h pixels. The result shares samples with the picture where those need no change.
func (l Layers) Resize(w, h int) Layers {
	width, height := l[3].Width, l[3].Height
	return l.resize(
		axis{source: width, target: w, scale: float64(width) / float64(w)},
		axis{source: height, target: h, scale: float64(height) / float64(h)},
	)
}

// ResizeCentre scales the central square of the picture to side × side pixels.
func (l Layers) ResizeCentre(side int) Layers {
	from := min(l[3].Width, l[3].Height)
	along := func(n int) axis {
		return axis{source: n, target: side, scale: float64(from) / float64(side), shift: float64(n-from) / 2}
	}
	return l.resize(along(l[3].Width), along(l[3].Height))
}

func (l Layers) resize(x, y axis) Layers { return Layers(resize(x, y, l[:]...)) }

// Opaque tells whether the whole picture is.
func (l Layers) Opaque() bool {
	for y := range l[3].Height {
		for _, a := range l[3].row(y) {
			if a != 255 {
				return false
			}
		}
	}
	return true
}

// NRGBA gives the pixels, whose colours are not times alpha any more.
func (l Layers) NRGBA() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, l[3].Width, l[3].Height))
	for y := range l[3].Height {
		r, g, b, a := l[0].row(y), l[1].row(y), l[2].row(y), l[3].row(y)
		row := m.Pix[y*m.Stride:][:4*len(a)]
		for x, alpha := range a {
			share := shares[alpha]
			p := row[4*x : 4*x+4 : 4*x+4]
			p[0], p[1], p[2], p[3] = over(r[x], share), over(g[x], share), over(b[x], share), alpha
		}
	}
	return m
}

// shares are 255/alpha, with 16 bits after the point.
var shares = func() (s [256]uint32) {
	for a := 1; a < 256; a++ {
		s[a] = uint32((255<<16 + a/2) / a)
	}
	return s
}()

// over is colour/alpha, rounded and limited: scaling may leave a colour beyond its alpha.
func over(colour byte, share uint32) byte { return byte(min((uint32(colour)*share+1<<15)>>16, 255)) }
