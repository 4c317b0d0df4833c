package gifdec_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"testing"

	"github.com/darkroom/darkroom/internal/render/gifdec"
	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/planartest"
)

func TestAPictureIsThatOfTheOtherDecoder(t *testing.T) {
	for name, file := range files(t) {
		t.Run(name, func(t *testing.T) {
			if !agree(t, file) {
				t.Error("it is refused")
			}
		})
	}
}

func TestAFileIsReadToItsEndAndNoCutIsOverlooked(t *testing.T) {
	for name, file := range files(t) {
		for n := range file {
			if read := agree(t, file[:n]); read && n < len(file)-1 && name != "two frames" { // only the first is looked at
				t.Fatalf("%s is read, cut to %d of %d bytes", name, n, len(file))
			}
		}
	}
}

// The end of the data is judged as image/gif judges it.
func TestWhatFollowsThePixelsIsLookedAt(t *testing.T) {
	file := encoded(t, painted(20, 12, palette.Plan9))
	end := len(file) - 2 // where the empty block lies, before the trailer
	for tail, want := range map[string]bool{
		"\x00;":                 true,
		"\x01\x07\x00;":         true,
		"\x02\x07\x07\x00;":     false,
		"\x01\x07\x01\x07\x00;": false,
		"":                      false,
		"\x01":                  false,
		"\x01\x07":              false,
	} {
		if got := agree(t, append(file[:end:end], tail...)); got != want {
			t.Errorf("followed by %q it is read: %t", tail, got)
		}
	}
}

func TestAFrameThatDoesNotFillTheScreenIsForOthers(t *testing.T) {
	file := encoded(t, painted(20, 12, palette.Plan9))
	binary.LittleEndian.PutUint16(file[6:], 21)
	if _, err := gifdec.Open(file); !errors.Is(err, gifdec.ErrOther) {
		t.Errorf("a screen that is wider: %v", err)
	}
	binary.LittleEndian.PutUint16(file[6:], 19)
	if _, err := gifdec.Open(file); !errors.Is(err, gifdec.ErrCorrupt) {
		t.Errorf("a screen that is narrower: %v", err)
	}
}

func TestATransparentColourCountsWhereItIsUsed(t *testing.T) {
	clear := color.Palette{color.NRGBA{R: 9, A: 255}, color.NRGBA{}, color.NRGBA{G: 200, A: 255}}
	m := image.NewPaletted(image.Rect(0, 0, 5, 5), clear)
	f, err := gifdec.Open(encoded(t, m))
	if err != nil || f.Opaque() {
		t.Fatalf("nobody knows of it: %v", err)
	}
	if _, err := f.Decode(context.Background()); err != nil {
		t.Errorf("where it is not used: %v", err)
	}
	m.Pix[24] = 1
	if _, err := decode(encoded(t, m)); !errors.Is(err, planar.ErrTransparent) {
		t.Errorf("where it is used: %v", err)
	}
}

func TestTheEndOfTheContextEndsIt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, file := range [][]byte{encoded(t, painted(9, 90, palette.Plan9)), interlaced(t, painted(9, 90, palette.Plan9))} {
		f, err := gifdec.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Decode(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, gifdec.ErrCorrupt) {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, file := range files(f) {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) { agree(t, file) })
}

func decode(file []byte) (planar.Picture, error) {
	f, err := gifdec.Open(file)
	if err != nil {
		return planar.Picture{}, err
	}
	return f.Decode(context.Background())
}

// agree tells whether a file is read. It fails unless that is so exactly where the other decoder reads it, and the
// pictures are the same; what is for others apart.
func agree(t *testing.T, file []byte) bool {
	t.Helper()
	c, err := gif.DecodeConfig(bytes.NewReader(file))
	if err == nil && (c.Width*c.Height == 0 || c.Width*c.Height > 1<<20) {
		return false
	}
	got, gotErr := decode(file)
	img, err := gif.Decode(bytes.NewReader(file))
	switch {
	case errors.Is(gotErr, planar.ErrTransparent):
		if err == nil && img.(*image.Paletted).Opaque() {
			t.Fatal("it is said to be transparent")
		}
	case errors.Is(gotErr, gifdec.ErrOther):
		if err == nil && img.Bounds() == image.Rect(0, 0, c.Width, c.Height) {
			t.Fatal("it is said not to fill the screen")
		}
	case gotErr != nil && !errors.Is(gotErr, gifdec.ErrCorrupt):
		t.Fatalf("the error is %v", gotErr)
	case (gotErr == nil) != (err == nil):
		t.Fatalf("got %v, the other decoder %v", gotErr, err)
	case err == nil:
		if err := planartest.SamePixels(got, img); err != nil {
			t.Fatal(err)
		}
	}
	return gotErr == nil
}

// files are of every variant that is read.
func files(t testing.TB) map[string][]byte {
	greys := make(color.Palette, 256)
	for i := range greys {
		greys[i] = color.Gray{Y: byte(i)}
	}
	files := map[string][]byte{
		"256 colours":          encoded(t, painted(50, 31, palette.Plan9)),
		"greys":                encoded(t, painted(50, 31, greys)),
		"two colours":          encoded(t, painted(33, 8, color.Palette{color.Black, color.White})),
		"a pixel":              encoded(t, painted(1, 1, palette.Plan9[7:9])),
		"interlaced":           interlaced(t, painted(21, 29, palette.Plan9)),
		"interlaced, few rows": interlaced(t, painted(21, 3, palette.Plan9)),
		"transparent unused":   encoded(t, painted(20, 9, append(color.Palette{color.NRGBA{}}, palette.Plan9[:200]...))),
	}
	var b bytes.Buffer
	frames := &gif.GIF{Delay: []int{1, 1}, Image: []*image.Paletted{painted(16, 16, palette.Plan9), painted(16, 16, palette.WebSafe)}}
	if err := gif.EncodeAll(&b, frames); err != nil {
		t.Fatal(err)
	}
	files["two frames"] = b.Bytes()
	return files
}

// painted has something of everything: runs, slopes and noise, but never the first colour.
func painted(width, height int, colours color.Palette) *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, width, height), colours)
	for i := range m.Pix {
		x, y := i%width, i/width
		m.Pix[i] = byte(1 + (x/3+y*y/5+(x*y*7919>>9))%(len(colours)-1))
	}
	return m
}

func encoded(t testing.TB, m *image.Paletted) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// interlaced writes the rows in the order in which they are to be read.
func interlaced(t testing.TB, m *image.Paletted) []byte {
	t.Helper()
	size := m.Rect.Size()
	mixed := image.NewPaletted(m.Rect, m.Palette)
	row := 0
	for _, pass := range [][2]int{{0, 8}, {4, 8}, {2, 4}, {1, 2}} {
		for y := pass[0]; y < size.Y; y += pass[1] {
			copy(mixed.Pix[row*size.X:], m.Pix[y*size.X:][:size.X])
			row++
		}
	}
	file := encoded(t, mixed)
	descriptor := []byte{',', 0, 0, 0, 0, byte(size.X), 0, byte(size.Y), 0}
	at := bytes.Index(file, descriptor)
	file[at+9] |= 0x40
	return file
}
