package render

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// pngOf writes a PNG with a header and without pixels.
func pngOf(width, height uint32, depth, colour, interlace byte) string {
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, depth, colour, 0, 0, interlace)
	return "\x89PNG\r\n\x1a\n" + string(chunk("IHDR", header)) + string(chunk("IDAT", nil)) + string(chunk("IEND", nil))
}

func TestBombsAreTooLargeAndAllocateNothing(t *testing.T) {
	baseline, progressive := encoded(t, picture(64, 64), asJPEG), photo(t, "dandelion.jpg")
	resize(t, baseline, 50_000, 50_000)
	resize(t, progressive, 50_000, 50_000)
	webp := sample(t, "alpha.webp")
	copy(webp[24:], "\xff\xff\x00\xfe\x7f\x00") // the canvas, less one
	bmp := encoded(t, picture(8, 8), asBMP)
	binary.LittleEndian.PutUint32(bmp[18:], 1<<20)
	for name, file := range map[string][]byte{
		"a baseline JPEG of 50,000²":               baseline,
		"a progressive JPEG of 50,000²":            progressive,
		"a PNG of 20,000² zeros":                   zeros(t, 20_000),
		"a PNG of 50 megapixels in a row":          []byte(pngOf(50_000_000, 1, 8, 0, 0)),
		"an interlaced PNG of 7,000² with 16 bits": []byte(pngOf(7000, 7000, 16, 6, 1)),
		"a GIF with a screen of 65,535²":           []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01"),
		"a WebP with a canvas of 65,536×32,767":    webp,
		"a BMP a million pixels wide":              bmp,
		"a TIFF of 60,000²":                        tiffOf(60_000, 60_000, 8, 1),
		"a TIFF of 6,500² in one compressed strip": tiffOf(6_500, 6_500, 1, 8),
	} {
		t.Run(name, func(t *testing.T) {
			var got gallery.FailureCode
			bytes := allocated(func() { got = failure(t, file) })
			if got != gallery.TooLarge {
				t.Errorf("failed with %s, want %s", got, gallery.TooLarge)
			}
			if bytes > 1<<20 {
				t.Errorf("allocated %d bytes to find that out", bytes)
			}
		})
	}
}

// What a decoder of rows reads takes memory for its planes only; and a file that is too short for its pixels, none.
func TestAFileThatIsTooShortForItsPixelsAllocatesNothing(t *testing.T) {
	for name, file := range map[string][]byte{
		"a TIFF of 6,500² in one compressed strip":  tiffOf(6_500, 6_500, 8, 8),
		"a TIFF of 7,000² with 16 bits, compressed": tiffOf(7_000, 7_000, 16, 5),
		"a BMP of 5,000²": func() []byte {
			bmp := encoded(t, picture(8, 8), asBMP)
			binary.LittleEndian.PutUint32(bmp[18:], 5000)
			binary.LittleEndian.PutUint32(bmp[22:], 5000)
			return bmp
		}(),
	} {
		var got gallery.FailureCode
		bytes := allocated(func() { got = failure(t, file) })
		if got != gallery.Corrupt || bytes > 1<<20 {
			t.Errorf("%s: %s after %d bytes, want %s", name, got, bytes, gallery.Corrupt)
		}
	}
}

// zeros writes a real PNG, a black square of one bit a pixel, that inflates to a thousand times its size.
func zeros(t *testing.T, side int) []byte {
	t.Helper()
	var data bytes.Buffer
	z, err := zlib.NewWriterLevel(&data, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(z, zeroReader{}, int64(side)*int64(1+side/8)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return []byte(strings.Replace(pngOf(uint32(side), uint32(side), 1, 0, 0),
		string(chunk("IDAT", nil)), string(chunk("IDAT", data.Bytes())), 1))
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// tiffOf writes a grey TIFF of one strip, without that strip.
func tiffOf(width, height uint32, bits, compression uint16) []byte {
	return exifBlock([]field{
		long(tagWidth, width), long(tagHeight, height), short(0x102, bits), short(tagCompression, compression),
		short(0x106, 1), long(0x111, 8), long(tagRowsPerStrip, height), long(0x117, 8),
	}, nil, nil)
}

// allocated is how many bytes of heap something asked for, freed or not.
func allocated(do func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

func TestLimitsAreTheCallers(t *testing.T) {
	original := encoded(t, picture(200, 100), asJPEG)
	for name, limits := range map[string]Limits{
		"pixels": {Pixels: 19_999}, "an edge": {Edge: 199}, "memory": {Memory: 100_000},
	} {
		_, err := Developer{Limits: limits}.Develop(context.Background(), original, "")
		var f *Failure
		if !errors.As(err, &f) || f.Code != gallery.TooLarge {
			t.Errorf("limited in %s: %v, want %s", name, err, gallery.TooLarge)
		}
	}
	specs := []gallery.Spec{{Name: "tiny", Edge: 20}}
	limits := Limits{Pixels: 20_000, Edge: 200, Memory: 1 << 20}
	p, err := Developer{Limits: limits, Specs: specs}.Develop(context.Background(), original, "")
	if err != nil || len(p.Renditions) != 1 || p.Renditions[0].Width != 20 || p.Renditions[0].Height != 10 {
		t.Errorf("Develop gave %+v, %v, want one rendition of 20×10", p.Renditions, err)
	}
}
