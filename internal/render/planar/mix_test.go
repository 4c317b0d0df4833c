package planar

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestEveryMixHasTheSameResults holds what this processor does to the portable sums, to the last bit.
func TestEveryMixHasTheSameResults(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, width := range []int{1, 7, 15, 16, 17, 31, 32, 33, 100, 257} {
		for _, scale := range []float64{0.7, 1, 1.22, 1.9, 3.3} {
			p := newPlane(width, 40)
			for i := range p.Pix {
				p.Pix[i] = byte(r.Uint32()>>3) | byte(-(r.Uint32() & 1)) // with much that is white, so that sums ring
			}
			target := max(1, int(float64(width)/scale))
			x := lanczos(axis{source: width, target: target, scale: float64(width) / float64(target)})
			y := lanczos(axis{source: 40, target: 32, scale: 1.25})
			t.Run(fmt.Sprintf("%d to %d", width, target), func(t *testing.T) {
				got, want := newScaler(p, x, y), newScaler(p, x, y)
				words := len(got.rows) / band
				for i := range band {
					row, portable := got.rows[i*words:][:words], want.rows[i*words:][:words]
					got.mixRow(row, i)
					want.mixRowInWords(portable, i)
					if !bytes.Equal(samples(row, width), samples(portable, width)) {
						t.Fatalf("row %d is % x, want % x", i, samples(row, width), samples(portable, width))
					}
				}
				got.toColumns(words)
				want.toColumns(words)
				got.mixColumns()
				want.mixColumnsInWords()
				n := len(x.first) * band
				if !bytes.Equal(samples(got.mixed, n), samples(want.mixed, n)) {
					t.Fatalf("columns are % x, want % x", samples(got.mixed, n), samples(want.mixed, n))
				}
			})
		}
	}
}

// samples are the first n bytes of words.
func samples(words []uint64, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(words[i/8] >> (8 * (i % 8)))
	}
	return b
}
