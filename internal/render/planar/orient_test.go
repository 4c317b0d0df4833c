package planar_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

// stored gives where sample x, y of an upright w × h picture is stored.
func stored(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

func TestOrientMovesEverySampleToItsPlace(t *testing.T) {
	for orientation := range 10 {
		for _, size := range [][2]int{{48, 32}, {50, 34}, {2, 18}, {18, 2}} {
			t.Run(fmt.Sprintf("%d of %v", orientation, size), func(t *testing.T) {
				p := picture(size[0], size[1], 2, 2)
				got := p.Orient(orientation)
				near(t, got, planar.Picture{
					Y: moved(p.Y, orientation), Cb: moved(p.Cb, orientation), Cr: moved(p.Cr, orientation),
				}, 90, 0)
			})
		}
	}
}

func moved(p planar.Plane, orientation int) planar.Plane {
	w, h := p.Width, p.Height
	if orientation >= 5 && orientation <= 8 {
		w, h = h, w
	}
	out := flat(w, h, 0)
	for y := range h {
		for x := range w {
			sx, sy := stored(orientation, x, y, w, h)
			out.Pix[y*w+x] = p.Pix[sy*p.Stride+sx]
		}
	}
	return out
}

// Chroma that follows from luma's place must still do so when the picture was turned, though its size is odd and chroma
// samples no longer cover the same pairs of luma.
func TestOrientKeepsChromaWithLuma(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		for _, size := range [][2]int{{61, 41}, {60, 41}, {61, 40}} {
			for _, by := range [][2]int{{1, 1}, {2, 2}, {2, 1}, {4, 2}} {
				t.Run(fmt.Sprintf("%d of %v, one for %v", orientation, size, by), func(t *testing.T) {
					p := ramps(size[0], size[1], by[0], by[1])
					ramped(t, p.Orient(orientation), size, orientation, by)
					w, h := size[0]-10, size[1]-9
					if orientation >= 5 {
						w, h = h, w
					}
					ramped(t, p.ResizeUpright(w, h, orientation), size, orientation, [2]int{2, 2})
				})
			}
		}
	}
}

// ramps has Cb grow with x and Cr with y, by 3 for each luma sample.
func ramps(w, h, byX, byY int) planar.Picture {
	cw, ch := (w+byX-1)/byX, (h+byY-1)/byY
	p := planar.Picture{Y: flat(w, h, 128), Cb: flat(cw, ch, 0), Cr: flat(cw, ch, 0)}
	for y := range ch {
		for x := range cw {
			p.Cb.Pix[y*cw+x] = byte(3 * (2*x + 1) * byX / 2)
			p.Cr.Pix[y*cw+x] = byte(3 * (2*y + 1) * byY / 2)
		}
	}
	return p
}

// ramped tells whether chroma away from the edges is that of its place, in a picture of ramps that was turned, maybe
// scaled. The size and the sub-sampling are those before turning.
func ramped(t *testing.T, p planar.Picture, size [2]int, orientation int, by [2]int) {
	t.Helper()
	if orientation >= 5 {
		by[0], by[1] = by[1], by[0]
		size[0], size[1] = size[1], size[0]
	}
	const edge, tolerance = 4, 1.6
	for y := edge; y < p.Cb.Height-edge; y++ {
		for x := edge; x < p.Cb.Width-edge; x++ {
			// The centre of the chroma sample in luma samples of the picture turned but not scaled, and before turning.
			atX := (float64(x) + 0.5) * float64(by[0]) * float64(size[0]) / float64(p.Y.Width)
			atY := (float64(y) + 0.5) * float64(by[1]) * float64(size[1]) / float64(p.Y.Height)
			fromX, fromY := storedAt(orientation, atX, atY, float64(size[0]), float64(size[1]))
			cb, cr := float64(p.Cb.Pix[y*p.Cb.Stride+x]), float64(p.Cr.Pix[y*p.Cr.Stride+x])
			if math.Abs(cb-3*fromX) > tolerance || math.Abs(cr-3*fromY) > tolerance {
				t.Fatalf("%d, %d has %.0f, %.0f, want %.1f, %.1f", x, y, cb, cr, 3*fromX, 3*fromY)
			}
		}
	}
}

// storedAt is stored for places, which are between 0 and the size.
func storedAt(orientation int, x, y, w, h float64) (float64, float64) {
	const fine = 1 << 20
	sx, sy := stored(orientation, int(x*fine), int(y*fine), int(w*fine), int(h*fine))
	return float64(sx) / fine, float64(sy) / fine
}
