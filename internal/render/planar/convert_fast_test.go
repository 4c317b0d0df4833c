package planar

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestEveryConversionHasTheSameResults holds what this processor does to the portable sums, to the last bit.
func TestEveryConversionHasTheSameResults(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for order := RGB; order <= BGRX; order++ {
		for _, width := range []int{1, 2, 31, 32, 33, 34, 63, 64, 65, 66, 98, 257} {
			t.Run(fmt.Sprint(order, width), func(t *testing.T) {
				above, below := make([]byte, width*order.Bytes()), make([]byte, width*order.Bytes())
				for i := range above { // with much that is black and white
					above[i] = byte(r.Uint32()>>3) | byte(-(r.Uint32() & 1))
					below[i] = byte(r.Uint32()>>3) & byte(-(r.Uint32() & 1))
				}
				got, want := make([]byte, width), make([]byte, width)
				order.luma(got, above)
				order.lumaPlain(want, above)
				if !bytes.Equal(got, want) {
					t.Errorf("luma is % x, want % x", got, want)
				}
				b := NewBuilder(width, 2, order)
				cb, cr := make([]byte, (width+1)/2), make([]byte, (width+1)/2)
				for _, rows := range [][2][]byte{{above, below}, {above, above}, {below, below}} {
					b.chroma(0, rows[0], rows[1])
					order.chromaPlain(cb, cr, rows[0], rows[1], 0)
					if !bytes.Equal(b.picture.Cb.row(0), cb) || !bytes.Equal(b.picture.Cr.row(0), cr) {
						t.Errorf("chroma is % x, % x, want % x, % x", b.picture.Cb.row(0), b.picture.Cr.row(0), cb, cr)
					}
				}
			})
		}
	}
}

// Every colour of a coarse cube, in blocks, so that each weight meets its extremes.
func TestEveryColourHasTheSameResults(t *testing.T) {
	const step = 15
	var row []byte
	for r := 0; r < 256; r += step {
		for g := 0; g < 256; g += step {
			for b := 0; b < 256; b += step {
				row = append(row, byte(r), byte(g), byte(b), byte(r), byte(g), byte(b))
			}
		}
	}
	width := len(row) / 3
	got, want := make([]byte, width), make([]byte, width)
	RGB.luma(got, row)
	RGB.lumaPlain(want, row)
	b := NewBuilder(width, 2, RGB)
	b.chroma(0, row, row)
	cb, cr := make([]byte, width/2), make([]byte, width/2)
	RGB.chromaPlain(cb, cr, row, row, 0)
	if !bytes.Equal(got, want) || !bytes.Equal(b.picture.Cb.row(0), cb) || !bytes.Equal(b.picture.Cr.row(0), cr) {
		t.Error("they differ")
	}
}
