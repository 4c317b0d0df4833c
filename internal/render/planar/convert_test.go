package planar_test

import (
	"errors"
	"image"
	"image/color"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

func TestFromYCbCrAndBackHasTheColoursOfTheImage(t *testing.T) {
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		t.Run(ratio.String(), func(t *testing.T) {
			whole := image.NewYCbCr(image.Rect(0, 0, 23, 17), ratio)
			copy(whole.Y, noise(23, 17).Pix)
			copy(whole.Cb, noise(24, 17).Pix)
			copy(whole.Cr, noise(25, 17).Pix)
			for _, r := range []image.Rectangle{whole.Rect, image.Rect(4, 2, 23, 17), image.Rect(8, 4, 13, 7)} {
				img := whole.SubImage(r).(*image.YCbCr)
				p, err := planar.FromYCbCr(img)
				if err != nil {
					t.Fatal(err)
				}
				sameColours(t, p.RGBA(), img)
			}
		})
	}
}

func TestFromGrayAndBackHasTheShadesOfTheImage(t *testing.T) {
	whole := &image.Gray{Pix: noise(23, 17).Pix, Stride: 23, Rect: image.Rect(0, 0, 23, 17)}
	img := whole.SubImage(image.Rect(3, 5, 20, 17)).(*image.Gray)
	p, err := planar.FromGray(img)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Grey() {
		t.Error("got colours")
	}
	sameColours(t, p.RGBA(), img)
}

func sameColours(t *testing.T, got *image.RGBA, want image.Image) {
	t.Helper()
	b := want.Bounds()
	if got.Rect.Size() != b.Size() {
		t.Fatalf("got %v, want %v", got.Rect.Size(), b.Size())
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			colour := color.RGBAModel.Convert(want.At(b.Min.X+x, b.Min.Y+y))
			if got := got.RGBAAt(x, y); got != colour {
				t.Fatalf("got %v at %d, %d, want %v", got, x, y, colour)
			}
		}
	}
}

func TestImagesWithImpossibleLayoutsAreRefused(t *testing.T) {
	good := image.NewYCbCr(image.Rect(0, 0, 9, 9), image.YCbCrSubsampleRatio420)
	cases := []struct {
		name   string
		change func(img *image.YCbCr)
	}{
		{"an empty one", func(img *image.YCbCr) { img.Rect.Max.X = 0 }},
		{"one that begins between two chroma samples", func(img *image.YCbCr) { img.Rect.Min.X = 1 }},
		{"an unknown sub-sampling", func(img *image.YCbCr) { img.SubsampleRatio = 99 }},
		{"too few luma samples", func(img *image.YCbCr) { img.Y = img.Y[:80] }},
		{"too few chroma samples", func(img *image.YCbCr) { img.Cr = img.Cr[:24] }},
		{"rows that overlap", func(img *image.YCbCr) { img.YStride = 8 }},
		{"rows of no length", func(img *image.YCbCr) { img.CStride = 0 }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			img := *good
			c.change(&img)
			if _, err := planar.FromYCbCr(&img); !errors.Is(err, planar.ErrLayout) {
				t.Errorf("got %v, want %v", err, planar.ErrLayout)
			}
		})
	}
	if _, err := planar.FromGray(&image.Gray{}); !errors.Is(err, planar.ErrLayout) {
		t.Errorf("got %v for a grey image without samples", err)
	}
}
