package heif

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/render/colour"
)

// sample reads a file that the module imagemeta is tested with.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta").Output()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "images", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFilesOfPhonesAndCameras(t *testing.T) {
	for _, c := range []struct {
		name, codec          string
		width, height, depth int
		orientation          int
		exif, xmp, icc       bool
		code                 colour.Code
	}{
		{"iphone.heic", HEVC, 5712, 4284, 8, 1, true, true, true, colour.Code{}},
		{"sony.heif", HEVC, 6192, 4128, 10, 6, true, true, false, colour.Code{Primaries: 1, Transfer: 13}},
		{"bep/sunrise.avif", AV1, 1024, 640, 8, 1, true, true, true, colour.Code{}},
	} {
		b := sample(t, c.name)
		f, err := Read(b)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if f.Codec != c.codec || f.Width != c.width || f.Height != c.height || f.Depth != c.depth || f.Orientation != c.orientation {
			t.Errorf("%s: got %s %d×%d of %d bits, orientation %d", c.name, f.Codec, f.Width, f.Height, f.Depth, f.Orientation)
		}
		if (f.EXIF != nil) != c.exif || (f.XMP != nil) != c.xmp || (f.ICC != nil) != c.icc {
			t.Errorf("%s: EXIF %d, XMP %d, ICC %d bytes", c.name, len(f.EXIF), len(f.XMP), len(f.ICC))
		}
		if f.Code != c.code {
			t.Errorf("%s: colours %v, want %v", c.name, f.Code, c.code)
		}
		if f.EXIF != nil && !bytes.HasPrefix(f.EXIF, []byte("MM\x00*")) && !bytes.HasPrefix(f.EXIF, []byte("II*\x00")) {
			t.Errorf("%s: EXIF begins with %q", c.name, f.EXIF[:min(8, len(f.EXIF))])
		}
		heic, avif := Is(b)
		if heic == avif || avif != (c.codec == AV1) {
			t.Errorf("%s: recognised as HEIC %t, AVIF %t", c.name, heic, avif)
		}
	}
}

// box writes a box.
func box(kind string, parts ...[]byte) []byte {
	data := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(data))), kind...), data...)
}

func full(version byte, parts ...[]byte) []byte {
	return append([]byte{version, 0, 0, 0}, bytes.Join(parts, nil)...)
}

func TestAPreviewIsFound(t *testing.T) {
	jpeg := append([]byte("\xff\xd8\xff"), make([]byte, 50)...)
	item := func(id byte, kind string) []byte {
		return box("infe", full(2, []byte{0, id, 0, 0}, []byte(kind), []byte{0}))
	}
	place := func(id byte, n int) []byte { return []byte{0, id, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, byte(n)} }
	meta := box("meta", full(0,
		box("pitm", full(0, []byte{0, 1})),
		box("iinf", full(0, []byte{0, 2}, item(1, "hvc1"), item(2, "jpeg"))),
		box("iloc", full(1, []byte{0x44, 0, 0, 2}, place(1, 5), place(2, len(jpeg)))),
		box("iprp", box("ipco", box("ispe", full(0, []byte{0, 0, 4, 0, 0, 0, 3, 0})), box("irot", []byte{1})),
			box("ipma", full(0, []byte{0, 0, 0, 1, 0, 1, 2, 1, 2}))),
		box("idat", jpeg),
	))
	file := append(box("ftyp", []byte("heic\x00\x00\x00\x00mif1")), meta...)
	f, err := Read(file)
	if err != nil || !bytes.Equal(f.Preview, jpeg) || f.Width != 1024 || f.Height != 768 || f.Orientation != 8 {
		t.Errorf("got %d×%d, orientation %d, a preview of %d bytes: %v", f.Width, f.Height, f.Orientation, len(f.Preview), err)
	}
	for n := range file {
		_, _ = Read(file[:n]) // cut anywhere
	}
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":            nil,
		"a box of no length": []byte("\x00\x00\x00\x00meta"),
		"a box too long":     []byte("\xff\xff\xff\xffmeta"),
		"a 64-bit length":    []byte("\x00\x00\x00\x01meta\xff\xff\xff\xff\xff\xff\xff\xff"),
		"no items":           box("meta", full(0, box("pitm", full(0, []byte{0, 1})))),
	} {
		if _, err := Read(b); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if heic, avif := Is([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42")); heic || avif {
		t.Error("a film is taken for a picture")
	}
}

func TestAnItemOfEveryByteAgainAndAgainIsRefused(t *testing.T) {
	var c container
	c.file = make([]byte, 1<<20)
	parts := make([][2]uint64, maxItems)
	for i := range parts {
		parts[i] = [2]uint64{0, 1 << 20}
	}
	c.places = map[uint32]place{1: {parts: parts}}
	if b := c.bytes(1); b != nil {
		t.Errorf("got %d bytes", len(b))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample(f, "multi-xmp.heic"))
	f.Add(sample(f, "bep/sunrise.avif")[:4000])
	f.Fuzz(func(t *testing.T, b []byte) {
		Is(b)
		got, err := Read(b)
		if err == nil && (got.Width < 1 || got.Height < 1 || got.Orientation < 1 || got.Orientation > 8) {
			t.Fatalf("got %+v", got)
		}
	})
}
