package planar_test

import (
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// photograph decodes one of the repository's pictures.
func photograph(t testing.TB, name string) planar.Picture {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	p, err := planar.FromYCbCr(img.(*image.YCbCr))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// noise is the hardest plane to scale: samples without any relation.
func noise(w, h int) planar.Plane {
	random := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	p := planar.Plane{Pix: make([]byte, w*h), Stride: w, Width: w, Height: h}
	for i := range p.Pix {
		p.Pix[i] = byte(random.Uint32())
	}
	return p
}

// picture has noise in all its planes, chroma one sample for each x × y of luma.
func picture(w, h, x, y int) planar.Picture {
	cw, ch := (w+x-1)/x, (h+y-1)/y
	return planar.Picture{Y: noise(w, h), Cb: noise(cw, ch), Cr: noise(cw, ch)}
}

// flat fills a plane with one value.
func flat(w, h int, v byte) planar.Plane {
	p := planar.Plane{Pix: make([]byte, w*h), Stride: w, Width: w, Height: h}
	for i := range p.Pix {
		p.Pix[i] = v
	}
	return p
}

// psnr compares planes of one size, in dB, and gives the largest difference.
func psnr(t testing.TB, a, b planar.Plane) (db float64, most int) {
	t.Helper()
	if a.Width != b.Width || a.Height != b.Height {
		t.Fatalf("sizes differ: %d × %d and %d × %d", a.Width, a.Height, b.Width, b.Height)
	}
	sum := 0.0
	for y := range a.Height {
		for x := range a.Width {
			d := int(a.Pix[y*a.Stride+x]) - int(b.Pix[y*b.Stride+x])
			sum += float64(d * d)
			most = max(most, d, -d)
		}
	}
	return 10 * math.Log10(255*255*float64(a.Width*a.Height)/max(sum, 1e-9)), most
}

// near fails when a plane is further from the wanted one than some dB, or any sample than most.
func near(t *testing.T, got, want planar.Picture, least float64, most int) {
	t.Helper()
	for i, pair := range [][2]planar.Plane{{got.Y, want.Y}, {got.Cb, want.Cb}, {got.Cr, want.Cr}} {
		db, furthest := psnr(t, pair[0], pair[1])
		t.Logf("plane %d: %.1f dB, up to %d", i, db, furthest)
		if pair[0].Width > 0 && (db < least || furthest > most) {
			t.Errorf("plane %d is at %.1f dB and differs by up to %d; wanted %.0f dB and up to %d", i, db, furthest, least, most)
		}
	}
}

// clone copies a plane, without what lies beside it.
func clone(p planar.Plane) planar.Plane {
	out := planar.Plane{Stride: p.Width, Width: p.Width, Height: p.Height}
	for y := range p.Height {
		out.Pix = append(out.Pix, p.Pix[y*p.Stride:][:p.Width]...)
	}
	return out
}
