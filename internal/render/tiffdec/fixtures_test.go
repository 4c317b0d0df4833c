package tiffdec_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// scan is a TIFF file to be written.
type scan struct {
	order         binary.AppendByteOrder
	width, height int
	tile          int // the edge of tiles, or 0
	rows          int // of a strip
	depth         int
	samples       int
	kind          uint16 // photometric interpretation
	extra         uint16
	packing       uint16
	predictor     uint16
	colours       int // of the palette
	transparent   bool
	planar        uint16
}

// sampleBytes is what a pixel takes.
func (s scan) pixelBytes() int { return s.samples * s.depth / 8 }

// block makes some pixels in rows: a bit of a slope, a bit of noise, and an opacity of 255.
func (s scan) block(seed, width, height int) []byte {
	b := make([]byte, width*height*s.pixelBytes())
	for i := range b {
		b[i] = byte((seed+i/5+(i*i>>3)*37)&0x3f + i/width)
	}
	if s.colours > 0 {
		for i := range b {
			b[i] %= byte(s.colours - 1)
		}
	}
	if s.samples == 4 && !s.transparent {
		n := s.pixelBytes()
		for i := n - n/4; i < len(b); i += n {
			copy(b[i:], bytes.Repeat([]byte{255}, n/4))
		}
	}
	return b
}

// differences does what the horizontal predictor does.
func (s scan) differences(b []byte, width int) {
	n := s.pixelBytes()
	for row := range slices.Chunk(b, width*n) {
		for i := len(row) - s.depth/8; i >= n; i -= s.depth / 8 {
			if s.depth == 8 {
				row[i] -= row[i-n]
				continue
			}
			order := s.order.(binary.ByteOrder)
			order.PutUint16(row[i:], order.Uint16(row[i:])-order.Uint16(row[i-n:]))
		}
	}
}

func (s scan) pack(t testing.TB, b []byte) []byte {
	t.Helper()
	switch s.packing {
	case 5:
		return literals(b)
	case 8, 32946:
		var out bytes.Buffer
		z := zlib.NewWriter(&out)
		_, _ = z.Write(b)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	case 32773:
		var out []byte
		for len(b) > 0 {
			n := min(len(b), 1+len(b)%128)
			if b[0]%3 == 0 { // as if it were repeated, once
				n = 1
				out = append(out, 128, 0)
			} else {
				out = append(out, byte(n-1))
			}
			out = append(out, b[:n]...)
			b = b[n:]
		}
		return out
	}
	return b
}

// literals is LZW of nothing but literals of nine bits: all begins anew before codes get longer.
func literals(b []byte) []byte {
	var (
		out  []byte
		bits uint64
		n    int
	)
	put := func(code uint64) {
		bits = bits<<9 | code
		for n += 9; n >= 8; n -= 8 {
			out = append(out, byte(bits>>(n-8)))
		}
	}
	for i, v := range b {
		if i%250 == 0 {
			put(256)
		}
		put(uint64(v))
	}
	put(257)
	return append(out, byte(bits<<(8-n)))
}

// file writes the picture. The directory comes last.
func (s scan) file(t testing.TB) []byte {
	t.Helper()
	b := []byte("II*\x00")
	if s.order == binary.AppendByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	b = append(b, 0, 0, 0, 0)
	var at, sizes []uint32
	add := func(seed, width, height int) {
		pixels := s.block(seed, width, height)
		if s.predictor == 2 {
			s.differences(pixels, width)
		}
		packed := s.pack(t, pixels)
		at, sizes = append(at, uint32(len(b))), append(sizes, uint32(len(packed)))
		b = append(b, packed...)
	}
	if s.tile > 0 {
		for i := range (s.width + s.tile - 1) / s.tile * ((s.height + s.tile - 1) / s.tile) {
			add(i, s.tile, s.tile)
		}
	} else {
		for y := 0; y < s.height; y += s.rows {
			add(y, s.width, min(s.rows, s.height-y))
		}
	}
	return s.directory(b, at, sizes)
}

func (s scan) directory(b []byte, at, sizes []uint32) []byte {
	type tag struct {
		tag, kind uint16
		values    []uint32
	}
	bits := make([]uint32, s.samples)
	for i := range bits {
		bits[i] = uint32(s.depth)
	}
	tags := []tag{
		{256, 4, []uint32{uint32(s.width)}}, {257, 4, []uint32{uint32(s.height)}}, {258, 3, bits},
		{259, 3, []uint32{uint32(s.packing)}}, {262, 3, []uint32{uint32(s.kind)}},
	}
	if s.tile == 0 {
		tags = append(tags, tag{273, 4, at}, tag{278, 3, []uint32{uint32(s.rows)}}, tag{279, 4, sizes})
	}
	if s.planar > 0 {
		tags = append(tags, tag{284, 3, []uint32{uint32(s.planar)}})
	}
	if s.predictor > 0 {
		tags = append(tags, tag{317, 3, []uint32{uint32(s.predictor)}})
	}
	if s.colours > 0 {
		values := make([]uint32, 3*s.colours)
		for i := range values {
			values[i] = uint32(i*i*77) & 0xffff
		}
		tags = append(tags, tag{320, 3, values})
	}
	if s.tile > 0 {
		edge := []uint32{uint32(s.tile)}
		tags = append(tags, tag{322, 3, edge}, tag{323, 3, edge}, tag{324, 4, at}, tag{325, 4, sizes})
	}
	if s.extra > 0 {
		tags = append(tags, tag{338, 3, []uint32{uint32(s.extra)}})
	}
	s.order.(binary.ByteOrder).PutUint32(b[4:], uint32(len(b)))
	entries := s.order.AppendUint16(nil, uint16(len(tags)))
	var values []byte
	valuesAt := len(b) + 2 + 12*len(tags) + 4
	for _, g := range tags {
		var data []byte
		for _, v := range g.values {
			if g.kind == 3 {
				data = s.order.AppendUint16(data, uint16(v))
			} else {
				data = s.order.AppendUint32(data, v)
			}
		}
		entries = s.order.AppendUint16(s.order.AppendUint16(entries, g.tag), g.kind)
		entries = s.order.AppendUint32(entries, uint32(len(g.values)))
		if len(data) <= 4 {
			entries = append(entries, append(data, 0, 0, 0, 0)[:4]...)
			continue
		}
		entries = s.order.AppendUint32(entries, uint32(valuesAt+len(values)))
		values = append(values, data...)
	}
	return append(append(append(b, entries...), 0, 0, 0, 0), values...)
}

// scans are of every variant that is read.
func scans() map[string]scan {
	scans := map[string]scan{}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, packing := range []uint16{1, 5, 8, 32946, 32773} {
			for _, predictor := range []uint16{0, 2} {
				for _, depth := range []int{8, 16} {
					for kind, s := range map[string]scan{
						"white is zero": {samples: 1, kind: 0},
						"grey":          {samples: 1, kind: 1},
						"RGB":           {samples: 3, kind: 2},
						"RGBA":          {samples: 4, kind: 2, extra: 2},
						"premultiplied": {samples: 4, kind: 2, extra: 1},
						"palette":       {samples: 1, kind: 3, colours: 200},
					} {
						if s.colours > 0 && depth > 8 {
							continue
						}
						s.order, s.packing, s.predictor, s.depth = order, packing, predictor, depth
						s.width, s.height, s.rows = 21, 13, 5
						scans[fmt.Sprint(order, packing, predictor, depth, kind, " strips")] = s
						s.tile = 16
						scans[fmt.Sprint(order, packing, predictor, depth, kind, " tiles")] = s
					}
				}
			}
		}
	}
	return scans
}

// few are some of them, in which each way of packing meets each way of dividing.
func few() map[string]scan {
	few := scans()
	for name, s := range few {
		little := s.order == binary.AppendByteOrder(binary.LittleEndian)
		if s.predictor != 2 || s.samples != 3 || little == (s.depth == 16) {
			delete(few, name)
		}
	}
	return few
}

// samples are files that others wrote, from the tests of the other decoder.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/image").Output()
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "*.tiff"))
	if err != nil || len(names) == 0 {
		t.Fatalf("there are no files: %v", err)
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}
