package jpegenc_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/darkroom/darkroom/internal/render/jpegenc"
	"github.com/darkroom/darkroom/internal/render/planar"
)

func TestEncodeLosesNoMoreThanTheStandardLibrary(t *testing.T) {
	for _, name := range []string{"dandelion.jpg", "djembe.jpg", "nuthatch.jpg"} {
		p := photograph(t, name).Resize(511, 341)
		for _, quality := range []int{1, 10, 50, 75, 80, 90, 95, 100} {
			t.Run(fmt.Sprintf("%s at %d", name, quality), func(t *testing.T) {
				t.Parallel()
				file, err := jpegenc.Encode(nil, p, quality)
				if err != nil {
					t.Fatal(err)
				}
				var peer bytes.Buffer
				if err := jpeg.Encode(&peer, asImage(p), &jpeg.Options{Quality: quality}); err != nil {
					t.Fatal(err)
				}
				got, want := psnr(decode(t, file), p), psnr(decode(t, peer.Bytes()), p)
				t.Logf("%.3f dB in %d bytes; image/jpeg %.3f dB in %d bytes", got, len(file), want, peer.Len())
				if got < want-0.02 {
					t.Errorf("%.2f dB; image/jpeg has %.2f dB", got, want)
				}
				if limit := peer.Len() + peer.Len()/200 + 32; len(file) > limit {
					t.Errorf("%d bytes, more than %d", len(file), limit)
				}
			})
		}
	}
}

// photograph decodes one of the repository's pictures.
func photograph(t testing.TB, name string) planar.Picture {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, file)
}

func decode(t testing.TB, file []byte) planar.Picture {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if grey, ok := img.(*image.Gray); ok {
		p, err := planar.FromGray(grey)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p, err := planar.FromYCbCr(img.(*image.YCbCr))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asImage is the same picture for other encoders. It shares the samples.
func asImage(p planar.Picture) image.Image {
	r := image.Rect(0, 0, p.Y.Width, p.Y.Height)
	if p.Grey() {
		return &image.Gray{Pix: p.Y.Pix, Stride: p.Y.Stride, Rect: r}
	}
	return &image.YCbCr{
		Y: p.Y.Pix, Cb: p.Cb.Pix, Cr: p.Cr.Pix, YStride: p.Y.Stride, CStride: p.Cb.Stride,
		SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: r,
	}
}

// psnr compares all planes of two pictures, in dB.
func psnr(a, b planar.Picture) float64 {
	sum, n := 0.0, 0
	for _, pair := range [][2]planar.Plane{{a.Y, b.Y}, {a.Cb, b.Cb}, {a.Cr, b.Cr}} {
		a, b := pair[0], pair[1]
		for y := range a.Height {
			for x := range a.Width {
				d := float64(a.Pix[y*a.Stride+x]) - float64(b.Pix[y*b.Stride+x])
				sum += d * d
			}
		}
		n += a.Width * a.Height
	}
	return 10 * math.Log10(255*255*float64(n)/max(sum, 1e-9))
}
