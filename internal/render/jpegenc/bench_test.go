package jpegenc_test

import (
	"bytes"
	"image/jpeg"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/render/jpegenc"
)

// measure runs an operation and reports the least time that it took, which on a busy machine says more than the mean.
func measure(b *testing.B, operation func()) {
	least := time.Hour
	b.ReportAllocs()
	for b.Loop() {
		before := time.Now()
		operation()
		least = min(least, time.Since(before))
	}
	b.ReportMetric(float64(least.Microseconds())/1000, "least-ms/op")
}

func BenchmarkEncode2048(b *testing.B) {
	p := photograph(b, "djembe.jpg").Resize(2048, 1365)
	var file []byte
	measure(b, func() {
		file, _ = jpegenc.Encode(file[:0], p, 80)
	})
	b.ReportMetric(float64(len(file)), "B")
}

func BenchmarkPeerStandardLibrary2048(b *testing.B) {
	p := photograph(b, "djembe.jpg").Resize(2048, 1365)
	var file bytes.Buffer
	measure(b, func() {
		file.Reset()
		if err := jpeg.Encode(&file, asImage(p), &jpeg.Options{Quality: 80}); err != nil {
			b.Fatal(err)
		}
	})
	b.ReportMetric(float64(file.Len()), "B")
}

// BenchmarkDevelop is all the work behind a decoder that yields a photograph of 24 megapixels at 3/8 of its size.
func BenchmarkDevelop(b *testing.B) {
	source := photograph(b, "djembe.jpg").Resize(2250, 1500)
	var file []byte
	measure(b, func() {
		p := source
		for _, size := range [][2]int{{2048, 1365}, {1024, 683}, {512, 341}, {256, 171}} {
			p = p.Resize(size[0], size[1])
			file, _ = jpegenc.Encode(file[:0], p, 80)
		}
		file, _ = jpegenc.Encode(file[:0], p.Crop(171, 171), 80)
	})
}
