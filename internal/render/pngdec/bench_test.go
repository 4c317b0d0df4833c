package pngdec_test

import (
	"bytes"
	"image/png"
	"path/filepath"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"github.com/darkroom/darkroom/internal/render/pngrow"
)

func BenchmarkDecode(b *testing.B) {
	benchmark(b, func(file []byte) error {
		_, err := decode(b.Context(), file)
		return err
	})
}

func BenchmarkPeerStandardLibrary(b *testing.B) {
	benchmark(b, func(file []byte) error {
		_, err := png.Decode(bytes.NewReader(file))
		return err
	})
}

// benchmark decodes a photograph without filters, and one with the filter that takes longest.
func benchmark(b *testing.B, decode func(file []byte) error) {
	for name, filtered := range map[string]bool{"plain": false, "filtered": true} {
		file := photograph(b, filtered)
		b.Run(name, func(b *testing.B) {
			least := time.Hour
			for b.Loop() {
				begin := time.Now()
				if err := decode(file); err != nil {
					b.Fatal(err)
				}
				least = min(least, time.Since(begin))
			}
			b.ReportMetric(float64(least.Microseconds())/1000, "least-ms/op")
		})
	}
}

// photograph is one as a PNG in RGB.
func photograph(b *testing.B, filtered bool) []byte {
	b.Helper()
	img, err := imaging.Open(filepath.Join("..", "..", "..", "testdata", "dandelion.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	size := img.Bounds().Size()
	above, row := make([]byte, 3*size.X), make([]byte, 3*size.X)
	stored := make([]byte, 1+3*size.X)
	var raw []byte
	for y := range size.Y {
		for x := range size.X {
			r, g, bl, _ := img.At(x, y).RGBA()
			row[3*x], row[3*x+1], row[3*x+2] = byte(r>>8), byte(g>>8), byte(bl>>8)
		}
		copy(stored[1:], row)
		if filtered {
			stored[0] = pngrow.Nearest(stored[1:], row, above, 3)
		}
		raw = append(raw, stored...)
		above, row = row, above
	}
	return kind{"", 2, 8, 3}.file(b, size.X, size.Y, raw, 8192)
}
