package planar_test

import (
	"fmt"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

func TestCropTakesTheCentreWithChromaThatCoversIt(t *testing.T) {
	for _, by := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}} {
		for _, size := range [][4]int{{40, 30, 30, 30}, {41, 31, 30, 31}, {43, 57, 43, 43}, {9, 9, 1, 1}, {20, 20, 50, 7}} {
			t.Run(fmt.Sprint("one for ", by, " in ", size), func(t *testing.T) {
				p := picture(size[0], size[1], by[0], by[1])
				w, h := min(size[0], size[2]), min(size[1], size[3])
				x, y := (size[0]-w)/2/by[0], (size[1]-h)/2/by[1]
				near(t, p.Crop(size[2], size[3]), planar.Picture{
					Y:  part(p.Y, x*by[0], y*by[1], w, h),
					Cb: part(p.Cb, x, y, (w+by[0]-1)/by[0], (h+by[1]-1)/by[1]),
					Cr: part(p.Cr, x, y, (w+by[0]-1)/by[0], (h+by[1]-1)/by[1]),
				}, 90, 0)
			})
		}
	}
}

func TestCropOfGreyIsGrey(t *testing.T) {
	got := planar.Picture{Y: noise(20, 10)}.Crop(10, 10)
	if !got.Grey() || got.Y.Width != 10 || got.Y.Height != 10 {
		t.Errorf("got %d × %d, grey %t", got.Y.Width, got.Y.Height, got.Grey())
	}
}

func part(p planar.Plane, x, y, w, h int) planar.Plane {
	return clone(planar.Plane{Pix: p.Pix[y*p.Stride+x:], Stride: p.Stride, Width: w, Height: h})
}
