package planar_test

import (
	"image"
	"image/color"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// translucent is a photograph that fades to the right, and of which the left edge is not there at all.
func translucent(t *testing.T) *image.NRGBA {
	t.Helper()
	m := imaging.Clone(photograph(t, "dandelion.jpg").Crop(600, 400).RGBA())
	for y := range 400 {
		for x := range 600 {
			alpha := 255 - x*255/600
			if x < 30 {
				alpha = 0
			}
			m.Pix[m.PixOffset(x, y)+3] = byte(alpha)
		}
	}
	return m
}

func TestLayersKeepThePixelsThatAreThere(t *testing.T) {
	m := translucent(t)
	got := planar.LayersOf(m).NRGBA()
	for i := 0; i < len(m.Pix); i += 4 {
		alpha := int(m.Pix[i+3])
		if got.Pix[i+3] != m.Pix[i+3] {
			t.Fatalf("alpha %d became %d", alpha, got.Pix[i+3])
		}
		for k := range 3 { // a step of colour·alpha is this much of a colour
			if d := int(got.Pix[i+k]) - int(m.Pix[i+k]); alpha > 0 && (d*alpha > 255 || -d*alpha > 255) {
				t.Fatalf("colour %d at alpha %d became %d", m.Pix[i+k], alpha, got.Pix[i+k])
			}
		}
	}
}

// What counts is how the picture looks on some ground.
func TestLayersAreResizedAsByImaging(t *testing.T) {
	m := translucent(t)
	for _, size := range []image.Point{{300, 200}, {171, 114}, {90, 60}, {599, 399}} {
		got := planar.LayersOf(m).Resize(size.X, size.Y)
		same(t, got.NRGBA(), imaging.Resize(m, size.X, size.Y, imaging.Lanczos))
	}
	square := imaging.CropCenter(m, 400, 400)
	same(t, planar.LayersOf(m).ResizeCentre(100).NRGBA(), imaging.Resize(square, 100, 100, imaging.Lanczos))
}

func same(t *testing.T, got, want *image.NRGBA) {
	t.Helper()
	for _, ground := range []color.NRGBA{{255, 255, 255, 255}, {0, 0, 0, 255}} {
		var planes [2]planar.Plane
		for i, m := range []*image.NRGBA{got, want} {
			on := imaging.Overlay(imaging.New(m.Rect.Dx(), m.Rect.Dy(), ground), m, image.Point{}, 1)
			planes[i] = planar.Plane{Pix: on.Pix, Stride: on.Stride, Width: on.Stride, Height: on.Rect.Dy()}
		}
		if db, most := psnr(t, planes[0], planes[1]); db < 45 {
			t.Errorf("%v: %.1f dB on %v, up to %d", got.Rect, db, ground, most)
		} else {
			t.Logf("%v: %.1f dB on %v, up to %d", got.Rect, db, ground, most)
		}
	}
}

func TestLayersKnowWhetherTheyAreOpaque(t *testing.T) {
	m := imaging.New(20, 10, color.NRGBA{1, 2, 3, 255})
	if !planar.LayersOf(m).Opaque() {
		t.Error("an opaque picture is not")
	}
	m.Pix[len(m.Pix)-1] = 254
	if planar.LayersOf(m).Opaque() {
		t.Error("a transparent picture is opaque")
	}
}

func TestLayersIgnoreRowsBeyondThePicture(t *testing.T) {
	b := planar.NewLayersBuilder(1, 1)
	for _, v := range []byte{9, 7} {
		if err := b.Add([]byte{v, v, v, 255}); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.Layers().NRGBA().Pix[0]; got != 9 {
		t.Errorf("got %d", got)
	}
}
