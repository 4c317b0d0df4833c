package render

import (
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// Pictures that are transparent and to be reduced are drawn in layers. What counts is that they look as by whole pixels.
func TestLayersGiveTheRenditionsOfWholePixels(t *testing.T) {
	vivid := read(t, "colour/testdata/display-p3-v4.icc")
	plain := encoded(t, seeThrough(picture(2600, 300)), asPNG)
	onItsSide := exifBlock([]field{short(tagOrientation, 6)}, nil, nil)
	for name, original := range map[string][]byte{
		"a picture": plain, "one on its side": withEXIF(plain, onItsSide), "one of vivid colours": withProfile(t, plain, vivid),
	} {
		t.Run(name, func(t *testing.T) {
			got := develop(t, original)
			for i, d := range byPixels(t, original) {
				file, err := d.file(typePNG)
				if err != nil {
					t.Fatal(err)
				}
				if got.Renditions[i].ContentType != typePNG || pixels(t, got.Renditions[i]).Opaque() && !d.(bitmap).Opaque() {
					t.Fatalf("%s loses its transparency", got.Renditions[i].Name)
				}
				want := pixels(t, Rendition{gallery.Rendition{ContentType: typePNG}, file})
				db := psnr(t, pixels(t, got.Renditions[i]), want)
				t.Logf("%s: %.1f dB", got.Renditions[i].Name, db)
				if db < 40 {
					t.Errorf("%s has a PSNR of %.1f dB, want 40 at least", got.Renditions[i].Name, db)
				}
			}
		})
	}
}
