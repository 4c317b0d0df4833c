package jpegdec_test

import (
	"bytes"
	"flag"
	"fmt"
	"image/jpeg"
	"testing"

	"github.com/darkroom/darkroom/internal/render/jpegdec"
)

var photograph = flag.String("photograph", "", "a JPEG to measure with, instead of a drawing of 12 megapixels")

func subject(b *testing.B) []byte {
	b.Helper()
	if *photograph != "" {
		return read(b, *photograph)
	}
	return draw(1, 4000, 3000, [2]int{2, 2}, [2]int{1, 1}, [2]int{1, 1}).encode(options{})
}

func BenchmarkDecode(b *testing.B) {
	data := subject(b)
	h, err := jpegdec.ReadHeader(data)
	if err != nil {
		b.Fatalf("ReadHeader: %v", err)
	}
	for _, n := range []int{8, 5, 4, 3, 2, 1} {
		b.Run(fmt.Sprintf("%d of 8", n), func(b *testing.B) {
			b.ReportAllocs()
			b.ReportMetric(float64(len(data)*8)/float64(h.Width*h.Height), "bits/px")
			for b.Loop() {
				decode(b, data, n)
			}
		})
	}
}

func BenchmarkStandardLibrary(b *testing.B) {
	data := subject(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			b.Fatalf("jpeg.Decode: %v", err)
		}
	}
}
