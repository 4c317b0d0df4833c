package render

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

func TestWhatIsNoPictureIsUnsupported(t *testing.T) {
	for name, content := range map[string]string{
		"nothing":              "",
		"a text named .jpg":    "To be a JPEG one needs more than a name.",
		"a text that says BM":  "BMW and Mercedes are makers of motor cars.",
		"an SVG":               `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`,
		"a PDF":                "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
		"a sound":              "RIFF\x24\x00\x00\x00WAVEfmt ",
		"a lossless JPEG":      "\xff\xd8\xff\xc3\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00\xff\xda\x00\x02\xff\xd9",
		"a JPEG of 12 bits":    "\xff\xd8\xff\xc1\x00\x0b\x0c\x00\x10\x00\x10\x01\x01\x11\x00\xff\xda\x00\x02\xff\xd9",
		"an arithmetic JPEG":   string(read(t, "jpegdec/testdata/refused/arithmetic.jpg")),
		"a camera raw file":    string(exifBlock([]field{long(tagSubfile, 1), short(tagWidth, 160)}, nil, nil)),
		"a digital negative":   string(exifBlock([]field{short(tagWidth, 160), long(tagDNGVersion, 0x401)}, nil, nil)),
		"an OS/2 bitmap":       "BM" + strings.Repeat("\x00", 12) + "\x0c\x00\x00\x00\x04\x00\x04\x00\x01\x00\x18\x00",
		"a PNG of 3 bits":      pngOf(4, 4, 3, 0, 0),
		"a TIFF in floats":     string(exifBlock([]field{short(tagWidth, 4), short(tagHeight, 4), short(0x153, 3)}, nil, nil)),
		"the first of a JPEG":  "\xff\xd8",
		"half of a PNG's name": "\x89PNG",
	} {
		t.Run(name, func(t *testing.T) {
			if got := failure(t, []byte(content)); got != gallery.Unsupported {
				t.Errorf("failed with %s, want %s", got, gallery.Unsupported)
			}
		})
	}
}

func TestWhatIsCutShortIsCorrupt(t *testing.T) {
	files := map[string][]byte{
		"JPEG":             encoded(t, picture(120, 90), asJPEG),
		"progressive JPEG": photo(t, "dandelion.jpg"),
		"PNG":              encoded(t, picture(120, 90), asPNG),
		"BMP":              encoded(t, picture(120, 90), asBMP),
		"lossy WebP":       sample(t, "lossy.webp"),
		"lossless WebP":    sample(t, "lossless.webp"),
		"transparent WebP": sample(t, "alpha.webp"),
	}
	gif, tiff := encoded(t, picture(120, 90), asGIF), encoded(t, picture(120, 90), asTIFF)
	files["GIF"] = gif[:len(gif)-2]     // without the trailer, which comes after the picture
	files["TIFF"] = tiff[:len(tiff)-16] // without the resolution, which nobody reads
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			for _, n := range cuts(len(file)) {
				want := gallery.Corrupt
				if sniff(file[:n]) == "" {
					want = gallery.Unsupported
				}
				if got := failure(t, file[:n]); got != want {
					t.Errorf("cut to %d of %d bytes it failed with %s, want %s", n, len(file), got, want)
				}
			}
		})
	}
}

// cuts lists lengths to cut a file to: all short ones, some in between, and almost everything.
func cuts(n int) (lengths []int) {
	for i := range min(n, 40) {
		lengths = append(lengths, i)
	}
	for i := 40; i < n-2; i += max(1, n/23) {
		lengths = append(lengths, i)
	}
	return append(lengths, n-2, n-1)
}

func TestJPEGWithoutAnEndIsCorruptAndWithJunkBehindItIsNot(t *testing.T) {
	whole := encoded(t, picture(64, 64), asJPEG)
	cut := append(bytes.Clone(whole[:len(whole)*2/3]), 0xff, 0xd9)
	if got := failure(t, cut); got != gallery.Corrupt {
		t.Errorf("data cut short before an end marker failed with %s", got)
	}
	want := develop(t, whole)
	got := develop(t, append(bytes.Clone(whole), "\x00\xff\xda\xff junk \xff\xd8"...))
	if !bytes.Equal(got.Renditions[0].Data, want.Renditions[0].Data) {
		t.Error("junk behind the end changes the picture")
	}
}

func TestMalformedFilesAreCorrupt(t *testing.T) {
	jpeg := encoded(t, picture(64, 64), asJPEG)
	noPixels := bytes.Clone(jpeg)
	resize(t, noPixels, 0, 64)
	gif := encoded(t, picture(30, 20), asGIF)
	wide := bytes.Clone(gif)
	binary.LittleEndian.PutUint16(wide[bytes.IndexByte(wide[13+3*256:], ',')+13+3*256+5:], 31)
	damaged := encoded(t, picture(30, 20), asPNG)
	damaged[len(damaged)-20] ^= 1
	scans := bytes.Repeat([]byte("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00"), maxScans+1)
	for name, file := range map[string][]byte{
		"a JPEG without height":               noPixels,
		"a JPEG of scans only":                []byte("\xff\xd8\xff\xda\x00\x02\xff\xd9"),
		"a JPEG of nothing":                   []byte("\xff\xd8\xff\xd9"),
		"a JPEG with more scans than sense":   bytes.Join([][]byte{jpeg[:len(jpeg)-2], scans, jpeg[len(jpeg)-2:]}, nil),
		"a JPEG with an impossible sampling":  []byte("\xff\xd8\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x01\x00\xff\xd9"),
		"a PNG without width":                 []byte(pngOf(0, 4, 8, 2, 0)),
		"a PNG wider than 31 bits":            []byte(pngOf(1<<31, 1, 8, 2, 0)),
		"a PNG without pixels":                []byte(pngOf(4, 4, 8, 2, 0)),
		"a PNG with a wrong checksum":         damaged,
		"a GIF whose screen is empty":         []byte("GIF89a\x00\x00\x00\x00\x00\x00\x00;"),
		"a GIF without a frame":               []byte("GIF89a\x04\x00\x04\x00\x00\x00\x00;"),
		"a GIF whose frame leaves the screen": wide,
		"a WebP of two pictures": func() []byte {
			one := sample(t, "lossless.webp")
			two := append(bytes.Clone(one), one[12:]...)
			binary.LittleEndian.PutUint32(two[4:], uint32(len(two)-8))
			return two
		}(),
		"a TIFF without a directory": []byte("II*\x00\xff\xff\x00\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := failure(t, file); got != gallery.Corrupt {
				t.Errorf("failed with %s, want %s", got, gallery.Corrupt)
			}
		})
	}
}

// pngOf writes a PNG with a header and without pixels.
func pngOf(width, height uint32, depth, colour, interlace byte) string {
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	header = append(header, depth, colour, 0, 0, interlace)
	return "\x89PNG\r\n\x1a\n" + string(chunk("IHDR", header)) + string(chunk("IDAT", nil)) + string(chunk("IEND", nil))
}

// resize writes other dimensions into the frame header of a JPEG.
func resize(t *testing.T, file []byte, height, width int) {
	t.Helper()
	for _, sof := range []string{"\xff\xc0\x00\x11\x08", "\xff\xc2\x00\x11\x08"} {
		if i := bytes.Index(file, []byte(sof)); i > 0 {
			binary.BigEndian.PutUint16(file[i+5:], uint16(height))
			binary.BigEndian.PutUint16(file[i+7:], uint16(width))
			return
		}
	}
	t.Fatal("there is no frame header")
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
		"a baseline JPEG of 50,000²":                baseline,
		"a progressive JPEG of 50,000²":             progressive,
		"a PNG of 20,000² zeros":                    zeros(t, 20_000),
		"a PNG of 50 megapixels in a row":           []byte(pngOf(50_000_000, 1, 8, 0, 0)),
		"an interlaced PNG of 7,000² with 16 bits":  []byte(pngOf(7000, 7000, 16, 6, 1)),
		"a GIF with a screen of 65,535²":            []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01"),
		"a WebP with a canvas of 65,536×32,767":     webp,
		"a BMP a million pixels wide":               bmp,
		"a TIFF of 60,000²":                         tiffOf(60_000, 60_000, 8, 1),
		"a TIFF of 6,500² in one compressed strip":  tiffOf(6_500, 6_500, 8, 8),
		"a TIFF of 7,000² with 16 bits, compressed": tiffOf(7_000, 7_000, 16, 5),
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

func TestAPanicAnywhereIsCorrupt(t *testing.T) {
	panics := func() (err error) {
		defer recovered(&err)
		var none []byte
		return fmt.Errorf("never %d", none[len(none)])
	}
	var f *Failure
	if err := panics(); !errors.As(err, &f) || f.Code != gallery.Corrupt {
		t.Errorf("it became %v", err)
	}
}

func TestAPanicInADecoderIsCorrupt(t *testing.T) {
	_, err := guard(func() (image.Image, error) { panic("index out of range [7]") })
	var f *Failure
	corrupt := errors.As(fault("decode", formatPNG, err), &f) && f.Code == gallery.Corrupt
	if !corrupt || !strings.Contains(f.Error(), "range [7]") {
		t.Errorf("it became %v", f)
	}
	if !errors.Is(fault("decode", formatJPEG, fmt.Errorf("%w", jpeg.FormatError("x"))), jpeg.FormatError("x")) {
		t.Error("a failure hides its cause")
	}
}

func TestNoUnsoundPictureReachesTheResizer(t *testing.T) {
	box := image.Rect(0, 0, 4, 4)
	h := header{format: formatGIF, width: 4, height: 4}
	bad := image.NewPaletted(box, color.Palette{color.Black, color.White})
	bad.Pix[5] = 2
	if _, err := expand(bad, h); !errors.Is(err, errIndex) {
		t.Errorf("an index beyond the palette gives %v", err)
	}
	little := image.NewYCbCr(box, image.YCbCrSubsampleRatio420)
	little.Cb = little.Cb[:3]
	for name, m := range map[string]image.Image{
		"a palette":                  image.NewPaletted(box, color.Palette{color.Black}),
		"too few bytes":              &image.NRGBA{Pix: make([]byte, 60), Stride: 16, Rect: box},
		"too few of 16 bits":         &image.RGBA64{Pix: make([]byte, 64), Stride: 32, Rect: box},
		"too little colour":          little,
		"another size":               image.NewGray(image.Rect(0, 0, 4, 5)),
		"another corner":             image.NewGray(image.Rect(1, 1, 5, 5)),
		"a kind that nobody expects": image.NewUniform(color.Black),
	} {
		if sound(m, h) == nil {
			t.Errorf("%s passes for sound", name)
		}
	}
	if err := sound(image.NewYCbCr(box, image.YCbCrSubsampleRatio410), h); err != nil {
		t.Errorf("a sound picture is refused: %v", err)
	}
}
