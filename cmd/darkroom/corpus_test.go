package main

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/darkroom/darkroom/gallery"
)

// specimen is a picture that is odd or hostile, and how it has to end.
type specimen struct {
	name    string
	data    []byte
	failure gallery.FailureCode // empty: READY, upright of this size
	width   int
	height  int
}

// corpus makes the pictures that have broken other services.
func corpus(t *testing.T) []specimen {
	t.Helper()
	plain := encode(t, jpegFile, colours(60, 40))
	all := []specimen{
		{"a PNG of 20,000² zeros", blackPNG(t, 20000, 20000), gallery.TooLarge, 0, 0},
		{"a baseline JPEG header of 50,000²", resized(t, plain, 50000, 50000), gallery.TooLarge, 0, 0},
		{"a progressive JPEG header of 50,000²", progressive(t, resized(t, plain, 50000, 50000)), gallery.TooLarge, 0, 0},
		{"a GIF with a huge screen", screen(encode(t, gifFile, colours(60, 40)), 65535, 65535), gallery.TooLarge, 0, 0},
		{"a GIF of 3,000 frames", animation(t, 3000), "", 60, 40},
		{"an iCCP block of 8 MB", withJunk(plain, 0xE2, "ICC_PROFILE\x00\x01\x01", 125), "", 60, 40},
		{"an EXIF block of 64 kB of nonsense", withJunk(plain, 0xE1, "Exif\x00\x00", 1), "", 60, 40},
		{"one byte", []byte{0xff}, gallery.Unsupported, 0, 0},
		{"text", []byte("<html><script>alert(1)</script>"), gallery.Unsupported, 0, 0},
		{"a truncated JPEG", plain[:len(plain)*2/3], gallery.Corrupt, 0, 0},
		{"1 × 1", encode(t, pngFile, colours(1, 1)), "", 1, 1},
		{"1 × 20,000", encode(t, pngFile, colours(1, 20000)), "", 1, 20000},
		{"a PNG called JPEG", encode(t, pngFile, colours(60, 40)), "", 60, 40},
		{"junk after the end", append(bytes.Clone(plain), strings.Repeat("junk", 1000)...), "", 60, 40},
		{"CMYK", file(t, "../../internal/render/testdata/cmyk.jpg"), "", 0, 0},
		{"16 bits", encode(t, pngFile, image.NewNRGBA64(image.Rect(0, 0, 60, 40))), "", 60, 40},
		{"a palette with transparency", encode(t, pngFile, paletted(60, 40)), "", 60, 40},
		{"interlaced", file(t, "testdata/interlaced.png"), "", 40, 30},
		{"BMP", encode(t, bmp.Encode, colours(60, 40)), "", 60, 40},
		{"TIFF", encode(t, tiffFile, colours(60, 40)), "", 60, 40},
		{"an animated WebP", file(t, "../../internal/render/testdata/animated.webp"), "", 320, 180},
	}
	for orientation := range 11 {
		s := specimen{fmt.Sprintf("orientation %d", orientation), oriented(plain, uint16(orientation)), "", 60, 40}
		if orientation >= 5 && orientation <= 8 {
			s.width, s.height = s.height, s.width
		}
		all = append(all, s)
	}
	return all
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func colours(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{byte(x), byte(y), byte(x + y), 255})
		}
	}
	return m
}

func paletted(w, h int) image.Image {
	m := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Transparent, color.Black, color.White})
	for n := range m.Pix {
		m.Pix[n] = byte(n % 3)
	}
	return m
}

func encode(t *testing.T, to func(io.Writer, image.Image) error, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := to(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegFile(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }
func pngFile(w io.Writer, m image.Image) error  { return png.Encode(w, m) }
func gifFile(w io.Writer, m image.Image) error  { return gif.Encode(w, m, nil) }
func tiffFile(w io.Writer, m image.Image) error { return tiff.Encode(w, m, nil) }

// blackPNG is a whole PNG of zeros: megabytes that unfold to gigabytes.
func blackPNG(t *testing.T, w, h int) []byte {
	t.Helper()
	b := bytes.NewBufferString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		sum := crc32.NewIEEE()
		_, _ = io.WriteString(io.MultiWriter(sum), kind)
		sum.Write(data)
		_ = binary.Write(b, binary.BigEndian, uint32(len(data)))
		b.WriteString(kind)
		b.Write(data)
		_ = binary.Write(b, binary.BigEndian, sum.Sum32())
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	chunk("IHDR", append(head, 8, 2, 0, 0, 0))
	chunk("IDAT", zeros(t, h*(1+3*w)))
	chunk("IEND", nil)
	return b.Bytes()
}

// zeros compresses n zeros, some megabytes, in no time: each megabyte after the first gives the same bytes.
func zeros(t *testing.T, n int) []byte {
	t.Helper()
	var z bytes.Buffer
	zip := zlib.NewWriter(&z)
	megabyte := make([]byte, 1<<20)
	compress := func(p []byte) {
		if _, err := zip.Write(p); err != nil {
			t.Fatal(err)
		}
		if err := zip.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	compress(megabyte[:n%len(megabyte)])
	compress(megabyte)
	before := z.Len()
	compress(megabyte)
	z.Write(bytes.Repeat(bytes.Clone(z.Bytes()[before:]), n/len(megabyte)-2))
	z.Write([]byte{1, 0, 0, 0xff, 0xff}) // the last block, which is empty
	// Adler-32 of zeros: its lower half is what it began with, the upper one counts bytes.
	return binary.BigEndian.AppendUint32(z.Bytes(), uint32(n%65521)<<16|1)
}

// resized writes another size into a JPEG's frame header.
func resized(t *testing.T, file []byte, w, h uint16) []byte {
	t.Helper()
	out := bytes.Clone(file)
	at := bytes.Index(out, []byte{0xff, 0xc0})
	if at < 0 {
		t.Fatal("no frame header")
	}
	binary.BigEndian.PutUint16(out[at+5:], h)
	binary.BigEndian.PutUint16(out[at+7:], w)
	return out
}

func progressive(t *testing.T, file []byte) []byte {
	t.Helper()
	return bytes.Replace(file, []byte{0xff, 0xc0}, []byte{0xff, 0xc2}, 1)
}

// screen writes another size into a GIF's logical screen.
func screen(file []byte, w, h uint16) []byte {
	out := bytes.Clone(file)
	binary.LittleEndian.PutUint16(out[6:], w)
	binary.LittleEndian.PutUint16(out[8:], h)
	return out
}

func animation(t *testing.T, frames int) []byte {
	t.Helper()
	g := gif.GIF{}
	for range frames {
		g.Image = append(g.Image, paletted(60, 40).(*image.Paletted))
		g.Delay = append(g.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withJunk puts application segments of the largest size behind a JPEG's first marker.
func withJunk(file []byte, marker byte, head string, count int) []byte {
	segment := append([]byte{0xff, marker, 0xff, 0xff}, head...)
	segment = append(segment, bytes.Repeat([]byte{0xa5}, 0xffff-2-len(head))...)
	out := bytes.Clone(file[:2])
	out = append(out, bytes.Repeat(segment, count)...)
	return append(out, file[2:]...)
}

// oriented puts an EXIF block with nothing but an orientation into a JPEG.
func oriented(file []byte, orientation uint16) []byte {
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	exif = binary.BigEndian.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(exif)+2))
	out := append(bytes.Clone(file[:2]), append(segment, exif...)...)
	return append(out, file[2:]...)
}
