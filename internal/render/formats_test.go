package render

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"io"
	"testing"

	"golang.org/x/image/webp"

	"github.com/darkroom/darkroom/gallery"
)

// drawn copies a picture into one of another kind.
func drawn(src image.Image, into func(image.Rectangle) draw.Image) image.Image {
	m := into(src.Bounds())
	draw.Draw(m, m.Bounds(), src, image.Point{}, draw.Src)
	return m
}

func TestEveryFormatIsRecognisedByItsContent(t *testing.T) {
	clear := append(color.Palette{color.NRGBA{}}, palette.WebSafe...)
	grey := drawn(picture(60, 40), func(r image.Rectangle) draw.Image { return image.NewGray(r) })
	deep := drawn(picture(60, 40), func(r image.Rectangle) draw.Image { return image.NewNRGBA64(r) })
	tests := []struct {
		name   string
		m      image.Image
		encode func(io.Writer, image.Image) error
		format string
		kind   string // of the renditions
		least  float64
	}{
		{"a JPEG", picture(60, 40), asJPEG, "jpeg", "image/jpeg", 34},
		{"a grey JPEG", grey, asJPEG, "jpeg", "image/jpeg", 34},
		{"an opaque PNG with an alpha channel", picture(60, 40), asPNG, "png", "image/jpeg", 34},
		{"a transparent PNG", seeThrough(picture(60, 40)), asPNG, "png", "image/png", 1000},
		{"a PNG of 16 bits", deep, asPNG, "png", "image/jpeg", 34},
		{"a transparent PNG of 16 bits", drawn(seeThrough(picture(60, 40)), func(r image.Rectangle) draw.Image {
			return image.NewNRGBA64(r)
		}), asPNG, "png", "image/png", 50},
		{"a grey PNG", grey, asPNG, "png", "image/jpeg", 34},
		{"a grey PNG of 16 bits", drawn(picture(60, 40), func(r image.Rectangle) draw.Image {
			return image.NewGray16(r)
		}), asPNG, "png", "image/jpeg", 34},
		{"a PNG with a palette", drawn(picture(60, 40), func(r image.Rectangle) draw.Image {
			return image.NewPaletted(r, palette.Plan9)
		}), asPNG, "png", "image/jpeg", 26},
		{"a PNG with a transparent colour in its palette", drawn(image.NewNRGBA(image.Rect(0, 0, 60, 40)),
			func(r image.Rectangle) draw.Image { return image.NewPaletted(r, clear) }), asPNG, "png", "image/png", 1000},
		{"a GIF", drawn(picture(60, 40), func(r image.Rectangle) draw.Image {
			return image.NewPaletted(r, palette.Plan9)
		}), asGIF, "gif", "image/jpeg", 26},
		{"a BMP", drawn(picture(60, 40), func(r image.Rectangle) draw.Image { return image.NewRGBA(r) }), asBMP,
			"bmp", "image/jpeg", 34},
		{"a BMP with a palette", drawn(picture(60, 40), func(r image.Rectangle) draw.Image {
			return image.NewPaletted(r, palette.Plan9)
		}), asBMP, "bmp", "image/jpeg", 26},
		{"a TIFF", picture(60, 40), asTIFF, "tiff", "image/jpeg", 34},
		{"a plain TIFF", picture(60, 40), asPlainTIFF, "tiff", "image/jpeg", 34},
		{"a transparent TIFF", seeThrough(picture(60, 40)), asTIFF, "tiff", "image/png", 1000},
		{"a TIFF with a palette", drawn(picture(60, 40), func(r image.Rectangle) draw.Image {
			return image.NewPaletted(r, palette.Plan9)
		}), asTIFF, "tiff", "image/jpeg", 26},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := develop(t, encoded(t, tt.m, tt.encode))
			if p.Facts.Format != tt.format || p.Facts.Width != 60 || p.Facts.Height != 40 {
				t.Errorf("facts say %s %d×%d", p.Facts.Format, p.Facts.Width, p.Facts.Height)
			}
			for _, r := range p.Renditions {
				if r.ContentType != tt.kind {
					t.Errorf("%s is %s, want %s", r.Name, r.ContentType, tt.kind)
				}
			}
			if got := psnr(t, pixels(t, p.Renditions[0]), nrgba(tt.m)); got < tt.least {
				t.Errorf("a PSNR of %.1f dB to the original, want %.0f at least", got, tt.least)
			}
		})
	}
}

func TestFilesOfOtherEncodersShowTheSamePicture(t *testing.T) {
	truth, err := webp.Decode(bytes.NewReader(sample(t, "lossless.webp")))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		file        string
		orientation int
		least       float64
	}{
		{"lossless.webp", 1, 30},
		{"lossy.webp", 8, 29}, // an EXIF chunk lays it on its side
		{"cmyk.jpg", 1, 29},
		{"progressive-444.jpg", 1, 29},
	}
	for _, tt := range tests {
		got := pixels(t, develop(t, sample(t, tt.file)).Renditions[0])
		want := stored(nrgba(truth), map[int]int{1: 1, 8: 6}[tt.orientation])
		if got := psnr(t, got, want); got < tt.least {
			t.Errorf("%s has a PSNR of %.1f dB, want %.0f at least", tt.file, got, tt.least)
		}
	}
}

// TestYCCKIsReadAsTheFileSays: the same bytes with Adobe's other word for their colours are another picture.
func TestYCCKIsReadAsTheFileSays(t *testing.T) {
	file := sample(t, "cmyk.jpg")
	adobe := bytes.Index(file, []byte("Adobe"))
	file[adobe+11] = 2 // YCCK
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := psnr(t, pixels(t, develop(t, file).Renditions[0]), nrgba(m)), 29.0; got < want {
		t.Errorf("it has a PSNR of %.1f dB, want %.0f at least", got, want)
	}
}

func TestALossyWebPHasTheWholeRangeOfBrightness(t *testing.T) {
	got := pixels(t, develop(t, sample(t, "lossy.webp")).Renditions[0])
	darkest, brightest := uint8(255), uint8(0)
	for i := 0; i < len(got.Pix); i += 4 {
		green := got.Pix[i+1]
		darkest, brightest = min(darkest, green), max(brightest, green)
	}
	if darkest > 8 || brightest < 247 {
		t.Errorf("its green goes from %d to %d: black is not black, or white not white", darkest, brightest)
	}
}

func TestATransparentWebPStaysTransparent(t *testing.T) {
	p := develop(t, sample(t, "alpha.webp"))
	m := pixels(t, p.Renditions[0])
	if left, right := m.NRGBAAt(20, 90).A, m.NRGBAAt(300, 90).A; left != 0 || right != 255 {
		t.Errorf("alpha is %d on the left and %d on the right, want 0 and 255", left, right)
	}
}

func TestTheFirstFrameOfAGIFLiesOnItsScreen(t *testing.T) {
	colours := color.Palette{color.NRGBA{}, color.NRGBA{200, 30, 30, 255}, color.NRGBA{30, 30, 200, 255}}
	small := image.NewPaletted(image.Rect(10, 20, 30, 35), colours)
	whole := image.NewPaletted(image.Rect(0, 0, 50, 60), colours)
	draw.Draw(small, small.Rect, image.NewUniform(colours[1]), image.Point{}, draw.Src)
	draw.Draw(whole, whole.Rect, image.NewUniform(colours[2]), image.Point{}, draw.Src)
	file := encoded(t, nil, func(w io.Writer, _ image.Image) error {
		return gif.EncodeAll(w, &gif.GIF{Image: []*image.Paletted{small, whole}, Delay: []int{9, 9},
			Config: image.Config{Width: 50, Height: 60, ColorModel: colours}})
	})
	p := develop(t, file)
	m := pixels(t, p.Renditions[0])
	if m.Rect.Size() != image.Pt(50, 60) || m.NRGBAAt(15, 25) != (color.NRGBA{200, 30, 30, 255}) || m.NRGBAAt(5, 5).A != 0 {
		t.Errorf("it is %v, %v inside the frame, %v outside", m.Rect.Size(), m.NRGBAAt(15, 25), m.NRGBAAt(5, 5))
	}
}

func TestAPictureMayBeThinAsAHair(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 20_000}, {20_000, 1}, {3, 9000}} {
		p := develop(t, encoded(t, picture(size.X, size.Y), asPNG))
		for i, r := range p.Renditions {
			want := fit(size, gallery.Specs()[i].Edge)
			if r.Name == "square" {
				side := min(size.X, size.Y)
				want = image.Pt(side, side)
			}
			if got := pixels(t, r).Rect.Size(); got != want || min(got.X, got.Y) < 1 {
				t.Errorf("%s of %v is %v, want %v", r.Name, size, got, want)
			}
		}
	}
}

func TestTheSquareOfAPanoramaIsNotMadeFromAStripe(t *testing.T) {
	source := picture(4200, 205)
	p := develop(t, encoded(t, source, asJPEG))
	square := p.Renditions[4]
	if square.Width != 200 || square.Height != 200 {
		t.Fatalf("it is %d×%d", square.Width, square.Height)
	}
	want := image.NewNRGBA(image.Rect(0, 0, 205, 205))
	draw.Draw(want, want.Rect, source, image.Pt(1997, 0), draw.Src)
	if got := psnr(t, pixels(t, square), averaged(want, 200, 200)); got < 34 {
		t.Errorf("its PSNR is %.1f dB, want 34 at least", got)
	}
}
