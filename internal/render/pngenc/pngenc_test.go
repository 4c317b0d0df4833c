package pngenc_test

import (
	"bytes"
	"image"
	"image/png"
	"math/rand/v2"
	"testing"

	"github.com/darkroom/darkroom/internal/render/pngenc"
)

// noisy is a picture of noise over a slope, part of a larger one so that its rows do not follow each other.
func noisy(w, h int) *image.NRGBA {
	random := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	m := image.NewNRGBA(image.Rect(0, 0, w+3, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i/16) + byte(random.Uint32()%5)
	}
	return m.SubImage(image.Rect(0, 0, w, h)).(*image.NRGBA)
}

func TestTheStandardLibraryReadsTheSamePixels(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {2, 3}, {17, 5}, {300, 200}, {2048, 9}} {
		m := noisy(size.X, size.Y)
		file, err := pngenc.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if got.Bounds().Size() != size {
			t.Fatalf("got %v, want %v", got.Bounds(), size)
		}
		for y := range size.Y {
			for x := range size.X {
				if g, w := got.At(x, y), m.NRGBAAt(x, y); g != w {
					t.Fatalf("%v at %d, %d of %v, want %v", g, x, y, size, w)
				}
			}
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	m := noisy(2048, 1536)
	for b.Loop() {
		if _, err := pngenc.Encode(m); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPeerStandardLibrary(b *testing.B) {
	m := noisy(2048, 1536)
	for b.Loop() {
		if err := png.Encode(&bytes.Buffer{}, m); err != nil {
			b.Fatal(err)
		}
	}
}
