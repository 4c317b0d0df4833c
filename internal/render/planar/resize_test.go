package planar_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

func TestResizeIsCloseToLanczosInFloat64(t *testing.T) {
	for _, name := range []string{"dandelion.jpg", "djembe.jpg", "nuthatch.jpg"} {
		p := photograph(t, name).Crop(900, 700)
		for _, part := range []float64{0.91, 0.5, 0.31, 0.2} {
			w, h := int(float64(p.Y.Width)*part), int(float64(p.Y.Height)*part)
			t.Run(fmt.Sprintf("%s of %d × %d to %d × %d", name, p.Y.Width, p.Y.Height, w, h), func(t *testing.T) {
				t.Parallel()
				want := referencePicture(p, w, h, factor(p.Y.Width, p.Cb.Width), factor(p.Y.Height, p.Cb.Height), false)
				near(t, p.Resize(w, h), want, 50, 8)
			})
		}
	}
}

// factor is the sub-sampling of a photograph in one direction.
func factor(luma, chroma int) int { return (luma + chroma - 1) / chroma }

func TestResizePutsChromaOfEverySubsamplingInItsPlace(t *testing.T) {
	for _, by := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}} {
		for _, size := range [][4]int{{160, 120, 100, 75}, {161, 121, 99, 77}, {101, 67, 101, 67}, {99, 33, 67, 23}} {
			t.Run(fmt.Sprint("one for ", by, " in ", size), func(t *testing.T) {
				p := picture(size[0], size[1], by[0], by[1])
				want := referencePicture(p, size[2], size[3], by[0], by[1], true)
				near(t, p.Resize(size[2], size[3]), want, 47, 4)
			})
		}
	}
}

func TestResizeLimitsWhatRingsBeyondBlackAndWhite(t *testing.T) {
	p := planar.Picture{Y: noise(300, 200)}
	for i, v := range p.Y.Pix {
		p.Y.Pix[i] = v >> 7 * 255
	}
	for _, w := range []int{299, 270, 200, 150, 140, 90} {
		h := w * 2 / 3
		want := reference{300 / float64(w), 200 / float64(h), true}.resize(p.Y, w, h)
		near(t, p.Resize(w, h), planar.Picture{Y: want}, 44, 6)
	}
}

func TestResizeKeepsAnEvenSurfaceExactly(t *testing.T) {
	for _, v := range []byte{0, 1, 127, 128, 254, 255} {
		for w := 1; w <= 130; w += 7 {
			for _, source := range []int{w, w + 1, 2 * w, 3*w + 1, 11 * w} {
				p := planar.Picture{
					Y:  flat(source, source/2+1, v),
					Cb: flat((source+1)/2, (source/2+2)/2, 255-v),
					Cr: flat((source+1)/2, (source/2+2)/2, v),
				}
				got := p.Resize(w, w/2+1)
				even(t, got.Y, w, w/2+1, v)
				even(t, got.Cb, (w+1)/2, (w/2+2)/2, 255-v)
				even(t, got.Cr, (w+1)/2, (w/2+2)/2, v)
			}
		}
	}
}

func even(t *testing.T, p planar.Plane, w, h int, v byte) {
	t.Helper()
	if p.Width != w || p.Height != h {
		t.Fatalf("got %d × %d, want %d × %d", p.Width, p.Height, w, h)
	}
	for y := range h {
		for x := range w {
			if got := p.Pix[y*p.Stride+x]; got != v {
				t.Fatalf("%d × %d has %d at %d, %d, want %d", w, h, got, x, y, v)
			}
		}
	}
}

func TestResizeToTheSameSizeSharesTheSamples(t *testing.T) {
	p := picture(33, 17, 2, 2)
	got := p.Resize(33, 17)
	if &got.Y.Pix[0] != &p.Y.Pix[0] || &got.Cb.Pix[0] != &p.Cb.Pix[0] || &got.Cr.Pix[0] != &p.Cr.Pix[0] {
		t.Error("samples were copied")
	}
}

func TestResizeReadsAndWritesNothingBesideAView(t *testing.T) {
	p := picture(64, 48, 2, 2)
	part := p.Crop(30, 20)
	whole := planar.Picture{Y: clone(part.Y), Cb: clone(part.Cb), Cr: clone(part.Cr)}
	near(t, part.Resize(19, 13), whole.Resize(19, 13), 90, 0)
	near(t, p, picture(64, 48, 2, 2), 90, 0)
}

func TestResizeAllocatesNothingForEachRow(t *testing.T) {
	allocations := func(w, h int) float64 {
		p := planar.Picture{Y: flat(2*w, 2*h, 9)}
		return testing.AllocsPerRun(5, func() { p.Resize(w, h) })
	}
	small, large := allocations(40, 30), allocations(400, 300)
	if large > small {
		t.Errorf("%.0f allocations for 400 × 300, %.0f for 40 × 30", large, small)
	}
}

// The digest differs when any sample does. Weights and sums are the same on every machine, and this shows if not.
func TestResizeGivesTheSameSamplesEverywhere(t *testing.T) {
	h := sha256.New()
	p := picture(611, 407, 2, 1)
	for _, size := range [][2]int{{600, 400}, {407, 271}, {305, 203}, {97, 64}, {21, 14}} {
		got := p.Resize(size[0], size[1])
		for _, plane := range []planar.Plane{got.Y, got.Cb, got.Cr} {
			h.Write(clone(plane).Pix)
		}
	}
	const want = "0267d954cdee910f"
	if got := hex.EncodeToString(h.Sum(nil)[:8]); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzResize(f *testing.F) {
	f.Add(uint16(1), uint16(1), uint16(1), uint16(1), byte(3), byte(1))
	f.Add(uint16(300), uint16(5), uint16(299), uint16(1), byte(0), byte(6))
	f.Add(uint16(17), uint16(400), uint16(2), uint16(31), byte(5), byte(8))
	f.Fuzz(func(t *testing.T, w, h, toW, toH uint16, sampling, orientation byte) {
		by := [][2]int{{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}}[sampling%6]
		size := func(v uint16) int { return int(v)%500 + 1 }
		p := picture(size(w), size(h), by[0], by[1])
		got := p.ResizeUpright(size(toW), size(toH), int(orientation))
		sizes(t, got, size(toW), size(toH))
		turned := got.Orient(int(orientation))
		if orientation >= 5 && orientation <= 8 {
			sizes(t, turned, size(toH), size(toW))
		} else {
			sizes(t, turned, size(toW), size(toH))
		}
		cropped := turned.Crop(size(h), size(w))
		sizes(t, cropped, min(turned.Y.Width, size(h)), min(turned.Y.Height, size(w)))
	})
}

// sizes tells whether a picture is w × h in 4:2:0, with all its samples.
func sizes(t *testing.T, p planar.Picture, w, h int) {
	t.Helper()
	for _, c := range []struct {
		plane planar.Plane
		w, h  int
	}{{p.Y, w, h}, {p.Cb, (w + 1) / 2, (h + 1) / 2}, {p.Cr, (w + 1) / 2, (h + 1) / 2}} {
		if c.plane.Width != c.w || c.plane.Height != c.h || c.plane.Stride < c.w ||
			len(c.plane.Pix) < (c.h-1)*c.plane.Stride+c.w {
			t.Fatalf("got %d × %d in rows of %d, want %d × %d", c.plane.Width, c.plane.Height, c.plane.Stride, c.w, c.h)
		}
	}
}
