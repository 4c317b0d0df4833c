package render

import (
	"context"
	"image"
	"image/color/palette"
	"image/draw"
	"testing"
)

// The prediction must hold, or a picture could end the process; and it must not be far off, or pictures would be refused
// for nothing.
func TestMemoryIsPredicted(t *testing.T) {
	photograph := picture(400, 300)
	onItsSide := exifBlock([]field{short(tagOrientation, 6)}, nil, nil)
	tests := map[string][]byte{
		"a baseline JPEG":         encoded(t, photograph, asJPEG),
		"a progressive JPEG":      sample(t, "progressive-444.jpg"),
		"a JPEG on its side":      withEXIF(encoded(t, photograph, asJPEG), onItsSide),
		"a CMYK JPEG":             sample(t, "cmyk.jpg"),
		"a PNG":                   encoded(t, photograph, asPNG),
		"a transparent PNG":       encoded(t, seeThrough(picture(400, 300)), asPNG),
		"a large transparent PNG": encoded(t, seeThrough(picture(2100, 200)), asPNG),
		"a PNG with a palette":    encoded(t, indexed(400, 300), asPNG),
		"a PNG of 16 bits":        encoded(t, drawn(picture(300, 200), deep), asPNG),
		"a GIF":                   encoded(t, indexed(400, 300), asGIF),
		"a BMP":                   encoded(t, photograph, asBMP),
		"a TIFF":                  encoded(t, photograph, asTIFF),
		"a TIFF with a palette":   encoded(t, indexed(400, 300), asTIFF),
		"a lossy WebP":            sample(t, "lossy.webp"),
		"a transparent WebP":      sample(t, "alpha.webp"),
		"a panorama":              encoded(t, picture(4000, 80), asJPEG),
	}
	for name, original := range tests {
		t.Run(name, func(t *testing.T) {
			head, err := readHeader(original)
			if err != nil {
				t.Fatal(err)
			}
			steps := plan(head.upright(), Developer{}.specs())
			way := choose(original, head, steps)
			predicted := way.cost
			used := allocated(func() {
				if _, err := way.draw(context.Background()); err != nil {
					t.Fatal(err)
				}
			})
			const small = 256 << 10 // what decoders and the resizer need for themselves
			if used > predicted+small {
				t.Errorf("%d bytes were allocated, %d predicted", used, predicted)
			}
			if r, ok := openRows(original, head); ok && !r.Opaque() { // it could have come to that, too
				used += allocated(func() { byPixels(t, original) })
			}
			if predicted > 5*used+small {
				t.Errorf("%d bytes were predicted, but only %d allocated", predicted, used)
			}
		})
	}
}

// indexed paints stripes with a palette.
func indexed(width, height int) image.Image {
	m := image.NewPaletted(image.Rect(0, 0, width, height), palette.Plan9)
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 251)
	}
	return m
}

func deep(r image.Rectangle) draw.Image { return image.NewNRGBA64(r) }

func TestDefaultLimitsAdmitPhotographs(t *testing.T) {
	jpeg := func(width, height int, progressive bool, sampling byte) header {
		f := jpegFrame{width: width, height: height, progressive: progressive, components: []jpegComponent{
			{1, sampling, sampling}, {2, 1, 1}, {3, 1, 1},
		}}
		return header{format: formatJPEG, width: width, height: height, cost: f.cost(), orientation: 6}
	}
	webp := header{format: formatWebP, width: 4000, height: 3000}
	webp.cost = webp.webpCost("VP8L", 9<<20)
	transparent := webp
	transparent.cost += 12_000_000 * (2 + 1 + 4)
	for name, h := range map[string]header{
		"24 megapixels":                         jpeg(6000, 4000, false, 2),
		"50 megapixels":                         jpeg(8660, 5773, false, 2),
		"50 megapixels in 4:4:4":                jpeg(8660, 5773, false, 1),
		"50 megapixels, progressive":            jpeg(8660, 5773, true, 2),
		"24 megapixels in 4:4:4, progressive":   jpeg(6000, 4000, true, 1),
		"a panorama of 48 megapixels":           jpeg(16_000, 3_000, false, 2),
		"24 megapixels in a PNG of 16 bits":     {format: formatPNG, width: 6000, height: 4000, cost: 24_000_000 * 8},
		"50 megapixels in a transparent PNG":    {format: formatPNG, width: 8660, height: 5773, cost: 50_000_000 * 4},
		"12 megapixels in a lossless WebP":      webp,
		"12 megapixels in a transparent WebP":   transparent,
		"24 megapixels in an uncompressed TIFF": {format: formatTIFF, width: 6000, height: 4000, cost: 24_000_000 * (4 + 3*3)},
	} {
		steps := plan(h.upright(), Developer{}.specs())
		if err := DefaultLimits().admit(h, 15<<20+h.cost+reductionCost(h, steps)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
