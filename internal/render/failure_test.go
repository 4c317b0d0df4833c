package render

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
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
