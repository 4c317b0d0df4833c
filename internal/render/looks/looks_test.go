package looks

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/planar"
)

// photographs reads the module's, of which no two show the same thing.
func photographs(t *testing.T) map[string]*image.NRGBA {
	t.Helper()
	files, err := filepath.Glob("../../../testdata/*.jpg")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d photographs: %v", len(files), err)
	}
	all := map[string]*image.NRGBA{}
	for _, f := range files {
		m, err := imaging.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(f)] = imaging.Fit(m, 220, 220, imaging.Box)
	}
	return all
}

func lookAt(m *image.NRGBA) gallery.Looks {
	b := m.Bounds()
	plane := planar.Plane{Stride: b.Dx(), Width: b.Dx(), Height: b.Dy(), Pix: make([]byte, b.Dx()*b.Dy())}
	for i := range plane.Pix {
		c := m.Pix[4*i:]
		plane.Pix[i], _, _ = color.RGBToYCbCr(c[0], c[1], c[2])
	}
	return Of(plane, imaging.Fit(m, 100, 100, imaging.Box))
}

// exposed makes a picture as it would be after so many stops more light.
func exposed(m *image.NRGBA, stops float64) *image.NRGBA {
	factor := math.Pow(2, stops)
	return imaging.AdjustFunc(m, func(c color.NRGBA) color.NRGBA {
		level := func(v uint8) uint8 {
			light := math.Pow(float64(v)/255, 2.2) * factor
			return uint8(255*math.Pow(min(light, 1), 1/2.2) + 0.5)
		}
		return color.NRGBA{level(c.R), level(c.G), level(c.B), c.A}
	})
}

func compressed(t *testing.T, m image.Image, quality int) *image.NRGBA {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return imaging.Clone(out)
}

func falling(t *testing.T, what string, scores ...float64) {
	t.Helper()
	for i := 1; i < len(scores); i++ {
		if scores[i] >= scores[i-1] {
			t.Errorf("%s: the scores %v do not fall", what, scores)
			return
		}
	}
}

func TestPhotographs(t *testing.T) {
	all := photographs(t) // once: reading them is what takes the time
	t.Run("a burst is ordered by how well it turned out", func(t *testing.T) { burst(t, all) })
	t.Run("sharpness is not a matter of exposure", func(t *testing.T) { underexposed(t, all) })
	t.Run("similar pictures share their hash", func(t *testing.T) { similar(t, all) })
}

func burst(t *testing.T, all map[string]*image.NRGBA) {
	for name, m := range all {
		best := lookAt(m)
		var blurred, sharp []float64
		for _, sigma := range []float64{0.6, 1, 2, 4} {
			l := lookAt(imaging.Blur(m, sigma))
			blurred, sharp = append(blurred, l.Quality), append(sharp, l.Sharpness)
		}
		falling(t, name+", blurred", append([]float64{best.Quality}, blurred...)...)
		falling(t, name+", sharpness", append([]float64{best.Sharpness}, sharp...)...)
		falling(t, name+", too bright", best.Quality, lookAt(exposed(m, 1.5)).Quality, lookAt(exposed(m, 3)).Quality)
		falling(t, name+", too dark", best.Quality, lookAt(exposed(m, -2)).Quality, lookAt(exposed(m, -4)).Quality)
		worst := lookAt(exposed(imaging.Blur(m, 2), -3)).Quality
		falling(t, name+", both", lookAt(imaging.Blur(m, 2)).Quality, worst)
		if best.Quality < 0.3 || best.Quality > 1 {
			t.Errorf("%s, a good photograph, has %.2f", name, best.Quality)
		}
	}
}

func underexposed(t *testing.T, all map[string]*image.NRGBA) {
	for name, m := range all {
		a, b := lookAt(m).Sharpness, lookAt(exposed(m, -1)).Sharpness
		if math.Abs(a-b) > 0.15 {
			t.Errorf("%s: %.2f, and a stop darker %.2f", name, a, b)
		}
	}
}

func apart(t *testing.T, a, b string) int {
	t.Helper()
	x, err := strconv.ParseUint(a, 16, 64)
	y, err2 := strconv.ParseUint(b, 16, 64)
	if err != nil || err2 != nil || len(a) != 16 {
		t.Fatalf("hashes are %q and %q", a, b)
	}
	return bits.OnesCount64(x ^ y)
}

func similar(t *testing.T, all map[string]*image.NRGBA) {
	hashes := map[string]string{}
	for name, m := range all {
		h := lookAt(m).Hash
		b := m.Bounds()
		for what, changed := range map[string]*image.NRGBA{
			"smaller":     imaging.Fit(m, 110, 110, imaging.Box),
			"compressed":  compressed(t, m, 20),
			"blurred":     imaging.Blur(m, 1.5),
			"darker":      exposed(m, -1),
			"brighter":    exposed(m, 0.7),
			"cropped":     imaging.Crop(m, b.Inset(b.Dx()/100)),
			"another hue": imaging.AdjustSaturation(m, -60),
		} {
			if d := apart(t, h, lookAt(changed).Hash); d > gallery.NearDuplicate {
				t.Errorf("%s %s differs in %d bits", name, what, d)
			}
		}
		for other, o := range hashes {
			if d := apart(t, h, o); d < 18 {
				t.Errorf("%s and %s differ in %d bits only", name, other, d)
			}
		}
		hashes[name] = h
	}
}

func TestColoursAreThoseThatThereAreMostOf(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 100, 100))
	fill := func(r image.Rectangle, c color.NRGBA) { draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src) }
	fill(m.Rect, color.NRGBA{30, 60, 200, 255})
	fill(image.Rect(0, 0, 100, 30), color.NRGBA{250, 200, 10, 255})
	fill(image.Rect(0, 0, 10, 100), color.NRGBA{250, 205, 15, 255})  // almost the same
	fill(image.Rect(90, 90, 100, 100), color.NRGBA{0, 255, 0, 255})  // one part in a hundred
	fill(image.Rect(40, 40, 60, 60), color.NRGBA{255, 255, 255, 10}) // hardly to be seen
	got := colours(m)
	if want := []string{"#1e3cc8", "#fac90b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEveryPictureHasLooks(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 900}, {900, 1}, {3, 3}, {34, 34}} {
		for _, c := range []color.NRGBA{{}, {255, 255, 255, 255}, {0, 0, 0, 255}, {90, 120, 0, 255}} {
			m := imaging.New(size.X, size.Y, c)
			l := lookAt(m)
			for _, v := range []float64{l.Sharpness, l.Exposure, l.Quality} {
				if !(v >= 0 && v <= 1) {
					t.Errorf("%v of %v: got %+v", size, c, l)
				}
			}
			if len(l.Hash) != 16 || c.A > 0 && len(l.Colours) != 1 {
				t.Errorf("%v of %v: got %+v", size, c, l)
			}
		}
	}
}

func BenchmarkOf(b *testing.B) {
	m, err := os.ReadFile("../../../testdata/sunrise.jpg")
	if err != nil {
		b.Fatal(err)
	}
	decoded, err := jpeg.Decode(bytes.NewReader(m))
	if err != nil {
		b.Fatal(err)
	}
	p, err := planar.FromYCbCr(decoded.(*image.YCbCr))
	if err != nil {
		b.Fatal(err)
	}
	thumbnail := imaging.Fit(decoded, 100, 100, imaging.Box)
	for b.Loop() {
		Of(p.Y, thumbnail)
	}
}
