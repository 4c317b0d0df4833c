package libwebp_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"testing"

	"golang.org/x/image/webp"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/libwebp"
	"github.com/darkroom/darkroom/internal/render"
)

func developed(t *testing.T, original []byte, specs string) []render.Rendition {
	t.Helper()
	table, err := gallery.ParseSpecs(specs)
	if err != nil {
		t.Fatal(err)
	}
	p, err := render.Developer{Specs: table, WebP: libwebp.Encoder{}}.Develop(context.Background(), original, "c0ffee")
	if err != nil {
		t.Fatal(err)
	}
	return p.Renditions
}

func shown(t *testing.T, r render.Rendition) image.Image {
	t.Helper()
	if r.ContentType != "image/webp" {
		t.Fatalf("%s is %s", r.Name, r.ContentType)
	}
	m, err := webp.Decode(bytes.NewReader(r.Data))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Size() != image.Pt(r.Width, r.Height) {
		t.Errorf("%s is %v, and said to be %d × %d", r.Name, m.Bounds().Size(), r.Width, r.Height)
	}
	return m
}

func TestARenditionCanBeWebP(t *testing.T) {
	photo, err := os.ReadFile("../../testdata/sunrise.jpg")
	if err != nil {
		t.Fatal(err)
	}
	all := developed(t, photo, "large=400, small=200:webp, square=100x100:webp")
	if all[0].ContentType != "image/jpeg" {
		t.Errorf("large is %s", all[0].ContentType)
	}
	jpegs := developed(t, photo, "large=400, small=200, square=100x100")
	for i := 1; i < 3; i++ {
		if shown(t, all[i]); all[i].Bytes >= jpegs[i].Bytes || all[i].Digest == jpegs[i].Digest {
			t.Errorf("%s has %d bytes, of %d as a JPEG; digests %s and %s", all[i].Name, all[i].Bytes, jpegs[i].Bytes, all[i].Digest, jpegs[i].Digest)
		}
	}
	sky := color.NRGBAModel.Convert(shown(t, all[1]).At(10, 10)).(color.NRGBA)
	if math.Abs(float64(sky.R)-float64(sky.B)) > 60 || sky.A != 255 {
		t.Errorf("the sky is %v", sky)
	}
}

func TestAWebPKeepsTransparency(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 60, 40))
	for i := range m.Pix[:len(m.Pix)/2] {
		m.Pix[i] = 200
	}
	var file bytes.Buffer
	if err := png.Encode(&file, m); err != nil {
		t.Fatal(err)
	}
	got := shown(t, developed(t, file.Bytes(), "all=60:webp")[0])
	_, _, _, above := got.At(30, 5).RGBA()
	_, _, _, below := got.At(30, 35).RGBA()
	if above < 0xb000 || below != 0 {
		t.Errorf("alpha is %x above and %x below", above, below)
	}
}
