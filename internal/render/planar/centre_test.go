package planar

import "testing"

// A picture that is brighter the further right shows where a square was cut: the mean of the square is that of the whole,
// wherever the edges fall between samples.
func TestTheCentralSquareIsInTheCentre(t *testing.T) {
	for _, size := range [][2]int{{512, 341}, {341, 512}, {257, 200}, {300, 200}, {203, 201}, {200, 200}} {
		w, h := size[0], size[1]
		p := Picture{Y: slope(w, h), Cb: slope((w+1)/2, (h+1)/2), Cr: slope((w+1)/2, (h+1)/2)}
		got := p.ResizeCentre(200)
		if got.Y.Width != 200 || got.Y.Height != 200 || got.Cb.Width != 100 || got.Cr.Height != 100 {
			t.Fatalf("%d×%d: got %d×%d with chroma of %d×%d", w, h, got.Y.Width, got.Y.Height, got.Cb.Width, got.Cr.Height)
		}
		if g, want := mean(got.Y), mean(p.Y); g < want-0.6 || g > want+0.6 {
			t.Errorf("%d×%d: luma has a mean of %.2f, want %.2f", w, h, g, want)
		}
		if g, want := mean(got.Cb), mean(p.Cb); g < want-1.2 || g > want+1.2 {
			t.Errorf("%d×%d: chroma has a mean of %.2f, want %.2f", w, h, g, want)
		}
	}
}

// slope rises from black on the left to white on the right.
func slope(w, h int) Plane {
	p := Plane{Pix: make([]byte, w*h), Stride: w, Width: w, Height: h}
	for n := range p.Pix {
		p.Pix[n] = byte(n % w * 255 / max(w-1, 1))
	}
	return p
}

func mean(p Plane) float64 {
	sum := 0
	for y := range p.Height {
		for x := range p.Width {
			sum += int(p.Pix[y*p.Stride+x])
		}
	}
	return float64(sum) / float64(p.Width*p.Height)
}
