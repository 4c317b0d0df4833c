package libheif_test

import (
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/libheif"
	"github.com/darkroom/darkroom/internal/render"
)

// sample reads a file that the module imagemeta is tested with.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta").Output()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "images", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func developer() render.Developer {
	return render.Developer{HEIF: libheif.Decoder{}, Limits: render.Limits{Memory: 3 << 30}}
}

func TestPicturesOfPhonesAreDeveloped(t *testing.T) {
	for _, c := range []struct {
		name, format, model string
		width, height       int
	}{
		{"iphone.heic", "heic", "iPhone 15 Pro", 5712, 4284},
		{"bep/sunrise.avif", "avif", "PENTAX K-3 II", 1024, 640},
	} {
		p, err := developer().Develop(context.Background(), sample(t, c.name), "c0ffee")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		f := p.Facts
		if f.Format != c.format || f.Capture.Model != c.model || f.Width != c.width || f.Height != c.height || len(p.Renditions) != 5 {
			t.Errorf("%s: got %s of %s, %d×%d, %d renditions", c.name, f.Format, f.Capture.Model, f.Width, f.Height, len(p.Renditions))
		}
		if f.Looks.Quality < 0.2 {
			t.Errorf("%s: it has not turned out: %+v", c.name, f.Looks)
		}
	}
}

// The same photograph as AVIF and as JPEG looks the same.
func TestAnAVIFLooksLikeItsJPEG(t *testing.T) {
	avif, err := developer().Develop(context.Background(), sample(t, "bep/sunrise.avif"), "")
	if err != nil {
		t.Fatal(err)
	}
	jpeg, err := developer().Develop(context.Background(), sample(t, "bep/sunrise.jpg"), "")
	if err != nil {
		t.Fatal(err)
	}
	if d := gallery.Distance(avif.Facts.Looks.Hash, jpeg.Facts.Looks.Hash); d > 2 {
		t.Errorf("their hashes are %d bits apart", d)
	}
	if a, j := avif.Facts.Looks.Exposure, jpeg.Facts.Looks.Exposure; math.Abs(a-j) > 0.02 {
		t.Errorf("their exposures are %v and %v", a, j)
	}
}

func TestABrokenFileIsCorrupt(t *testing.T) {
	whole := sample(t, "bep/sunrise.avif")
	broken := whole[:8000] // its AV1 lies in the bytes from 3,546 to 12,727
	_, err := developer().Develop(context.Background(), broken, "")
	var f *render.Failure
	if !errors.As(err, &f) || f.Code != gallery.Corrupt {
		t.Errorf("got %v, want CORRUPT", err)
	}
}

func TestWithoutADecoderHEIFIsUnsupported(t *testing.T) {
	_, err := render.Developer{}.Develop(context.Background(), sample(t, "iphone.heic"), "")
	var f *render.Failure
	if !errors.As(err, &f) || f.Code != gallery.Unsupported {
		t.Errorf("got %v, want UNSUPPORTED_FORMAT", err)
	}
}
