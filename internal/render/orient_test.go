package render

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// stored lays an upright picture down as a camera held in one of EXIF's orientations would store it: orientation 6 means
// that the first row is the right-hand side, and the first column the top.
func stored(up *image.NRGBA, orientation int) *image.NRGBA {
	w, h := up.Rect.Dx(), up.Rect.Dy()
	at := map[int]func(x, y int) (int, int){
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return w - 1 - y, x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return y, h - 1 - x },
	}[orientation]
	size := swapped(image.Pt(w, h), orientation)
	m := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			u, v := at(x, y)
			copy(m.Pix[m.PixOffset(x, y):][:4], up.Pix[up.PixOffset(u, v):])
		}
	}
	return m
}

func TestEveryOrientationComesOutUpright(t *testing.T) {
	sources := []struct {
		name   string
		up     *image.NRGBA
		encode func(io.Writer, image.Image) error
		least  float64 // dB
	}{
		{"a small opaque JPEG", picture(61, 40), asJPEG, 34},
		{"a JPEG that is reduced", picture(700, 300), asJPEG, 31},
		{"a small transparent PNG", seeThrough(picture(40, 61)), asPNG, 38},
	}
	specs := []gallery.Spec{{Name: "xlarge", Edge: 256}, {Name: "large", Edge: 100}, {Name: "small", Edge: 41}}
	for _, s := range sources {
		wants := map[string]*image.NRGBA{}
		for _, spec := range specs {
			size := fit(s.up.Rect.Size(), spec.Edge)
			wants[spec.Name] = averaged(s.up, size.X, size.Y)
		}
		for orientation := 1; orientation <= 8; orientation++ {
			t.Run(fmt.Sprintf("%s stored as %d", s.name, orientation), func(t *testing.T) {
				file := encoded(t, stored(s.up, orientation), s.encode)
				file = withEXIF(file, exifBlock([]field{short(tagOrientation, uint16(orientation))}, nil, nil))
				p, err := Developer{Specs: specs}.Develop(context.Background(), file, "")
				if err != nil {
					t.Fatal(err)
				}
				if got := image.Pt(p.Facts.Width, p.Facts.Height); got != s.up.Rect.Size() {
					t.Errorf("facts say %v, want %v", got, s.up.Rect.Size())
				}
				if got := p.Facts.Capture.Orientation; got != orientation {
					t.Errorf("facts say it was stored as %d", got)
				}
				for _, r := range p.Renditions {
					if got := psnr(t, pixels(t, r), wants[r.Name]); got < s.least {
						t.Errorf("%s has a PSNR of %.1f dB, want %.0f at least", r.Name, got, s.least)
					}
				}
			})
		}
	}
}

func TestAnImpossibleOrientationIsNone(t *testing.T) {
	for _, v := range []uint16{0, 9, 65535} {
		file := withEXIF(encoded(t, picture(30, 20), asJPEG), exifBlock([]field{short(tagOrientation, v)}, nil, nil))
		if f := develop(t, file).Facts; f.Width != 30 || f.Height != 20 || f.Capture.Orientation != 0 {
			t.Errorf("orientation %d gives %d×%d, stored as %d", v, f.Width, f.Height, f.Capture.Orientation)
		}
	}
}

func TestThePhotographOnItsSideStandsUp(t *testing.T) {
	original := photo(t, "dogs-sideways.jpg")
	small := func(b []byte) Picture {
		d := Developer{Specs: []gallery.Spec{{Name: "small", Edge: 256}}}
		p, err := d.Develop(context.Background(), b, "")
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := small(original)
	if f := p.Facts; f.Width != 1198 || f.Height != 1800 || f.Capture.Orientation != 6 {
		t.Errorf("facts are %d×%d, stored as %d, want 1198×1800, 6", f.Width, f.Height, f.Capture.Orientation)
	}
	lying := small(bytes.Replace(original, []byte("Exif\x00\x00"), []byte("none\x00\x00"), 1))
	want := stored(pixels(t, lying.Renditions[0]), 8) // what was laid down as 6 stands up when it is laid down as 8
	if got := psnr(t, pixels(t, p.Renditions[0]), want); got < 34 {
		t.Errorf("upright it has a PSNR of %.1f dB to itself", got)
	}
}
