package planar_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

var orders = []planar.Order{planar.Grey, planar.RGB, planar.BGR, planar.RGBA, planar.BGRA, planar.BGRX}

// The standard library's conversion is the reference; chroma is that of the mean of four pixels.
func TestABuiltPictureHasTheColoursOfItsPixels(t *testing.T) {
	for _, order := range orders {
		for _, size := range []image.Point{{1, 1}, {2, 1}, {1, 2}, {3, 3}, {16, 2}, {17, 5}, {40, 7}, {67, 33}, {130, 4}} {
			t.Run(fmt.Sprint(order, size), func(t *testing.T) {
				img := image.NewRGBA(image.Rectangle{Max: size})
				copy(img.Pix, noise(size.X*4, size.Y).Pix)
				b := planar.NewBuilder(size.X, size.Y, order)
				for y := range size.Y {
					if err := b.Add(rowOf(img, y, order)); err != nil {
						t.Fatal(err)
					}
				}
				hasColours(t, b.Picture(), img, order == planar.Grey)
			})
		}
	}
}

// rowOf lays a row of pixels out in an order. Grey takes the greens.
func rowOf(img *image.RGBA, y int, order planar.Order) []byte {
	var row []byte
	for x := range img.Rect.Dx() {
		c := img.RGBAAt(x, y)
		row = append(row, map[planar.Order][]byte{
			planar.Grey: {c.G}, planar.RGB: {c.R, c.G, c.B}, planar.BGR: {c.B, c.G, c.R},
			planar.RGBA: {c.R, c.G, c.B, 255}, planar.BGRA: {c.B, c.G, c.R, 255}, planar.BGRX: {c.B, c.G, c.R, c.A},
		}[order]...)
	}
	return row
}

func hasColours(t *testing.T, p planar.Picture, img *image.RGBA, grey bool) {
	t.Helper()
	size := img.Rect.Size()
	for y := range size.Y {
		for x := range size.X {
			c := img.RGBAAt(x, y)
			want, _, _ := color.RGBToYCbCr(c.R, c.G, c.B)
			if grey {
				want = c.G
			}
			within(t, 1, p.Y.Pix[y*p.Y.Stride+x], want, "luma", x, y)
		}
	}
	if grey != p.Grey() {
		t.Fatalf("grey is %t", p.Grey())
	}
	for y := range p.Cb.Height {
		for x := range p.Cb.Width {
			_, cb, cr := color.RGBToYCbCr(square(img, x, y))
			within(t, 2, p.Cb.Pix[y*p.Cb.Stride+x], cb, "Cb", x, y)
			within(t, 2, p.Cr.Pix[y*p.Cr.Stride+x], cr, "Cr", x, y)
		}
	}
}

// square is the mean of the four pixels that a sample of chroma stands for; at an odd edge of those that there are.
func square(img *image.RGBA, x, y int) (r, g, b uint8) {
	var sum [3]int
	for i := range 4 {
		c := img.RGBAAt(min(2*x+i%2, img.Rect.Dx()-1), min(2*y+i/2, img.Rect.Dy()-1))
		sum[0], sum[1], sum[2] = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B)
	}
	return uint8((sum[0] + 2) / 4), uint8((sum[1] + 2) / 4), uint8((sum[2] + 2) / 4)
}

func within(t *testing.T, most int, got, want byte, what string, x, y int) {
	t.Helper()
	if d := int(got) - int(want); d > most || -d > most {
		t.Fatalf("%s at %d, %d is %d, want %d", what, x, y, got, want)
	}
}

func TestAnyTransparentPixelIsNoticed(t *testing.T) {
	for _, order := range []planar.Order{planar.RGBA, planar.BGRA} {
		for width := 1; width < 12; width++ {
			for at := range width {
				row := make([]byte, 4*width)
				for i := range width {
					row[4*i+3] = 255
				}
				row[4*at+3] = 254
				if err := planar.NewBuilder(width, 3, order).Add(row); !errors.Is(err, planar.ErrTransparent) {
					t.Errorf("pixel %d of %d: got %v", at, width, err)
				}
			}
		}
	}
}

func TestBlackAndWhiteStayThat(t *testing.T) {
	for _, v := range []byte{0, 255} {
		b := planar.NewBuilder(34, 2, planar.RGB)
		row := make([]byte, 3*34)
		for i := range row {
			row[i] = v
		}
		_, _ = b.Add(row), b.Add(row)
		p := b.Picture()
		near(t, p, planar.Picture{Y: flat(34, 2, v), Cb: flat(17, 1, 128), Cr: flat(17, 1, 128)}, 90, 0)
	}
}

func TestRowsBeyondThePictureAreIgnored(t *testing.T) {
	b := planar.NewBuilder(2, 1, planar.Grey)
	for range 3 {
		if err := b.Add([]byte{7, 8, 9}); err != nil {
			t.Fatal(err)
		}
	}
	near(t, b.Picture(), planar.Picture{Y: planar.Plane{Pix: []byte{7, 8}, Stride: 2, Width: 2, Height: 1}}, 90, 0)
}

func BenchmarkBuilder(b *testing.B) {
	const w, h = 4000, 3000
	row := noise(w*3, 1).Pix
	measure(b, func() {
		built := planar.NewBuilder(w, h, planar.RGB)
		for range h {
			_ = built.Add(row)
		}
	})
}
