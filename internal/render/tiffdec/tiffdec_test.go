package tiffdec_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"regexp"
	"runtime"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/darkroom/darkroom/internal/render/ifd"
	"github.com/darkroom/darkroom/internal/render/planar"
	"github.com/darkroom/darkroom/internal/render/planartest"
	"github.com/darkroom/darkroom/internal/render/tiffdec"
)

func TestAPictureIsThatOfTheOtherDecoder(t *testing.T) {
	for name, s := range scans() {
		if !agree(t, s.file(t)) {
			t.Errorf("%s is refused", name)
		}
	}
	for name, file := range samples(t) {
		read := agree(t, file)
		others := regexp.MustCompile("^bw-|^invalid|^no_") // of a bit a pixel, broken, and transparent
		if read == others.MatchString(name) {
			t.Errorf("%s is read: %t", name, read)
		}
	}
}

func TestWhatIsCutIsReadOnlyWhereItIsElsewhere(t *testing.T) {
	for name, s := range few() {
		file := s.file(t)
		directory := int(s.order.(binary.ByteOrder).Uint32(file[4:]))
		for n := directory; n < len(file); n += 7 { // of the directory and what belongs to it
			agree(t, file[:n])
		}
		first := bytes.Clone(file) // the first block begins later, so that it lacks its end or becomes nonsense
		for cut := 0; cut < directory-8; cut += 13 {
			copy(first[8:directory], make([]byte, cut))
			agree(t, first)
		}
		if t.Failed() {
			t.Fatalf("%s", name)
		}
	}
}

// Strips of every length and tiles of some, the other bytes of the file being where they were.
func TestABlockThatIsTooShortIsRefused(t *testing.T) {
	for name, s := range few() {
		file := s.file(t)
		order := s.order.(binary.ByteOrder)
		at, tag := order.Uint32(file[4:]), uint16(279)
		if s.tile > 0 {
			tag = 325
		}
		for order.Uint16(file[at+2:]) != tag {
			at += 12
		}
		sizes := file[order.Uint32(file[at+2+8:]):]
		last := sizes[order.Uint32(file[at+2+4:])*4-4:][:4]
		whole := order.Uint32(last)
		for n := uint32(0); n < whole; n += 1 + uint32(s.tile/2) {
			order.PutUint32(last, n)
			if agree(t, file) && n+10 < whole && s.tile == 0 {
				t.Fatalf("%s is read with %d of %d bytes", name, n, whole)
			}
		}
	}
}

func TestATransparentPixelIsNoticed(t *testing.T) {
	for name, s := range scans() {
		if s.samples < 4 {
			continue
		}
		s.transparent = true
		if _, err := decode(s.file(t)); !errors.Is(err, planar.ErrTransparent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOtherVariantsAreKnownAsThat(t *testing.T) {
	whole := scan{order: binary.LittleEndian, width: 21, height: 13, rows: 13, depth: 8, samples: 3, kind: 2, packing: 1}
	with := func(change func(*scan)) []byte {
		s := whole
		change(&s)
		return s.file(t)
	}
	for name, file := range map[string][]byte{
		"colours apart":     with(func(s *scan) { s.planar = 2 }),
		"small tiles":       with(func(s *scan) { s.tile = 4 }),
		"large tiles":       with(func(s *scan) { s.tile = 1040 }),
		"floats predicted":  with(func(s *scan) { s.predictor = 3 }),
		"JPEG":              with(func(s *scan) { s.packing = 7 }),
		"CMYK":              with(func(s *scan) { s.samples, s.kind = 4, 5 }),
		"four samples":      with(func(s *scan) { s.samples = 4 }),
		"a palette of none": with(func(s *scan) { s.samples, s.kind = 1, 3 }),
		"32 bits":           with(func(s *scan) { s.depth = 32 }),
	} {
		if _, err := tiffdec.Open(file); !errors.Is(err, tiffdec.ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := tiffdec.Open([]byte("II*\x00\xff\xff\xff\xff")); !errors.Is(err, tiffdec.ErrCorrupt) {
		t.Errorf("without a directory: %v", err)
	}
}

func TestTheEndOfTheContextEndsIt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, s := range few() {
		f, err := tiffdec.Open(s.file(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Decode(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, tiffdec.ErrCorrupt) {
			t.Fatalf("%s: got %v", name, err)
		}
	}
}

// A strip as high as the picture takes no more than one of few rows.
func TestMemoryIsPredicted(t *testing.T) {
	for name, s := range few() {
		s.width, s.height, s.rows, s.tile = 60, 200, 200, 4*s.tile
		file := s.file(t)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f, err := tiffdec.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Decode(context.Background()); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		if used := int64(after.TotalAlloc - before.TotalAlloc); used > f.Memory()+32<<10 {
			t.Errorf("%s: %d bytes were allocated, %d predicted", name, used, f.Memory())
		}
	}
}

func TestAFileThatSaysMoreThanItHoldsTakesNoMemory(t *testing.T) {
	for _, packing := range []uint16{1, 5, 8, 32773} {
		s := scan{order: binary.LittleEndian, width: 9, height: 9, rows: 65535, depth: 8, samples: 3, kind: 2, packing: packing}
		file := s.file(t)
		directory := binary.LittleEndian.Uint32(file[4:])
		binary.LittleEndian.PutUint32(file[directory+2+8:], 60_000)
		binary.LittleEndian.PutUint32(file[directory+2+12+8:], 60_000)
		if n := testing.AllocsPerRun(1, func() {
			if _, err := decode(file); !errors.Is(err, tiffdec.ErrCorrupt) {
				t.Errorf("packing %d: %v", packing, err)
			}
		}); n > 100 {
			t.Errorf("packing %d: %v allocations", packing, n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range scans() {
		little := s.order == binary.AppendByteOrder(binary.LittleEndian)
		if s.predictor == 2 && little == (s.depth == 8) {
			f.Add(s.file(f))
		}
	}
	f.Fuzz(func(t *testing.T, file []byte) { agree(t, file) })
}

func decode(file []byte) (planar.Picture, error) {
	f, err := tiffdec.Open(file)
	if err != nil {
		return planar.Picture{}, err
	}
	return f.Decode(context.Background())
}

// agree tells whether a file is read. It fails unless that is so exactly where the other decoder reads it, and the
// pictures are the same; what is for others apart.
func agree(t *testing.T, file []byte) bool {
	t.Helper()
	c, err := tiff.DecodeConfig(bytes.NewReader(file))
	if err != nil || c.Width > 1<<10 || c.Height > 1<<10 {
		return false
	}
	got, gotErr := decode(file)
	if errors.Is(gotErr, tiffdec.ErrOther) {
		return false
	}
	img, err := tiff.Decode(bytes.NewReader(file))
	switch {
	case errors.Is(gotErr, planar.ErrTransparent):
		if err == nil && img.(interface{ Opaque() bool }).Opaque() {
			t.Fatal("it is said to be transparent")
		}
	case gotErr != nil && !errors.Is(gotErr, tiffdec.ErrCorrupt):
		t.Fatalf("the error is %v", gotErr)
	case gotErr != nil && err == nil && mayBeRefused(file):
		return false
	case (gotErr == nil) != (err == nil):
		t.Fatalf("got %v, the other decoder %v", gotErr, err)
	case err == nil:
		if err := planartest.SamePixels(got, img); err != nil {
			t.Fatal(err)
		}
	}
	return gotErr == nil
}

// mayBeRefused tells of files in which the other decoder overlooks what is wrong: the end of a tile's row, where it is not
// seen, that is not there; and anything behind eight bytes a pixel, which those of 64 bits have.
func mayBeRefused(file []byte) bool {
	const bitsPerSample, tileWidth = 258, 322
	f, d := ifd.Open(file)
	bits := f.Numbers(d, bitsPerSample, 4)
	return d.Has(tileWidth) || len(bits) == 4 && bits[0] == 16
}
