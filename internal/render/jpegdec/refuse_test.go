package jpegdec_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/darkroom/darkroom/internal/render/jpegdec"
)

// edited returns a copy of a file with the bytes at the first occurrence of a pattern replaced.
func edited(t *testing.T, data, pattern, replacement []byte) []byte {
	t.Helper()
	i := bytes.Index(data, pattern)
	if i < 0 {
		t.Fatalf("no % x in the file", pattern)
	}
	return append(append(append([]byte{}, data[:i]...), replacement...), data[i+len(pattern):]...)
}

// sized returns a copy of a file that says it is of another size.
func sized(t *testing.T, data []byte, width, height int) []byte {
	t.Helper()
	size := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, uint16(height)), uint16(width))
	return edited(t, data, []byte{0, 77, 0, 93}, size)
}

func TestRefusedFiles(t *testing.T) {
	baseline, progressive := read(t, "testdata/420.jpg"), read(t, "testdata/420-progressive.jpg")
	restarts := read(t, "testdata/420-restart-1.jpg")
	dri := []byte{0xff, 0xdd, 0, 4}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":                        {nil, jpegdec.ErrCorrupt},
		"not a JPEG":                     {[]byte("GIF89a"), jpegdec.ErrCorrupt},
		"no more than a start":           {baseline[:2], jpegdec.ErrCorrupt},
		"an end right after the start":   {[]byte{0xff, 0xd8, 0xff, 0xd9}, jpegdec.ErrCorrupt},
		"RGB":                            {read(t, "testdata/refused/rgb.jpg"), jpegdec.ErrOther},
		"CMYK":                           {read(t, "../testdata/cmyk.jpg"), jpegdec.ErrOther},
		"chroma finer than luma":         {read(t, "testdata/refused/odd-sampling.jpg"), jpegdec.ErrOther},
		"a third of the chroma":          {read(t, "testdata/refused/sampling-of-3.jpg"), jpegdec.ErrOther},
		"arithmetic coding":              {read(t, "testdata/refused/arithmetic.jpg"), jpegdec.ErrUnsupported},
		"lossless":                       {edited(t, baseline, []byte{0xff, 0xc0}, []byte{0xff, 0xc3}), jpegdec.ErrUnsupported},
		"hierarchical":                   {edited(t, baseline, []byte{0xff, 0xc0}, []byte{0xff, 0xc5}), jpegdec.ErrUnsupported},
		"12 bits":                        {edited(t, baseline, []byte{0, 17, 8}, []byte{0, 17, 12}), jpegdec.ErrUnsupported},
		"a height left open":             {sized(t, baseline, 93, 0), jpegdec.ErrUnsupported},
		"no width":                       {sized(t, baseline, 0, 77), jpegdec.ErrCorrupt},
		"65,535 pixels square":           {sized(t, baseline, 65535, 65535), jpegdec.ErrTooLarge},
		"more blocks than bits":          {sized(t, baseline, 8000, 8000), jpegdec.ErrCorrupt},
		"more blocks than bits, in bits": {sized(t, progressive, 8000, 8000), jpegdec.ErrCorrupt},
		"more rows than there are":       {sized(t, baseline, 93, 100), jpegdec.ErrCorrupt},
		"two frames":                     {twice(t, baseline, 0xc0), jpegdec.ErrCorrupt},
		"the same scan twice":            {withSecondScan(t, read(t, "testdata/420-separate.jpg")), jpegdec.ErrCorrupt},
		"no quantisation table":          {without(t, baseline, 0xdb), jpegdec.ErrCorrupt},
		"no Huffman table":               {without(t, baseline, 0xc4), jpegdec.ErrCorrupt},
		"no restart interval":            {edited(t, restarts, dri, []byte{0xff, 0xfe, 0, 4}), jpegdec.ErrCorrupt},
		"a restart marker left out":      {edited(t, restarts, []byte{0xff, 0xd1}, nil), jpegdec.ErrCorrupt},
		"restart markers out of order":   {edited(t, restarts, []byte{0xff, 0xd1}, []byte{0xff, 0xd2}), jpegdec.ErrCorrupt},
		"progressive without an end":     {progressive[:len(progressive)-2], jpegdec.ErrCorrupt},
		"thousands of scans":             {withManyScans(t), jpegdec.ErrCorrupt},
		"hundreds of scans of no bits":   {withEmptyScans(800, 800, 900), jpegdec.ErrCorrupt},
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{1, 3, 8} {
				if _, err := jpegdec.Decode(context.Background(), c.data, n); !errors.Is(err, c.want) {
					t.Errorf("Decode at %d/8 gave %v, want %v", n, err, c.want)
				}
			}
		})
	}
}

// segment is where the first segment with a marker begins and ends.
func segment(t *testing.T, data []byte, marker byte) (from, to int) {
	t.Helper()
	from = bytes.Index(data, []byte{0xff, marker})
	if from < 0 {
		t.Fatalf("no marker %#x", marker)
	}
	return from, from + 2 + int(binary.BigEndian.Uint16(data[from+2:]))
}

func without(t *testing.T, data []byte, marker byte) []byte {
	t.Helper()
	from, to := segment(t, data, marker)
	return append(append([]byte{}, data[:from]...), data[to:]...)
}

func twice(t *testing.T, data []byte, marker byte) []byte {
	t.Helper()
	from, to := segment(t, data, marker)
	return append(append([]byte{}, data[:to]...), data[from:]...)
}

// withSecondScan repeats the first of several scans.
func withSecondScan(t *testing.T, data []byte) []byte {
	t.Helper()
	from, to := segment(t, data, 0xda)
	end := to + bytes.Index(data[to:], []byte{0xff, 0xc4})
	if end < to {
		end = to + bytes.Index(data[to:], []byte{0xff, 0xda})
	}
	return append(append([]byte{}, data[:end]...), data[from:]...)
}

// withManyScans is a progressive file whose scan of DC coefficients is refined again and again.
func withManyScans(t *testing.T) []byte {
	t.Helper()
	d := draw(1, 64, 64, [2]int{1, 1})
	data := d.encode(options{progressive: true})
	from := bytes.LastIndex(data, []byte{0xff, 0xda})
	last := data[from : len(data)-2]
	many := append([]byte{}, data[:from]...)
	for range 5000 {
		many = append(many, last...)
	}
	return append(many, 0xff, 0xd9)
}

// withEmptyScans is a progressive file of grey blocks. After them come scans that refine nothing, in a few bytes each: the code
// for an end-of-band run, of 32767 blocks, which is all that they have.
func withEmptyScans(width, height, scans int) []byte {
	blocks := ceil(width, 8) * ceil(height, 8)
	w := &writer{out: []byte{0xff, 0xd8}}
	w.segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...))
	w.segment(0xc2, []byte{8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 1, 1, 0x11, 0})
	one := func(class, symbol byte) []byte { return append(append([]byte{class, 1}, make([]byte, 15)...), symbol) }
	w.segment(0xc4, one(0x00, 0))    // a DC difference of 0 is the bit 0
	w.segment(0xc4, one(0x10, 0xe0)) // and so is a run of ends
	w.segment(0xda, []byte{1, 1, 0, 0, 0, 0})
	w.out = append(w.out, make([]byte, ceil(blocks, 8))...)
	for range scans {
		w.segment(0xda, []byte{1, 1, 0, 1, 63, 0x10})
		for left := blocks; left > 0; left -= 1<<15 - 1 {
			w.put(1<<14-1, 15)
		}
		w.flush()
	}
	return append(w.out, 0xff, 0xd9)
}

func TestHarmlessOdditiesAreRead(t *testing.T) {
	plain := read(t, "testdata/420.jpg")
	restarts := read(t, "testdata/420-restart-1.jpg")
	app := []byte{0xff, 0xe5, 0, 4, 1, 2}
	for name, data := range map[string][]byte{
		"fill bytes before a marker":         edited(t, plain, []byte{0xff, 0xda}, []byte{0xff, 0xff, 0xff, 0xda}),
		"fill bytes before a restart marker": edited(t, restarts, []byte{0xff, 0xd3}, []byte{0xff, 0xff, 0xff, 0xd3}),
		"junk after the end":                 append(bytes.Clone(plain), "junk \xff\xd8\xff"...),
		"junk before the end":                append(append(bytes.Clone(plain[:len(plain)-2]), "junk"...), 0xff, 0xd9),
		"no end, with every block there":     plain[:len(plain)-2],
		"an application's segment late":      edited(t, plain, []byte{0xff, 0xda}, append(app, 0xff, 0xda)),
		"an application's segment early":     append(append([]byte{0xff, 0xd8}, app...), plain[2:]...),
	} {
		t.Run(name, func(t *testing.T) {
			want := planes(decode(t, plain, 8))
			for i, got := range planes(decode(t, data, 8)) {
				if d := furthest(t, got, want[i]); d != 0 {
					t.Errorf("plane %d differs by up to %d", i, d)
				}
			}
		})
	}
}

// TestAFileCutOffAnywhereIsCorrupt: but a baseline file may lack its end of two bytes. A progressive one may not, for it
// does not say how many scans there are.
func TestAFileCutOffAnywhereIsCorrupt(t *testing.T) {
	small := draw(1, 21, 17, [2]int{2, 1}, [2]int{1, 1}, [2]int{1, 1})
	for name, c := range map[string]struct {
		data   []byte
		spared int
	}{
		"baseline":                       {small.encode(options{}), 2},
		"separate scans":                 {small.encode(options{separate: true}), 2},
		"restart markers":                {small.encode(options{interval: 1}), 2},
		"separate, with restart markers": {small.encode(options{separate: true, interval: 2}), 2},
		"progressive":                    {small.encode(options{progressive: true}), 0},
		"progressive, with restarts":     {small.encode(options{progressive: true, interval: 1}), 0},
		"progressive, bit by bit":        {read(t, "testdata/420-progressive-deep.jpg"), 0},
	} {
		for cut := range c.data {
			_, err := jpegdec.Decode(context.Background(), c.data[:cut], []int{3, 8, 5}[cut%3])
			if whole := cut >= len(c.data)-c.spared; !whole && !errors.Is(err, jpegdec.ErrCorrupt) {
				t.Fatalf("%s, cut to %d of %d bytes, gave %v, want %v", name, cut, len(c.data), err, jpegdec.ErrCorrupt)
			} else if whole && err != nil {
				t.Fatalf("%s, cut to %d of %d bytes: %v", name, cut, len(c.data), err)
			}
		}
	}
}

// TestAnyByteMayBeWrong sees to it that damage, wherever it is, ends in an error or a picture.
func TestAnyByteMayBeWrong(t *testing.T) {
	small := draw(1, 21, 17, [2]int{2, 1}, [2]int{1, 1}, [2]int{1, 1})
	for _, data := range [][]byte{small.encode(options{interval: 1}), read(t, "testdata/420-progressive-deep.jpg")} {
		for i := range data {
			damaged := bytes.Clone(data)
			damaged[i] ^= 1 << (i % 8)
			decodeAnything(t, damaged, 5)
		}
	}
}

// decodeAnything checks what holds for any input: an error of ours, or planes of the size announced.
func decodeAnything(t *testing.T, data []byte, n int) {
	t.Helper()
	h, headerErr := jpegdec.ReadHeader(data)
	p, err := jpegdec.Decode(context.Background(), data, n)
	if err != nil {
		for _, kind := range []error{jpegdec.ErrCorrupt, jpegdec.ErrUnsupported, jpegdec.ErrOther, jpegdec.ErrTooLarge} {
			if errors.Is(err, kind) {
				return
			}
		}
		t.Fatalf("Decode gave %v, which is of no kind", err)
	}
	if headerErr != nil {
		t.Fatalf("ReadHeader gave %v, but Decode nothing", headerErr)
	}
	if w, hgt := ceil(h.Width*n, 8), ceil(h.Height*n, 8); p.Y.Width != w || p.Y.Height != hgt {
		t.Fatalf("the picture is %d×%d, want %d×%d", p.Y.Width, p.Y.Height, w, hgt)
	}
	for _, plane := range planes(p) {
		if plane.Stride < plane.Width || len(plane.Pix) < plane.Stride*(plane.Height-1)+plane.Width {
			t.Fatalf("a plane of %d×%d has %d bytes, %d a row", plane.Width, plane.Height, len(plane.Pix), plane.Stride)
		}
	}
}
