package render

import (
	"context"
	"errors"
	"image"
	"io"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// seeds are small files of every format.
func seeds(f *testing.F) {
	first, camera, gps := whole()
	block := exifBlock(first, camera, gps)
	small := seeThrough(picture(17, 9))
	f.Add(withEXIF(encoded(f, small, asJPEG), block))
	f.Add(withEXIF(encoded(f, small, asPNG), block))
	for _, encode := range []func(io.Writer, image.Image) error{asGIF, asBMP, asTIFF, asPlainTIFF} {
		f.Add(encoded(f, small, encode))
	}
	f.Add(sample(f, "alpha.webp")[:2000])
	f.Add(sample(f, "lossy.webp")[:2000])
	f.Add([]byte(pngOf(9, 9, 16, 6, 1)))
	f.Add(tiffOf(9, 9, 8, 5))
}

func FuzzHeader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := readHeader(b)
		if err != nil {
			var failure *Failure
			if !errors.As(err, &failure) || failure.Code.Message() == "" {
				t.Fatalf("the error is %v", err)
			}
			return
		}
		if h.width < 1 || h.height < 1 || h.cost < h.pixels() || h.orientation < 0 || h.orientation > 8 {
			t.Fatalf("the header is %+v", h)
		}
		if cost := reductionCost(h, plan(h.upright(), gallery.Specs())); h.pixels() < 1<<30 && cost < 1 {
			t.Fatalf("reducing %d×%d costs %d", h.width, h.height, cost)
		}
	})
}

func FuzzDevelop(f *testing.F) {
	seeds(f)
	d := Developer{
		Limits: Limits{Pixels: 1 << 16, Memory: 64 << 20},
		Specs:  []gallery.Spec{{Name: "small", Edge: 16}, {Name: "square", Edge: 8, Crop: true}},
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := d.Develop(context.Background(), b, "")
		if err != nil {
			var failure *Failure
			if !errors.As(err, &failure) {
				t.Fatalf("the error is %v", err)
			}
			return
		}
		if len(p.Renditions) != 2 || p.Facts.Width < 1 || p.Facts.Height < 1 || p.Facts.Placeholder == "" {
			t.Fatalf("the picture is %+v", p.Facts)
		}
	})
}
