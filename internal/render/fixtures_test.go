package render

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render/ifd"
)

// The tags that tests write.
const (
	tagWidth, tagHeight = 0x0100, 0x0101
	tagMake, tagISO     = 0x010f, 0x8827
	tagOrientation      = 0x0112
	tagCamera, tagGPS   = 0x8769, 0x8825
)

// photo reads a photograph from the module's testdata.
func photo(t testing.TB, name string) []byte { return read(t, filepath.Join("../../testdata", name)) }

// sample reads a small file from this package's testdata: all show the same dandelion in 320×180.
func sample(t testing.TB, name string) []byte { return read(t, filepath.Join("testdata", name)) }

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// picture paints something smooth in which no two quarters and no two corners look alike.
func picture(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(height)
			wave := 20 * math.Sin(12*u*v)
			p := m.Pix[m.PixOffset(x, y):][:4]
			p[0], p[1], p[2], p[3] = clamp(40+200*u+wave), clamp(30+180*v-wave), clamp(220-190*u*v+wave), 0xff
		}
	}
	return m
}

// seeThrough makes one corner of a picture a little transparent, so that its renditions are PNG.
func seeThrough(m *image.NRGBA) *image.NRGBA {
	for y := range (m.Rect.Dy() + 3) / 4 {
		for x := range (m.Rect.Dx() + 3) / 4 {
			m.Pix[m.PixOffset(x, y)+3] = 0x80
		}
	}
	return m
}

// encoded makes a file with one of the encoders below.
func encoded(t testing.TB, m image.Image, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: 95}) }
func asGIF(w io.Writer, m image.Image) error  { return gif.Encode(w, m, nil) }
func asBMP(w io.Writer, m image.Image) error  { return bmp.Encode(w, m) }
func asPNG(w io.Writer, m image.Image) error  { return png.Encode(w, m) }
func asTIFF(w io.Writer, m image.Image) error {
	return tiff.Encode(w, m, &tiff.Options{Compression: tiff.Deflate})
}
func asPlainTIFF(w io.Writer, m image.Image) error { return tiff.Encode(w, m, nil) }

// develop develops what must succeed.
func develop(t testing.TB, original []byte) Picture {
	t.Helper()
	p, err := Developer{}.Develop(context.Background(), original, "c0ffee")
	if err != nil {
		t.Fatalf("Develop: %v", err)
	}
	return p
}

// failure develops what must fail, and gives the code.
func failure(t testing.TB, original []byte) gallery.FailureCode {
	t.Helper()
	_, err := Developer{}.Develop(context.Background(), original, "c0ffee")
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("Develop gave %v, want a *Failure", err)
	}
	return f.Code
}

// pixels decodes a rendition.
func pixels(t testing.TB, r Rendition) *image.NRGBA {
	t.Helper()
	var (
		m   image.Image
		err error
	)
	switch r.ContentType {
	case "image/jpeg":
		m, err = jpeg.Decode(bytes.NewReader(r.Data))
	case "image/png":
		m, err = png.Decode(bytes.NewReader(r.Data))
	default:
		t.Fatalf("%s is %s", r.Name, r.ContentType)
	}
	if err != nil {
		t.Fatalf("decode %s: %v", r.Name, err)
	}
	return nrgba(m)
}

func nrgba(m image.Image) *image.NRGBA {
	if same, ok := m.(*image.NRGBA); ok {
		return same
	}
	b := image.Rectangle{Max: m.Bounds().Size()}
	if opaque, ok := m.(interface{ Opaque() bool }); ok && opaque.Opaque() {
		out := image.NewRGBA(b)
		draw.Draw(out, b, m, m.Bounds().Min, draw.Src)
		return &image.NRGBA{Pix: out.Pix, Stride: out.Stride, Rect: b}
	}
	out := image.NewNRGBA(b)
	draw.Draw(out, b, m, m.Bounds().Min, draw.Src)
	return out
}

// averaged scales a picture down by averaging the area that each pixel covers: obvious, and nothing like the code under
// test.
func averaged(m *image.NRGBA, width, height int) *image.NRGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	rows := make([]float32, 0, width*4*h)
	for y := range h {
		rows = append(rows, averagedLine(m.Pix[m.PixOffset(0, y):][:4*w], w, width)...)
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	column := make([]float32, 4*h)
	for x := range width {
		for y := range h {
			copy(column[4*y:], rows[4*(y*width+x):][:4])
		}
		for y, line := 0, averagedLine(column, h, height); y < height; y++ {
			for c := range 4 {
				out.Pix[out.PixOffset(x, y)+c] = clamp(float64(line[4*y+c]))
			}
		}
	}
	return out
}

// averagedLine averages n pixels of four values into fewer.
func averagedLine[T uint8 | float32](line []T, n, into int) []float32 {
	out := make([]float32, 4*into)
	scale := float32(n) / float32(into)
	for i := range into {
		from, to := float32(i)*scale, float32(i+1)*scale
		for j := int(from); float32(j) < to && j < n; j++ {
			part := (min(float32(j+1), to) - max(float32(j), from)) / scale
			for c := range 4 {
				out[4*i+c] += part * float32(line[4*j+c])
			}
		}
	}
	return out
}

// psnr compares two pictures of one size, in decibels: 30 is alike, 40 hardly to be told apart.
func psnr(t testing.TB, got, want *image.NRGBA) float64 {
	t.Helper()
	if got.Rect.Size() != want.Rect.Size() {
		t.Fatalf("got %v pixels, want %v", got.Rect.Size(), want.Rect.Size())
	}
	var sum float64
	for i := range got.Pix {
		d := float64(got.Pix[i]) - float64(want.Pix[i])
		sum += d * d
	}
	if sum == 0 {
		return math.Inf(1)
	}
	return 10 * math.Log10(255*255*float64(len(got.Pix)*3/4)/sum)
}

// chunk makes a chunk of a PNG.
func chunk(kind string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, kind...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// withEXIF puts an EXIF block into a JPEG or PNG.
func withEXIF(file, block []byte) []byte {
	if sniff(file) == formatPNG {
		const header = 8 + 12 + 13
		return bytes.Join([][]byte{file[:header], chunk("eXIf", block), file[header:]}, nil)
	}
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(2+6+len(block)))
	segment = append(append(segment, "Exif\x00\x00"...), block...)
	return bytes.Join([][]byte{file[:2], segment, file[2:]}, nil)
}

// field is a tag of an EXIF block.
type field struct {
	tag, kind uint16
	count     int
	data      []byte
}

func text(tag uint16, s string) field { return field{tag, ifd.ASCII, len(s) + 1, append([]byte(s), 0)} }
func short(tag uint16, v uint16) field {
	return field{tag, ifd.Short, 1, binary.LittleEndian.AppendUint16(nil, v)}
}
func long(tag uint16, v uint32) field {
	return field{tag, ifd.Long, 1, binary.LittleEndian.AppendUint32(nil, v)}
}
func fraction(tag uint16, parts ...uint32) field {
	var b []byte
	for _, p := range parts {
		b = binary.LittleEndian.AppendUint32(b, p)
	}
	return field{tag, ifd.Rational, len(parts) / 2, b}
}

// exifBlock writes the directories of an EXIF block: the first one, the camera's and the GPS receiver's.
func exifBlock(first, camera, gps []field) []byte {
	size := func(fields []field) int {
		n := 2 + 12*len(fields) + 4
		for _, f := range fields {
			n += len(f.data)
		}
		return n
	}
	first = append(first[:len(first):len(first)], long(tagCamera, 0), long(tagGPS, 0))
	at := [3]int{8, 8 + size(first), 8 + size(first) + size(camera)}
	first[len(first)-2] = long(tagCamera, uint32(at[1]))
	first[len(first)-1] = long(tagGPS, uint32(at[2]))
	b := []byte("II*\x00\x08\x00\x00\x00")
	for i, fields := range [][]field{first, camera, gps} {
		data := at[i] + 2 + 12*len(fields) + 4
		var values []byte
		b = binary.LittleEndian.AppendUint16(b, uint16(len(fields)))
		for _, f := range fields {
			b = binary.LittleEndian.AppendUint16(b, f.tag)
			b = binary.LittleEndian.AppendUint16(b, f.kind)
			b = binary.LittleEndian.AppendUint32(b, uint32(f.count))
			if len(f.data) <= 4 {
				b = append(b, append(f.data, 0, 0, 0, 0)[:4]...)
				values = append(values, make([]byte, len(f.data))...)
				continue
			}
			b = binary.LittleEndian.AppendUint32(b, uint32(data+len(values)))
			values = append(values, f.data...)
		}
		b = append(append(b, 0, 0, 0, 0), values...)
	}
	return b
}
