package render

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"slices"
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// byPixels develops a picture in whole pixels, whatever other way there is.
func byPixels(t *testing.T, original []byte) []drawing {
	t.Helper()
	h, err := readHeader(original)
	if err != nil {
		t.Fatal(err)
	}
	drawings, err := inPixels(context.Background(), original, h, plan(h.upright(), gallery.Specs()))
	if err != nil {
		t.Fatal(err)
	}
	return drawings
}

// rowFiles are files of one scene that a decoder of rows reads.
func rowFiles(t *testing.T) map[string][]byte {
	scene := picture(400, 300)
	few := drawn(scene, func(r image.Rectangle) draw.Image { return image.NewPaletted(r, palette.Plan9) })
	return map[string][]byte{
		"a lossy WebP":         sample(t, "lossy.webp"),
		"a BMP":                encoded(t, scene, asBMP),
		"a BMP with a palette": encoded(t, few, asBMP),
		"a GIF":                encoded(t, few, asGIF),
		"a PNG":                encoded(t, scene, asPNG),
		"a PNG with a palette": encoded(t, few, asPNG),
		"a TIFF":               encoded(t, scene, asTIFF),
		"a TIFF of 16 bits":    encoded(t, drawn(scene, deep), asPlainTIFF),
	}
}

func TestRowsGiveTheRenditionsOfWholePixels(t *testing.T) {
	for name, original := range rowFiles(t) {
		t.Run(name, func(t *testing.T) {
			h, err := readHeader(original)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := openRows(original, h); !ok {
				t.Fatal("it is not read in rows")
			}
			got := develop(t, original)
			for i, d := range byPixels(t, original) {
				file, err := d.file(d.contentType())
				if err != nil {
					t.Fatal(err)
				}
				want := pixels(t, Rendition{gallery.Rendition{ContentType: d.contentType()}, file})
				if db := psnr(t, pixels(t, got.Renditions[i]), want); db < 40 {
					t.Errorf("%s has a PSNR of %.1f dB, want 40 at least", got.Renditions[i].Name, db)
				} else {
					t.Logf("%s: %.1f dB", got.Renditions[i].Name, db)
				}
			}
		})
	}
}

func TestTransparentRowsAreDrawnInPixels(t *testing.T) {
	for name, original := range map[string][]byte{
		"a BMP": withAlpha(encoded(t, seeThrough(picture(60, 40)), asBMP)),
		"a GIF": encoded(t, drawn(image.NewNRGBA(image.Rect(0, 0, 60, 40)), func(r image.Rectangle) draw.Image {
			return image.NewPaletted(r, append(color.Palette{color.NRGBA{}}, palette.WebSafe...))
		}), asGIF),
		"a PNG":  encoded(t, seeThrough(picture(60, 40)), asPNG),
		"a TIFF": encoded(t, seeThrough(picture(60, 40)), asTIFF),
	} {
		p := develop(t, original)
		if p.Renditions[0].ContentType != typePNG || pixels(t, p.Renditions[0]).Opaque() {
			t.Errorf("%s loses its transparency", name)
		}
	}
}

// withAlpha gives a BMP the header that says that the fourth byte of a pixel counts.
func withAlpha(file []byte) []byte {
	const info, infoV4 = 40, 108
	file = slices.Insert(file, 14+info, make([]byte, infoV4-info)...)
	file[10], file[14] = 14+infoV4, infoV4
	return file
}

// badRows is a decoder that ends in a bad way.
type badRows struct{ decode func() error }

func (badRows) Size() (width, height int) { return 4, 4 }
func (badRows) Opaque() bool              { return true }
func (badRows) Memory() int64             { return 0 }
func (b badRows) Decode(context.Context) (planar.Picture, error) {
	return planar.Picture{}, b.decode()
}

func TestABadEndOfADecoderOfRowsIsCorruptButForTheContexts(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	draw := func(decode func() error) error {
		_, err := rowsWay(badRows{decode}, nil, header{format: formatBMP}, nil).draw(ctx)
		return err
	}
	for name, decode := range map[string]func() error{
		"a panic":  func() error { panic(image.ErrFormat) },
		"an error": func() error { return bytes.ErrTooLarge },
	} {
		var f *Failure
		if err := draw(decode); !errors.As(err, &f) || f.Code != gallery.Corrupt {
			t.Errorf("%s gives %v", name, err)
		}
	}
	cancel()
	if err := draw(func() error { return ctx.Err() }); !errors.Is(err, context.Canceled) {
		t.Errorf("the end of the context gives %v", err)
	}
}
