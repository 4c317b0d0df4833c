package render

import (
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/ifd"
)

// raw makes a camera's raw file whose second directory, found as a DNG's are, keeps a JPEG.
func raw(preview []byte, orientation uint16, more ...field) []byte {
	const subIFDs, strips, stripBytes = 0x014a, 0x0111, 0x0117
	build := func(at, below uint32) []byte {
		first := append([]field{
			long(tagSubfile, 1), short(tagWidth, 160), short(tagHeight, 120), text(tagMake, "Maker"), short(tagOrientation, orientation),
			long(subIFDs, below), long(tagDNGVersion, 0x401),
		}, more...)
		second := []field{long(strips, at), long(stripBytes, uint32(len(preview))), short(tagWidth, 6000), short(tagHeight, 4000)}
		return exifBlock(first, second, nil)
	}
	plain := build(0, 0)
	below := firstOf(plain)
	f, _ := ifd.Open(plain)
	camera, _ := f.Number(below, tagCamera) // where the second directory was written
	return append(build(uint32(len(plain)), camera), preview...)
}

func TestARawFileIsShownByItsPreview(t *testing.T) {
	source := picture(1600, 1200)
	p := develop(t, raw(encoded(t, source, asJPEG), 6))
	f := p.Facts
	if f.Format != "raw" || f.Width != 4000 || f.Height != 6000 || f.Capture.Make != "Maker" {
		t.Errorf("got %s of %s, %d × %d", f.Format, f.Capture.Make, f.Width, f.Height)
	}
	first := p.Renditions[0]
	if first.Width != 1200 || first.Height != 1600 {
		t.Errorf("the largest rendition is %d × %d, want the preview's, upright", first.Width, first.Height)
	}
	if d := psnr(t, pixels(t, p.Renditions[2]), averaged(orient(source, 6), 384, 512)); d < 30 {
		t.Errorf("it shows something else: %.1f dB", d)
	}
}

func TestAThumbnailIsNoPreview(t *testing.T) {
	for name, file := range map[string][]byte{
		"a thumbnail":        raw(encoded(t, picture(320, 240), asJPEG), 1),
		"a preview cut off":  raw(encoded(t, picture(1600, 1200), asJPEG), 1)[:9000],
		"what is no JPEG":    raw([]byte("\xff\xd8\xff\xd8\xff"), 1),
		"a preview of zeros": raw(make([]byte, 9000), 1),
	} {
		if code := failure(t, file); code != gallery.Unsupported {
			t.Errorf("%s: %s", name, code)
		}
	}
}

func TestDirectoriesThatGoInCirclesEnd(t *testing.T) {
	file := raw(encoded(t, picture(1600, 1200), asJPEG), 1)
	f, _ := ifd.Open(file)
	if n := len(directories(f)); n < 2 || n > maxDirectories {
		t.Errorf("there are %d", n)
	}
	// the first directory follows the second one
	for i := range len(file) - 4 {
		if string(file[i:i+4]) == "\x00\x00\x00\x00" {
			b := append([]byte{}, file...)
			b[i] = 8
			f, _ := ifd.Open(b)
			if n := len(directories(f)); n > maxDirectories {
				t.Fatalf("there are %d", n)
			}
			if i > 400 {
				break
			}
		}
	}
}
