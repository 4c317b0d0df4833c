package render

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"go.n16f.net/thumbhash"
)

func TestTheBeginningOfAFileTellsItsSize(t *testing.T) {
	first, camera, gps := whole()
	for i := range first {
		if first[i].tag == tagOrientation {
			first[i] = short(tagOrientation, 6)
		}
	}
	for name, c := range map[string]struct {
		file []byte
		size image.Point
	}{
		"a JPEG":           {encoded(t, picture(900, 600), asJPEG), image.Pt(900, 600)},
		"a JPEG, turned":   {withEXIF(encoded(t, picture(900, 600), asJPEG), exifBlock(first, camera, gps)), image.Pt(600, 900)},
		"a PNG":            {encoded(t, picture(900, 600), asPNG), image.Pt(900, 600)},
		"a GIF":            {animated(t, 3), image.Pt(40, 30)},
		"a BMP":            {encoded(t, picture(90, 60), asBMP), image.Pt(90, 60)},
		"a WebP":           {sample(t, "lossy.webp"), image.Pt(320, 180)},
		"a TIFF":           {encoded(t, picture(90, 60), asTIFF), image.Point{}}, // whose directory can be anywhere
		"text":             {[]byte("a text"), image.Point{}},
		"half a beginning": {[]byte("\xff\xd8\xff\xe1\x00"), image.Point{}},
	} {
		f := Glimpse(c.file[:min(len(c.file), 4000)])
		if got := image.Pt(f.Width, f.Height); got != c.size {
			t.Errorf("%s: got %v, want %v", name, got, c.size)
		}
	}
}

// withThumbnail puts a thumbnail into the EXIF block of a JPEG.
func withThumbnail(t *testing.T, file []byte, orientation uint16, thumbnail image.Image) []byte {
	t.Helper()
	data := encoded(t, thumbnail, asJPEG)
	first := exifBlock([]field{short(tagOrientation, orientation)}, nil, nil)
	second := len(first)
	// The first directory is followed by one that the block did not have.
	entries := int(binary.LittleEndian.Uint16(first[8:]))
	binary.LittleEndian.PutUint32(first[10+12*entries:], uint32(second))
	at := uint32(second + 2 + 2*12 + 4)
	block := binary.LittleEndian.AppendUint16(first, 2)
	for _, f := range []field{long(tagJPEGAt, at), long(tagJPEGBytes, uint32(len(data)))} {
		block = binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(block, f.tag), f.kind)
		block = append(binary.LittleEndian.AppendUint32(block, 1), f.data...)
	}
	block = append(binary.LittleEndian.AppendUint32(block, 0), data...)
	return withEXIF(file, block)
}

func TestACamerasThumbnailIsAPlaceholderBeforeThePictureIsSeen(t *testing.T) {
	scene := picture(900, 600)
	small := image.NewNRGBA(image.Rect(0, 0, 160, 120)) // of another shape, with black above and below
	draw.Draw(small, small.Rect, image.Black, image.Point{}, draw.Src)
	draw.Draw(small, image.Rect(0, 7, 160, 113), averaged(scene, 160, 106), image.Point{}, draw.Src)
	file := withThumbnail(t, encoded(t, scene, asJPEG), 6, small)

	early, late := Glimpse(file), develop(t, file).Facts
	if early.Width != 600 || early.Height != 900 || early.Placeholder == "" {
		t.Fatalf("got %+v", early)
	}
	if d := hashesApart(t, early.Placeholder, late.Placeholder); d > 12 {
		t.Errorf("the early placeholder differs from the late one by %.1f levels in the mean", d)
	}
}

// hashesApart is the mean distance of what two placeholders show.
func hashesApart(t *testing.T, a, b string) float64 {
	t.Helper()
	shown := func(s string) image.Image {
		hash, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			t.Fatal(err)
		}
		m, err := thumbhash.DecodeImage(hash)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m, n := shown(a), shown(b)
	var sum float64
	const points = 20
	for i := range points * points {
		at := func(m image.Image) color.NRGBA {
			size := m.Bounds().Size()
			return color.NRGBAModel.Convert(m.At(i%points*size.X/points, i/points*size.Y/points)).(color.NRGBA)
		}
		p, q := at(m), at(n)
		sum += math.Abs(float64(p.R)-float64(q.R)) + math.Abs(float64(p.G)-float64(q.G)) + math.Abs(float64(p.B)-float64(q.B))
	}
	return sum / points / points / 3
}

func TestAHostileThumbnailIsNone(t *testing.T) {
	file := withThumbnail(t, encoded(t, picture(90, 60), asJPEG), 1, picture(160, 120))
	huge := withThumbnail(t, encoded(t, picture(90, 60), asJPEG), 1, picture(2000, 10))
	cut := bytes.Replace(file, []byte("\xff\xd9\xff"), []byte("\xff\xd8\xff"), 1)
	for name, b := range map[string][]byte{"a huge one": huge, "a broken one": cut[:len(cut)/2]} {
		if f := Glimpse(b); f.Placeholder != "" {
			t.Errorf("%s: got %+v", name, f)
		}
	}
	for n := 0; n < len(file); n += 7 {
		Glimpse(file[:n])
	}
}

func BenchmarkGlimpse(b *testing.B) {
	file := photo(b, "sunrise.jpg")
	for b.Loop() {
		Glimpse(file)
	}
}
