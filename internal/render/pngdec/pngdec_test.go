package pngdec_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"reflect"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/planartest"
	"github.com/darkroom/darkroom/internal/render/pngdec"
)

func decode(ctx context.Context, data []byte) (planar.Picture, error) {
	f, err := pngdec.Open(data)
	if err != nil {
		return planar.Picture{}, err
	}
	return f.Decode(ctx)
}

func TestEveryKindIsDecodedAsByTheStandardLibrary(t *testing.T) {
	for _, k := range kinds {
		for _, size := range []image.Point{{1, 1}, {2, 7}, {3, 5}, {8, 11}, {9, 6}, {31, 17}, {64, 5}, {301, 12}} {
			t.Run(fmt.Sprint(k.name, size), func(t *testing.T) {
				file := k.drawn(t, size.X, size.Y, 50)
				got, err := decode(t.Context(), file)
				if err != nil {
					t.Fatal(err)
				}
				like(t, got, file)
			})
		}
	}
}

// like compares with what the standard library reads.
func like(t *testing.T, got planar.Picture, file []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := planartest.SamePixels(got, img); err != nil {
		t.Fatal(err)
	}
}

func TestTransparencyIsDecodedAsByTheStandardLibrary(t *testing.T) {
	for _, k := range kinds {
		for _, size := range []image.Point{{1, 1}, {5, 4}, {33, 21}} {
			if k.colour < 3 {
				continue
			}
			file := k.file(t, size.X, size.Y, k.noise(size.X, size.Y), 99)
			if k.colour == 3 {
				file = withAlpha(file, 1<<k.depth, 0, 255, 80)
			}
			f, err := pngdec.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := f.Layers(t.Context())
			if err != nil || f.Opaque() {
				t.Fatalf("%s: %v, opaque is %t", k.name, err, f.Opaque())
			}
			img, err := png.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if want := planar.LayersOf(imaging.Clone(img)); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %v: got %v, want %v", k.name, size, got, want)
			}
		}
	}
}

// withAlpha puts how opaque the first colours are behind a palette of some.
func withAlpha(file []byte, colours int, alpha ...byte) []byte {
	after := 8 + 25 + 12 + 3*colours
	return append(chunk(bytes.Clone(file[:after]), "tRNS", alpha[:min(len(alpha), colours)]), file[after:]...)
}

func TestTransparencyIsNoticed(t *testing.T) {
	indexed := kind{"", 3, 2, 1}.drawn(t, 40, 5, 1000)
	cases := map[string]struct {
		file []byte
		want error
	}{
		"RGBA":                        {kind{"", 6, 8, 4}.file(t, 1, 1, []byte{0, 1, 2, 3, 254}, 99), planar.ErrTransparent},
		"RGBA of 16 bits":             {kind{"", 6, 16, 4}.file(t, 1, 1, []byte{0, 1, 2, 3, 4, 5, 6, 254, 255}, 99), planar.ErrTransparent},
		"grey":                        {kind{"", 4, 8, 2}.file(t, 1, 1, []byte{0, 1, 0}, 99), planar.ErrTransparent},
		"a colour of the palette":     {withAlpha(indexed, 4, 255, 255, 7), planar.ErrTransparent},
		"no colour after all":         {withAlpha(indexed, 4, 255, 255, 255), nil},
		"a colour that means nothing": {append(chunk(begun(1, 1, 8, 2), "tRNS", make([]byte, 6)), 0), pngdec.ErrOther},
		"rows in another order":       {begun(1, 1, 8, 2, 0, 0, 1), pngdec.ErrOther},
	}
	for name, c := range cases {
		if _, err := decode(t.Context(), c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Every chunk has a checksum, so that any damage is found; where it was written with its damage, it must not matter.
func TestAnyBitThatIsWrongIsCorrupt(t *testing.T) {
	file := kind{"", 2, 8, 3}.drawn(t, 9, 7, 60)
	for at := range file {
		for bit := range 8 {
			damaged := bytes.Clone(file)
			damaged[at] ^= 1 << bit
			if _, err := decode(t.Context(), damaged); !errors.Is(err, pngdec.ErrCorrupt) {
				t.Fatalf("bit %d of byte %d: %v", bit, at, err)
			}
		}
		if _, err := decode(t.Context(), file[:at]); !errors.Is(err, pngdec.ErrCorrupt) {
			t.Fatalf("cut at %d: %v", at, err)
		}
	}
}

func TestContradictionsAreCorrupt(t *testing.T) {
	one := kind{"", 2, 8, 3}
	pixel := []byte{0, 1, 2, 3}
	whole := one.file(t, 1, 1, pixel, 99)
	parted := one.file(t, 1, 1, pixel, 8)
	const head = 8 + 25
	between := func(kind string, body []byte) []byte {
		return append(chunk(bytes.Clone(whole[:head]), kind, body), whole[head:]...)
	}
	before := len(whole) - 12
	after := func(kind string) []byte {
		return append(chunk(bytes.Clone(whole[:before]), kind, nil), whole[before:]...)
	}
	for name, file := range map[string][]byte{
		"no width":              begun(0, 1, 8, 2),
		"a negative height":     begun(1, -1, 8, 2),
		"three bits":            begun(1, 1, 3, 0),
		"a colour of type 5":    begun(1, 1, 8, 5),
		"another compression":   begun(1, 1, 8, 2, 1),
		"two headers":           between("IHDR", make([]byte, 13)),
		"two palettes":          append(chunk(between("PLTE", make([]byte, 3))[:head+15:head+15], "PLTE", make([]byte, 3)), whole[head:]...),
		"half a colour":         between("PLTE", make([]byte, 4)),
		"transparency of three": between("tRNS", make([]byte, 3)),
		"no palette":            append(begun(1, 1, 8, 3), whole[head:]...),
		"a palette at the end":  after("PLTE"),
		"too little":            one.file(t, 1, 2, pixel, 99),
		"too much":              one.file(t, 1, 1, append(pixel, 0), 99),
		"filter 5":              one.file(t, 1, 1, []byte{5, 1, 2, 3}, 99),
		"no end":                whole[:len(whole)-12],
		"something between":     append(chunk(bytes.Clone(parted[:head+12+8]), "tEXt", nil), parted[head+12+8:]...),
	} {
		if _, err := decode(t.Context(), file); !errors.Is(err, pngdec.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := decode(t.Context(), after("tEXt")); err != nil {
		t.Errorf("a text at the end: %v", err)
	}
}

func TestDecodingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := decode(ctx, kinds[5].drawn(t, 3, 3, 99)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// ending is a context that ends when it has been looked at a few times.
type ending struct {
	context.Context
	looks *int
}

func (e ending) Err() error {
	if *e.looks--; *e.looks < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestALongStreamOfNothingEndsWithItsContext(t *testing.T) {
	var packed bytes.Buffer
	packed.WriteString("\x78\x9c")
	for range 200_000 { // blocks that are stored, and empty
		packed.WriteString("\x00\x00\x00\xff\xff")
	}
	file := chunk(chunk(begun(1, 1, 8, 2), "IDAT", packed.Bytes()), "IEND", nil)
	looks := 5
	if _, err := decode(ending{t.Context(), &looks}, file); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, err := decode(t.Context(), file); !errors.Is(err, pngdec.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}

// FuzzDecode compares with the standard library, which reads pixels with the same checks. It alone looks at the checksum
// of what is decompressed.
func FuzzDecode(f *testing.F) {
	for _, k := range kinds {
		f.Add(k.drawn(f, 7, 6, 40))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = summed(data)
		if h, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || h.Width*h.Height > 1<<16 {
			return
		}
		got, err := decode(t.Context(), data)
		switch _, wantErr := png.Decode(bytes.NewReader(data)); {
		case err == nil && wantErr == nil:
			like(t, got, data)
		case err == nil && !adler(wantErr):
			t.Fatalf("accepted, where the standard library says %v", wantErr)
		case errors.Is(err, pngdec.ErrCorrupt) && wantErr == nil:
			t.Fatalf("%v, which the standard library accepts", err)
		}
	})
}

func adler(err error) bool {
	return bytes.Contains([]byte(err.Error()), []byte("zlib: invalid checksum"))
}
