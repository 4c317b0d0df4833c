package bmpdec_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"slices"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/darkroom/darkroom/internal/render/bmpdec"
	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/planartest"
)

func TestAPictureIsThatOfTheOtherDecoder(t *testing.T) {
	for name, file := range files() {
		t.Run(name, func(t *testing.T) {
			if !agree(t, file) {
				t.Error("it is refused")
			}
		})
	}
}

func TestWhatIsCutIsRefused(t *testing.T) {
	for name, file := range files() {
		for n := range file {
			if _, err := decode(file[:n]); !errors.Is(err, bmpdec.ErrCorrupt) {
				t.Fatalf("%s, cut to %d of %d bytes: %v", name, n, len(file), err)
			}
		}
	}
}

func TestATransparentPixelIsNoticedWhereAlphaCounts(t *testing.T) {
	for info, want := range map[int]error{40: nil, 108: planar.ErrTransparent, 124: planar.ErrTransparent} {
		file := fileOf(info, 9, 5, 32, nil)
		file[14+info+4*20+3] = 254
		if _, err := decode(file); !errors.Is(err, want) {
			t.Errorf("with a header of %d bytes: %v, want %v", info, err, want)
		}
	}
}

func TestOtherVariantsAreKnownAsThat(t *testing.T) {
	with := func(at int, b ...byte) []byte {
		file := fileOf(40, 4, 4, 24, nil)
		copy(file[at:], b)
		return file
	}
	for name, file := range map[string][]byte{
		"an OS/2 header":     with(14, 12),
		"run lengths":        with(30, 1),
		"16 bits":            with(28, 16),
		"a gap before rows":  with(10, 55),
		"two planes":         with(26, 2),
		"a negative width":   with(18, 0, 0, 0, 0x80),
		"a wrong height":     with(22, 0, 0, 0, 0x80),
		"too many colours":   append(fileOf(40, 4, 4, 8, nil)[:46], 1, 1, 0, 0, 0, 0, 0, 0),
		"masks without room": with(30, 3),
	} {
		if _, err := bmpdec.Open(file); !errors.Is(err, bmpdec.ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheEndOfTheContextEndsIt(t *testing.T) {
	f, err := bmpdec.Open(fileOf(40, 9, 500, 24, nil))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.Decode(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, file := range files() {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) { agree(t, file) })
}

func decode(file []byte) (planar.Picture, error) {
	f, err := bmpdec.Open(file)
	if err != nil {
		return planar.Picture{}, err
	}
	return f.Decode(context.Background())
}

// agree tells whether a file is read. It fails unless that is so exactly where the other decoder reads it, and the
// pictures are the same.
func agree(t *testing.T, file []byte) bool {
	t.Helper()
	c, err := bmp.DecodeConfig(bytes.NewReader(file))
	if err == nil && (c.Width == 0 || int64(c.Width)*int64(c.Height) > 1<<20) {
		return false
	}
	got, gotErr := decode(file)
	img, err := bmp.Decode(bytes.NewReader(file))
	switch {
	case errors.Is(gotErr, planar.ErrTransparent):
		if err == nil && img.(*image.NRGBA).Opaque() {
			t.Fatal("it is said to be transparent")
		}
	case gotErr != nil && !errors.Is(gotErr, bmpdec.ErrCorrupt) && !errors.Is(gotErr, bmpdec.ErrOther):
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

// files are of every variant that is read, in an odd and an even size each.
func files() map[string][]byte {
	colours := make([]byte, 4*256)
	for i := range colours {
		colours[i] = byte(i * 37)
	}
	greys := make([]byte, 4*256)
	for i := range greys {
		greys[i] = byte(i / 4)
	}
	files := map[string][]byte{}
	for _, size := range []image.Point{{13, 7}, {16, -6}} {
		for _, info := range []int{40, 108, 124} {
			for bits, table := range map[int][]byte{1: colours[:8], 2: colours[:16], 4: colours[:64], 8: colours, 24: nil, 32: nil} {
				files[fmt.Sprint(size, info, bits)] = fileOf(info, size.X, size.Y, bits, table)
			}
		}
		files[fmt.Sprint(size, "grey")] = fileOf(40, size.X, size.Y, 8, greys)
	}
	masks := fileOf(108, 5, 5, 32, nil)
	masks[30] = 3
	copy(masks[54:], "\x00\x00\xff\x00\x00\xff\x00\x00\xff\x00\x00\x00\x00\x00\x00\xff")
	files["masks"] = masks
	return files
}

// fileOf writes a file. The height is negative for rows from the top down.
func fileOf(info, width, height, bits int, palette []byte) []byte {
	le := binary.LittleEndian
	b := slices.Concat([]byte("BM"), make([]byte, 12+info-4+4), palette)
	le.PutUint32(b[10:], uint32(len(b)))
	le.PutUint32(b[14:], uint32(info))
	le.PutUint32(b[18:], uint32(width))
	le.PutUint32(b[22:], uint32(int32(height)))
	le.PutUint16(b[26:], 1)
	le.PutUint16(b[28:], uint16(bits))
	rows := max(height, -height) * ((width*bits + 31) / 32 * 4)
	for i := range rows {
		v := byte(i*i>>3 ^ i*11)
		if bits == 32 && i%4 == 3 {
			v = 255
		}
		b = append(b, v)
	}
	return b
}
