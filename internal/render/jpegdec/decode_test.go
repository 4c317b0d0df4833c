package jpegdec_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/render/jpegdec"
	"github.com/darkroom/darkroom/internal/render/planar"
)

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t testing.TB, data []byte, n int) planar.Picture {
	t.Helper()
	p, err := jpegdec.Decode(context.Background(), data, n)
	if err != nil {
		t.Fatalf("Decode at %d/8: %v", n, err)
	}
	return p
}

func planes(p planar.Picture) []planar.Plane {
	if p.Cb.Pix == nil {
		return []planar.Plane{p.Y}
	}
	return []planar.Plane{p.Y, p.Cb, p.Cr}
}

// standard decodes with the standard library; false if that has a process or a kind of scan it cannot do.
func standard(t *testing.T, data []byte, h jpegdec.Header) ([]planar.Plane, bool) {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	width, height := m.Bounds().Dx(), m.Bounds().Dy()
	switch m := m.(type) {
	case *image.Gray:
		return []planar.Plane{{Pix: m.Pix, Stride: m.Stride, Width: width, Height: height}}, true
	case *image.YCbCr:
		cw, ch := ceil(width, h.AcrossChroma), ceil(height, h.DownChroma)
		return []planar.Plane{
			{Pix: m.Y, Stride: m.YStride, Width: width, Height: height},
			{Pix: m.Cb, Stride: m.CStride, Width: cw, Height: ch},
			{Pix: m.Cr, Stride: m.CStride, Width: cw, Height: ch},
		}, true
	}
	t.Fatalf("the standard library decodes a %T", m)
	return nil, false
}

func TestAtFullSizeSamplesAreTheStandardLibrarys(t *testing.T) {
	compared := 0
	for _, path := range append(files(t), photographs()...) {
		data := read(t, path)
		h, err := jpegdec.ReadHeader(data)
		if err != nil {
			t.Fatalf("ReadHeader of %s: %v", path, err)
		}
		want, ok := standard(t, data, h)
		if !ok {
			continue
		}
		compared++
		for i, got := range planes(decode(t, data, 8)) {
			if d := furthest(t, got, want[i]); d > 1 {
				t.Errorf("%s: plane %d is off by up to %d, want at most 1", path, i, d)
			}
		}
	}
	if compared < 20 {
		t.Errorf("the standard library decoded %d files, want at least 20", compared)
	}
}

// TestNoiseIsDecodedExactly has the largest coefficients there are.
func TestNoiseIsDecodedExactly(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	m := image.NewYCbCr(image.Rect(0, 0, 160, 120), image.YCbCrSubsampleRatio420)
	for _, plane := range [][]byte{m.Y, m.Cb, m.Cr} {
		for i := range plane {
			plane[i] = byte(255 * r.IntN(2))
		}
	}
	for _, quality := range []int{1, 25, 75, 100} {
		var file bytes.Buffer
		if err := jpeg.Encode(&file, m, &jpeg.Options{Quality: quality}); err != nil {
			t.Fatalf("Encode: %v", err)
		}
		h := jpegdec.Header{AcrossChroma: 2, DownChroma: 2}
		want, _ := standard(t, file.Bytes(), h)
		for i, got := range planes(decode(t, file.Bytes(), 8)) {
			if d := furthest(t, got, want[i]); d > 1 {
				t.Errorf("quality %d: plane %d is off by up to %d, want at most 1", quality, i, d)
			}
		}
	}
}

// files are the small files this package decodes: one drawing, in every way that libjpeg writes.
func files(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	return paths
}

func photographs() []string {
	const folder = "../../../testdata/"
	return []string{folder + "dandelion.jpg", folder + "djembe.jpg", folder + "sunrise.jpg"}
}

// furthest is the largest difference between two planes of one size.
func furthest(t *testing.T, got, want planar.Plane) int {
	t.Helper()
	if got.Width != want.Width || got.Height != want.Height {
		t.Fatalf("plane of %d×%d, want %d×%d", got.Width, got.Height, want.Width, want.Height)
	}
	most := 0
	for y := range want.Height {
		a, b := got.Pix[y*got.Stride:], want.Pix[y*want.Stride:]
		for x := range want.Width {
			most = max(most, int(a[x])-int(b[x]), int(b[x])-int(a[x]))
		}
	}
	return most
}

// TestFilesOfTheSameCoefficientsAreTheSame decodes what jpegtran made of a file without loss: progressive, with restart
// markers, in separate scans.
func TestFilesOfTheSameCoefficientsAreTheSame(t *testing.T) {
	compared := 0
	for _, path := range files(t) {
		plain, _, derived := strings.Cut(path, "-")
		if _, err := os.Stat(plain + ".jpg"); !derived || err != nil || strings.Contains(path, "factors") {
			continue
		}
		compared++
		data, base := read(t, path), read(t, plain+".jpg")
		for n := 1; n <= 8; n++ {
			want := planes(decode(t, base, n))
			for i, got := range planes(decode(t, data, n)) {
				if d := furthest(t, got, want[i]); d != 0 {
					t.Errorf("%s at %d/8: plane %d differs from that of %s.jpg by up to %d", path, n, i, plain, d)
				}
			}
		}
	}
	if compared < 10 {
		t.Errorf("compared %d files, want at least 10", compared)
	}
}

var samplings = map[string][][2]int{
	"grey":                  {{1, 1}},
	"grey, factors ignored": {{2, 2}},
	"4:4:4":                 {{1, 1}, {1, 1}, {1, 1}},
	"4:2:2":                 {{2, 1}, {1, 1}, {1, 1}},
	"4:4:0":                 {{1, 2}, {1, 1}, {1, 1}},
	"4:2:0":                 {{2, 2}, {1, 1}, {1, 1}},
	"4:1:1":                 {{4, 1}, {1, 1}, {1, 1}},
	"4:1:0":                 {{4, 2}, {1, 1}, {1, 1}},
	"4:4:4 by twos":         {{1, 2}, {1, 2}, {1, 2}},
	"4:2:2 by twos":         {{2, 2}, {1, 2}, {1, 2}},
}

var ways = map[string]options{
	"interleaved":              {},
	"in separate scans":        {separate: true},
	"progressive":              {progressive: true},
	"with restart markers":     {interval: 1},
	"separate, with restarts":  {separate: true, interval: 5},
	"progressive and restarts": {progressive: true, interval: 2},
	"with long codes":          {long: true},
	"progressive, long codes":  {progressive: true, long: true},
}

func TestSamplesAreThoseOfTheDefinition(t *testing.T) {
	seed := uint64(0)
	for sampling, factors := range samplings {
		for way, o := range ways {
			seed++
			t.Run(fmt.Sprintf("%s %s", sampling, way), func(t *testing.T) {
				check(t, draw(seed, 61, 43, factors...), o)
			})
		}
	}
}

func TestPicturesOfAnySizeAreDecodedToTheirEdges(t *testing.T) {
	for width := 1; width <= 17; width++ {
		for height := 1; height <= 17; height++ {
			luma := [2]int{1 + width&1, 1 + height&1}
			d := draw(uint64(width*100+height), width, height, luma, [2]int{1, 1}, [2]int{1, 1})
			check(t, d, options{progressive: (width+height)%3 == 0, interval: width % 4})
		}
	}
}

// check compares a drawing, written and decoded at each n, to what it is by definition.
func check(t *testing.T, d *drawing, o options) {
	t.Helper()
	if len(d.parts) == 1 && d.parts[0].across > 1 {
		plain := draw(3, d.width, d.height, [2]int{1, 1})
		plain.parts[0].across, plain.parts[0].down = 2, 2 // written so, and to be ignored
		d = plain
	}
	data := d.encode(o)
	for n := 1; n <= 8; n++ {
		for i, got := range planes(decode(t, data, n)) {
			want, width, height := d.samples(i, n)
			if got.Width != width || got.Height != height {
				t.Fatalf("plane %d at %d/8 is %d×%d, want %d×%d", i, n, got.Width, got.Height, width, height)
			}
			for y := range height {
				for x := range width {
					g, w := float64(got.Pix[y*got.Stride+x]), want[y*width+x]
					if math.Abs(g-w) > 1 {
						t.Fatalf("plane %d at %d/8: sample %d,%d is %v, want %.2f", i, n, x, y, g, w)
					}
				}
			}
		}
	}
}

func TestDecodeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, path := range []string{"testdata/420.jpg", "testdata/420-progressive.jpg"} {
		if _, err := jpegdec.Decode(ctx, read(t, path), 8); !errors.Is(err, context.Canceled) {
			t.Errorf("Decode of %s gave %v, want %v", path, err, context.Canceled)
		}
	}
}
