package render

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/csv"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strconv"
	"testing"

	"github.com/darkroom/darkroom/internal/render/ifd"
)

// chart reads the colours of a profile, and what LittleCMS says that they are in sRGB.
func chart(t *testing.T, profile string) (colours, want []color.NRGBA) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(read(t, "colour/testdata/patches.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	level := func(s string) uint8 {
		v, err := strconv.ParseUint(s, 10, 8)
		if err != nil {
			t.Fatal(err)
		}
		return uint8(v)
	}
	for _, r := range rows {
		if r[0] == profile {
			colours = append(colours, color.NRGBA{level(r[1]), level(r[2]), level(r[3]), 255})
			want = append(want, color.NRGBA{level(r[4]), level(r[5]), level(r[6]), 255})
		}
	}
	return colours, want
}

const patchEdge = 64

// patches paints fields of colours, six in a row.
func patches(colours []color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 6*patchEdge, len(colours)/6*patchEdge))
	for i, c := range colours {
		draw.Draw(m, field6(i), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return m
}

func field6(i int) image.Rectangle {
	corner := image.Pt(i%6*patchEdge, i/6*patchEdge)
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(patchEdge, patchEdge))}
}

// withProfile puts a profile into a JPEG or PNG.
func withProfile(t *testing.T, file, profile []byte) []byte {
	t.Helper()
	if sniff(file) == formatPNG {
		return withChunk(file, chunk("iCCP", append([]byte("name\x00\x00"), deflated(t, profile)...)))
	}
	const part = 300 // so that there are several
	var segments []byte
	for n, parts := 0, (len(profile)+part-1)/part; n < parts; n++ {
		data := profile[n*part : min(len(profile), (n+1)*part)]
		segments = binary.BigEndian.AppendUint16(append(segments, 0xff, 0xe2), uint16(2+12+2+len(data)))
		segments = append(append(segments, "ICC_PROFILE\x00"...), byte(n+1), byte(parts))
		segments = append(segments, data...)
	}
	return bytes.Join([][]byte{file[:2], segments, file[2:]}, nil)
}

func withChunk(file, chunk []byte) []byte {
	const header = 8 + 12 + 13
	return bytes.Join([][]byte{file[:header], chunk, file[header:]}, nil)
}

func deflated(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// farthest is the largest distance of a channel from what it should be, in the middle of the fields.
func farthest(m *image.NRGBA, want []color.NRGBA) float64 {
	var far float64
	for i, w := range want {
		at := field6(i).Min.Add(image.Pt(patchEdge/2, patchEdge/2))
		g := m.NRGBAAt(at.X, at.Y)
		for _, d := range []float64{float64(g.R) - float64(w.R), float64(g.G) - float64(w.G), float64(g.B) - float64(w.B)} {
			far = max(far, math.Abs(d))
		}
	}
	return far
}

// The distances in ΔE are tested where the colours are changed. Here a field is right when no channel is off by more than
// two JPEGs, the one before and the one after, make it.
func TestPicturesInOtherSpacesComeOutInSRGB(t *testing.T) {
	for _, profile := range []string{"display-p3-v4", "display-p3-v2", "adobe-rgb-v2", "srgb-v4"} {
		colours, want := chart(t, profile)
		icc := read(t, "colour/testdata/"+profile+".icc")
		for name, file := range map[string][]byte{
			"JPEG": encoded(t, patches(colours), asJPEG), "PNG": encoded(t, patches(colours), asPNG),
		} {
			p := develop(t, withProfile(t, file, icc))
			if d := farthest(pixels(t, p.Renditions[0]), want); d > 10 {
				t.Errorf("%s of %s: a channel is off by %.0f", name, profile, d)
			}
			if p.Facts.Profile == "" {
				t.Errorf("%s of %s: the profile has no name", name, profile)
			}
			if profile == "display-p3-v4" && farthest(pixels(t, develop(t, file).Renditions[0]), want) < 25 {
				t.Error("without the profile it would be right, too: this test sees nothing")
			}
		}
	}
}

func TestTransparentAndDeepPicturesAreColouredToo(t *testing.T) {
	colours, want := chart(t, "display-p3-v4")
	icc := read(t, "colour/testdata/display-p3-v4.icc")
	clear := patches(colours)
	clear.Pix[3] = 0
	deep := drawn(patches(colours), func(r image.Rectangle) draw.Image { return image.NewNRGBA64(r) })
	few := append(color.Palette{}, image.Transparent.C)
	for _, c := range colours {
		few = append(few, c)
	}
	indexed := drawn(patches(colours), func(r image.Rectangle) draw.Image { return image.NewPaletted(r, few) })
	for name, m := range map[string]image.Image{"transparent": clear, "of 16 bits": deep, "with a palette": indexed} {
		p := develop(t, withProfile(t, encoded(t, m, asPNG), icc))
		if d := farthest(pixels(t, p.Renditions[0]), want); d > 6 {
			t.Errorf("%s: a channel is off by %.0f", name, d)
		}
	}
}

func TestAdobeRGBIsKnownByEXIFAlone(t *testing.T) {
	const space, interop = 0xa001, 0xa005
	colours, want := chart(t, "adobe-rgb-v2")
	index := []field{{1, ifd.ASCII, 4, []byte("R03\x00")}}
	block := exifBlock(nil, []field{short(space, 0xffff), long(interop, 0)}, index)
	gps, _ := ifd.Open(block)
	at, _ := gps.Number(firstOf(block), tagGPS) // the third directory is written where the receiver's would be
	block = exifBlock(nil, []field{short(space, 0xffff), long(interop, at)}, index)
	p := develop(t, withEXIF(encoded(t, patches(colours), asJPEG), block))
	if d := farthest(pixels(t, p.Renditions[0]), want); d > 10 {
		t.Errorf("a channel is off by %.0f", d)
	}
}

func firstOf(block []byte) ifd.Directory {
	_, d := ifd.Open(block)
	return d
}

func TestABrokenProfileFailsNoPicture(t *testing.T) {
	colours, _ := chart(t, "srgb-v4")
	jpeg, png := encoded(t, patches(colours), asJPEG), encoded(t, patches(colours), asPNG)
	whole := read(t, "colour/testdata/display-p3-v4.icc")
	half := withProfile(t, jpeg, whole)
	half = bytes.Replace(half, []byte("ICC_PROFILE\x00\x02"), []byte("ICC_PROFILE\x00\x07"), 1)
	broken := bytes.Clone(whole)
	copy(broken[150:], bytes.Repeat([]byte{0xff}, 300))
	for name, file := range map[string][]byte{
		"half of one":              half,
		"one of nonsense":          withProfile(t, jpeg, broken),
		"an empty one":             withProfile(t, png, nil),
		"sixteen megabytes":        withChunk(png, chunk("iCCP", append([]byte("x\x00\x00"), deflated(t, make([]byte, 16<<20))...))),
		"one that is not deflated": withChunk(png, chunk("iCCP", []byte("x\x00\x00zzzz"))),
		"one that does not begin":  withChunk(png, chunk("iCCP", []byte("x"))),
	} {
		if d := farthest(pixels(t, develop(t, file).Renditions[0]), colours); d > 10 {
			t.Errorf("%s: a channel is off by %.0f", name, d)
		}
	}
}

// A PNG may name its colours by number instead of describing them.
func TestColoursByNumberAreThoseOfTheProfile(t *testing.T) {
	vivid := read(t, "colour/testdata/display-p3-v4.icc")
	plain := encoded(t, picture(300, 200), asPNG)
	byNumber := develop(t, withChunk(plain, chunk("cICP", []byte{12, 13, 0, 1})))
	byProfile := develop(t, withProfile(t, plain, vivid))
	if byNumber.Facts.Profile != "Display P3" {
		t.Errorf("the profile is %q", byNumber.Facts.Profile)
	}
	if db := psnr(t, pixels(t, byNumber.Renditions[0]), pixels(t, byProfile.Renditions[0])); db < 45 {
		t.Errorf("a PSNR of %.1f dB to the picture with a profile, want 45 at least", db)
	}
	if db := psnr(t, pixels(t, byNumber.Renditions[0]), pixels(t, develop(t, plain).Renditions[0])); db > 35 {
		t.Errorf("a PSNR of %.1f dB to the picture without a profile, want 35 at most", db)
	}
	if p := develop(t, withChunk(plain, chunk("cICP", []byte{9, 16, 0, 1}))); p.Facts.Profile != "BT.2020" {
		t.Errorf("the profile of HDR is %q", p.Facts.Profile)
	}
}
