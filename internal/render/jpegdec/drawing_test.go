package jpegdec_test

import (
	"math"
	"math/rand/v2"
)

// drawing is a picture as coefficients, from which files and the samples expected of them are made.
type drawing struct {
	width, height int
	parts         []part
	quant         [64]int // by row and column
}

type part struct {
	across, down int
	wide, high   int // blocks, those filling up MCUs included
	blocks       [][64]int
}

// draw makes a drawing of the sampling given, luma's factors first, with coefficients as photographs have them: large
// ones at low frequencies, most others 0.
func draw(seed uint64, width, height int, factors ...[2]int) *drawing {
	r := rand.New(rand.NewPCG(seed, 1))
	d := &drawing{width: width, height: height}
	for i := range d.quant {
		d.quant[i] = 3 + 2*(i&7) + 3*(i>>3)
	}
	for _, f := range factors {
		p := part{across: f[0], down: f[1]}
		p.wide = (width + 8*factors[0][0] - 1) / (8 * factors[0][0]) * f[0]
		p.high = (height + 8*factors[0][1] - 1) / (8 * factors[0][1]) * f[1]
		for range p.wide * p.high {
			p.blocks = append(p.blocks, d.block(r))
		}
		d.parts = append(d.parts, p)
	}
	return d
}

func (d *drawing) block(r *rand.Rand) (b [64]int) {
	b[0] = int(r.NormFloat64()*400) / d.quant[0]
	if r.IntN(4) == 0 {
		return b
	}
	reach := 1 + r.IntN(64)
	for k := 1; k < reach; k++ {
		p := zigzag[k]
		b[p] = int(r.NormFloat64() * 120 / (1 + float64(p&7)) / (1 + float64(p>>3)) / float64(d.quant[p]) * 3)
	}
	return b
}

// samples is the picture decoded at n/8, part i, by definition, and its size. Samples are not rounded.
func (d *drawing) samples(i, n int) (pix []float64, width, height int) {
	p := d.parts[i]
	first := d.parts[0]
	width = ceil(ceil(d.width*p.across, first.across)*n, 8)
	height = ceil(ceil(d.height*p.down, first.down)*n, 8)
	pix = make([]float64, width*height)
	for y := 0; y < height; y += n {
		for x := 0; x < width; x += n {
			square := d.transform(&p.blocks[y/n*p.wide+x/n], n)
			for v := range min(n, height-y) {
				copy(pix[(y+v)*width+x:(y+v+1)*width], square[v*n:][:n])
			}
		}
	}
	return pix, width, height
}

// transform is the samples of a block, n×n of them, one dimension after the other.
func (d *drawing) transform(b *[64]int, n int) []float64 {
	columns, square := make([]float64, n*n), make([]float64, n*n)
	for u := range n {
		for y := range n {
			for v := range n {
				columns[y*n+u] += float64(b[v*8+u]*d.quant[v*8+u]) * waves[n][v][y]
			}
		}
	}
	for y := range n {
		for x := range n {
			for u := range n {
				square[y*n+x] += columns[y*n+u] * waves[n][u][x]
			}
			square[y*n+x] = min(255, max(0, square[y*n+x]/8+128))
		}
	}
	return square
}

// waves are by n, frequency and sample.
var waves = func() (w [9][8][8]float64) {
	for n := range w {
		for u := range n {
			for x := range n {
				w[n][u][x] = wave(u, x, n)
			}
		}
	}
	return w
}()

// wave is frequency u of n at sample x.
func wave(u, x, n int) float64 {
	if u == 0 {
		return 1
	}
	return math.Sqrt2 * math.Cos(float64(2*x+1)*float64(u)*math.Pi/float64(2*n))
}

func ceil(a, by int) int { return (a + by - 1) / by }

var zigzag = [64]int{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}
