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

// That a HEIC is developed is tested through the front door, in cmd/darkroom, without the race detector: with it, the library
// takes a minute.
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
	if f := avif.Facts; f.Format != "avif" || f.Width != 1024 || f.Height != 640 || len(avif.Renditions) != 5 {
		t.Errorf("got %s, %d×%d, %d renditions", f.Format, f.Width, f.Height, len(avif.Renditions))
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
