package pngdec_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"testing"
)

// kind is a kind of PNG.
type kind struct {
	name          string
	colour, depth byte
	samples       int
}

var kinds = []kind{
	{"grey of 1 bit", 0, 1, 1}, {"grey of 2 bits", 0, 2, 1}, {"grey of 4 bits", 0, 4, 1}, {"grey", 0, 8, 1},
	{"grey of 16 bits", 0, 16, 1}, {"RGB", 2, 8, 3}, {"RGB of 16 bits", 2, 16, 3}, {"palette of 1 bit", 3, 1, 1},
	{"palette of 2 bits", 3, 2, 1}, {"palette of 4 bits", 3, 4, 1}, {"palette", 3, 8, 1}, {"grey with alpha", 4, 8, 2},
	{"grey with alpha of 16 bits", 4, 16, 2}, {"RGBA", 6, 8, 4}, {"RGBA of 16 bits", 6, 16, 4},
}

// drawn writes a PNG of noise that is opaque. Row after row takes the next filter; parts are of some bytes each.
func (k kind) drawn(t testing.TB, w, h, part int) []byte {
	t.Helper()
	raw := k.noise(w, h)
	if pixel := k.samples * int(k.depth) / 8; k.colour >= 4 {
		for y := range h {
			opaque(raw[y*(w*pixel+1):][:w*pixel+1], pixel, int(k.depth)/8)
		}
	}
	return k.file(t, w, h, raw, part)
}

// noise is rows as they are stored.
func (k kind) noise(w, h int) []byte {
	row := (w*k.samples*int(k.depth) + 7) / 8
	random := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	var raw []byte
	for y := range h {
		raw = append(raw, byte(y%5))
		for range row {
			raw = append(raw, byte(random.Uint32())&0x3f)
		}
	}
	return raw
}

// opaque takes the filter from a row whose alpha is to be full, and fills that in.
func opaque(row []byte, pixel, alpha int) {
	row[0] = 0
	for i := 1; i < len(row); i += pixel {
		for j := range alpha {
			row[i+pixel-1-j] = 255
		}
	}
}

// file writes the chunks of a PNG around rows as they are stored.
func (k kind) file(t testing.TB, w, h int, raw []byte, part int) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	out := begun(w, h, k.depth, k.colour)
	if k.colour == 3 {
		out = chunk(out, "PLTE", bytes.Repeat([]byte{10, 200, 90, 250, 3, 77}, 1<<k.depth/2))
	}
	for b := packed.Bytes(); len(b) > 0; b = b[min(part, len(b)):] {
		out = chunk(out, "IDAT", b[:min(part, len(b))])
	}
	return chunk(out, "IEND", nil)
}

// begun is a file up to its IHDR.
func begun(w, h int, rest ...byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	return chunk([]byte("\x89PNG\r\n\x1a\n"), "IHDR", append(append(head, rest...), make([]byte, 5-len(rest))...))
}

func chunk(to []byte, kind string, body []byte) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(len(body)))
	from := len(to)
	to = append(append(to, kind...), body...)
	return binary.BigEndian.AppendUint32(to, crc32.ChecksumIEEE(to[from:]))
}

// summed puts the right checksum behind every chunk of a file.
func summed(b []byte) []byte {
	b = bytes.Clone(b)
	for at := 8; at+12 <= len(b); {
		n := int(binary.BigEndian.Uint32(b[at:]))
		if n > len(b)-at-12 {
			break
		}
		binary.BigEndian.PutUint32(b[at+8+n:], crc32.ChecksumIEEE(b[at+4:at+8+n]))
		at += 12 + n
	}
	return b
}
