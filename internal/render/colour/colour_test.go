package colour

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/render/planar"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// patch is a colour in a profile's space, and what LittleCMS says that it is in sRGB.
type patch struct {
	profile     string
	colour, rgb [3]uint8
}

func patches(t testing.TB) []patch {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(read(t, "patches.csv"))).ReadAll()
	if err != nil || len(rows) < 8*24 {
		t.Fatalf("%d patches: %v", len(rows), err)
	}
	var all []patch
	for _, row := range rows {
		p := patch{profile: row[0]}
		for i, cell := range row[1:] {
			v, err := strconv.ParseUint(cell, 10, 8)
			if err != nil {
				t.Fatal(err)
			}
			if i < 3 {
				p.colour[i] = uint8(v)
			} else {
				p.rgb[i-3] = uint8(v)
			}
		}
		all = append(all, p)
	}
	return all
}

func transform(t testing.TB, profile string) *Transform {
	t.Helper()
	made, err := New(read(t, profile+".icc"))
	if err != nil {
		t.Fatalf("%s: %v", profile, err)
	}
	return made
}

func TestColoursAreThoseOfLittleCMS(t *testing.T) {
	worst := map[string]float64{}
	for _, p := range patches(t) {
		made := transform(t, p.profile)
		if made == nil {
			if p.profile != "srgb-v4" || p.colour != p.rgb {
				t.Errorf("%s is taken for sRGB", p.profile)
			}
			continue
		}
		m := image.NewNRGBA(image.Rect(0, 0, 1, 1))
		m.SetNRGBA(0, 0, color.NRGBA{p.colour[0], p.colour[1], p.colour[2], 77})
		made.Pixels(m)
		if m.Pix[3] != 77 {
			t.Errorf("transparency 77 became %d", m.Pix[3])
		}
		d := difference([3]uint8(m.Pix[:3]), p.rgb)
		worst[p.profile] = max(worst[p.profile], d)
		if d > 1 {
			t.Errorf("%s of %v: got %v, want %v: ΔE %.2f", p.profile, p.colour, m.Pix[:3], p.rgb, d)
		}
	}
	t.Logf("the largest ΔE: %v", worst)
}

func TestColoursInPlanesAreThoseOfLittleCMS(t *testing.T) {
	worst := map[string]float64{}
	for _, p := range patches(t) {
		made := transform(t, p.profile)
		if made == nil {
			continue
		}
		got := made.Planes(flat(p.colour)).RGBA().Pix[:3]
		d := difference([3]uint8(got), p.rgb)
		worst[p.profile] = max(worst[p.profile], d)
		if d > 2 {
			t.Errorf("%s of %v: got %v, want %v: ΔE %.2f", p.profile, p.colour, got, p.rgb, d)
		}
	}
	t.Logf("the largest ΔE: %v", worst)
}

// flat is a picture of three by three pixels, so that rows and columns of chroma have half of theirs, of one colour.
func flat(c [3]uint8) planar.Picture {
	y, cb, cr := color.RGBToYCbCr(c[0], c[1], c[2])
	plane := func(v byte, n int) planar.Plane {
		return planar.Plane{Pix: bytes.Repeat([]byte{v}, n*8), Stride: 8, Width: n, Height: n}
	}
	return planar.Picture{Y: plane(y, 3), Cb: plane(cb, 2), Cr: plane(cr, 2)}
}

func TestTheTableIsAsGoodAsTheFormula(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, profile := range []string{"display-p3-v4", "adobe-rgb-v2"} {
		made := transform(t, profile)
		table := made.shifts()
		var sum, worst float64
		const n = 20_000
		for range n {
			c := [3]uint8{uint8(random.Uint32()), uint8(random.Uint32()), uint8(random.Uint32())}
			y, cb, cr := color.RGBToYCbCr(c[0], c[1], c[2])
			upper, lower, u, v := []byte{y, y}, []byte{y, y}, []byte{cb}, []byte{cr}
			table.row(upper, lower, u, v)
			r, g, b := color.YCbCrToRGB(upper[0], u[0], v[0])
			x, y2, z := made.colour(c[0], c[1], c[2])
			d := difference([3]uint8{r, g, b}, [3]uint8{whole(x), whole(y2), whole(z)})
			sum, worst = sum+d, max(worst, d)
		}
		if sum/n > 0.5 || worst > 3 { // 0.3 and 2.5 of it are the planes' own rounding
			t.Errorf("%s: ΔE is %.2f in the mean, and up to %.2f", profile, sum/n, worst)
		}
		t.Logf("%s: ΔE is %.2f in the mean, and up to %.2f", profile, sum/n, worst)
	}
}

func TestThePlanesGivenStayAsTheyAre(t *testing.T) {
	p := flat([3]uint8{200, 30, 40})
	before := bytes.Clone(p.Y.Pix)
	transform(t, "display-p3-v4").Planes(p)
	if !bytes.Equal(p.Y.Pix, before) {
		t.Error("they were written to")
	}
}

func TestGreyPicturesHaveCurves(t *testing.T) {
	p := planar.Picture{Y: flat([3]uint8{128, 128, 128}).Y}
	if got := transform(t, "grey-gamma-1.8").Planes(p); !got.Grey() || got.Y.Pix[0] < 142 || got.Y.Pix[0] > 150 {
		t.Errorf("grey 128 of gamma 1.8 became %d", got.Y.Pix[0])
	}
}

func TestAdobeRGBNeedsNoProfile(t *testing.T) {
	for _, p := range patches(t) {
		if p.profile != "adobe-rgb-v2" {
			continue
		}
		m := &image.NRGBA{Pix: []byte{p.colour[0], p.colour[1], p.colour[2], 255}, Stride: 4, Rect: image.Rect(0, 0, 1, 1)}
		AdobeRGB().Pixels(m)
		if d := difference([3]uint8(m.Pix[:3]), p.rgb); d > 1 {
			t.Errorf("%v: got %v, want %v: ΔE %.2f", p.colour, m.Pix[:3], p.rgb, d)
		}
	}
}

func TestProfilesHaveNames(t *testing.T) {
	for file, want := range map[string]string{
		"display-p3-v4.icc": "Display P3", "adobe-rgb-v2.icc": "Adobe RGB (1998)", "grey-gamma-1.8.icc": "Grey, gamma 1.8",
	} {
		if got := Name(read(t, file)); got != want {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}

func TestABrokenProfileIsNone(t *testing.T) {
	whole := read(t, "display-p3-v4.icc")
	edited := func(edit func(b []byte)) []byte { b := bytes.Clone(whole); edit(b); return b }
	at := func(tag string) int { return int(binary.BigEndian.Uint32(whole[bytes.Index(whole, []byte(tag))+4:])) }
	for name, b := range map[string][]byte{
		"nothing":                nil,
		"text":                   []byte(strings.Repeat("profile", 99)),
		"a hundred megabytes":    make([]byte, 100<<20),
		"a billion values":       edited(func(b []byte) { binary.BigEndian.PutUint32(b[128:], 1<<30) }),
		"values beyond the end":  edited(func(b []byte) { binary.BigEndian.PutUint32(b[bytes.Index(b, []byte("rXYZ"))+4:], 1<<31) }),
		"a primary of nothing":   edited(func(b []byte) { clear(b[at("gXYZ")+8:][:12]) }),
		"a primary without kind": edited(func(b []byte) { clear(b[at("gXYZ")+0:][:4]) }),
		"a curve of kind 9":      edited(func(b []byte) { b[at("rTRC")+9] = 9 }),
		"a curve of gamma 0":     edited(func(b []byte) { clear(b[at("rTRC")+12:][:4]) }),
		"a curve that falls":     edited(func(b []byte) { binary.BigEndian.PutUint32(b[at("rTRC")+12:], 0xfff00000) }),
		"a curve without length": edited(func(b []byte) { copy(b[at("rTRC"):], "curv\x00\x00\x00\x00\xff\xff\xff\xff") }),
		"a space of tables":      edited(func(b []byte) { copy(b[bytes.Index(b, []byte("rXYZ")):], "A2B0") }),
	} {
		if made, err := New(b); made != nil || !errors.Is(err, ErrUnusable) {
			t.Errorf("%s: got %v, %v", name, made != nil, err)
		}
		Name(b)
	}
}

func FuzzProfile(f *testing.F) {
	for _, name := range []string{"display-p3-v4.icc", "adobe-rgb-v2.icc", "grey-gamma-1.8.icc"} {
		f.Add(read(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if name := Name(b); len(name) > maxName {
			t.Fatalf("a name of %d bytes", len(name))
		}
		made, err := New(b)
		if err != nil && !errors.Is(err, ErrUnusable) {
			t.Fatal(err)
		}
		if made != nil {
			made.Planes(flat([3]uint8{255, 0, 128}))
		}
	})
}

// A rendition of 2048 px: the time is part of every picture of a phone.
func BenchmarkPlanes(b *testing.B) {
	made, random := transform(b, "display-p3-v4"), rand.New(rand.NewPCG(1, 2))
	plane := func(w, h int) planar.Plane {
		p := planar.Plane{Pix: make([]byte, w*h), Stride: w, Width: w, Height: h}
		for i := range p.Pix { // smooth, as photographs are, and a little noisy
			x, y := float64(i%w)/float64(w), float64(i/w)/float64(h)
			p.Pix[i] = byte(128 + 60*math.Sin(9*x+5*y) + 2*random.NormFloat64())
		}
		return p
	}
	p := planar.Picture{Y: plane(2048, 1365), Cb: plane(1024, 683), Cr: plane(1024, 683)}
	for b.Loop() {
		made.Planes(p)
	}
}

func BenchmarkNew(b *testing.B) {
	profile := read(b, "display-p3-v4.icc")
	for b.Loop() {
		if _, err := New(profile); err != nil {
			b.Fatal(err)
		}
	}
}
