package planar_test

import (
	"image"
	"testing"
	"time"

	"github.com/disintegration/imaging"
	"golang.org/x/image/draw"

	"github.com/darkroom/darkroom/internal/render/planar"
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

var cascade = []image.Point{{2048, 1365}, {1024, 683}, {512, 341}, {256, 171}}

// large is a photograph enlarged to the size that a decoder yields for 24 megapixels.
func large(b *testing.B, w, h int) planar.Picture {
	p := photograph(b, "dandelion.jpg")
	return p.Resize(w, h)
}

func BenchmarkCascadeFrom2250(b *testing.B) { benchmarkCascade(b, 2250, 1500) }
func BenchmarkCascadeFrom3000(b *testing.B) { benchmarkCascade(b, 3000, 2000) }

func benchmarkCascade(b *testing.B, w, h int) {
	source := large(b, w, h)
	measure(b, func() {
		p := source
		for _, size := range cascade {
			p = p.Resize(size.X, size.Y)
		}
		p.Crop(171, 171).Resize(171, 171)
	})
}

func BenchmarkResize(b *testing.B) {
	source := large(b, 2250, 1500)
	measure(b, func() {
		source.Resize(2048, 1365)
	})
}

func BenchmarkHalf(b *testing.B) {
	source := large(b, 2048, 1366)
	measure(b, func() {
		source.Resize(1024, 683)
	})
}

func BenchmarkPeerImagingCascadeFrom3000(b *testing.B) {
	source := imaging.Clone(large(b, 3000, 2000).RGBA())
	measure(b, func() {
		p := source
		for _, size := range cascade {
			p = imaging.Resize(p, size.X, size.Y, imaging.Lanczos)
		}
	})
}

func BenchmarkPeerCatmullRomCascadeFrom3000(b *testing.B)     { benchmarkDraw(b, draw.CatmullRom) }
func BenchmarkPeerApproxBiLinearCascadeFrom3000(b *testing.B) { benchmarkDraw(b, draw.ApproxBiLinear) }

func benchmarkDraw(b *testing.B, by draw.Scaler) {
	source := large(b, 3000, 2000).RGBA()
	measure(b, func() {
		p := source
		for _, size := range cascade {
			next := image.NewRGBA(image.Rectangle{Max: size})
			by.Scale(next, next.Rect, p, p.Rect, draw.Src, nil)
			p = next
		}
	})
}
