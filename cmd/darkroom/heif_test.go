package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// The built program is used: WebAssembly is slow enough without the race detector. It runs beside no other test: among a
// dozen on a slow machine, the function would need more than the minute that it has.
func TestHEICAndAVIFAreDevelopedByTheFunctionForHeavyPictures(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta").Output()
	if err != nil {
		t.Fatal(err)
	}
	images := filepath.Join(strings.TrimSpace(string(dir)), "testdata", "images")
	cloud := startCloudOf(t, built(t), t.TempDir())
	c := cloud.as(t.Context())
	for _, f := range []struct {
		name, format, model string
		width               int
	}{
		{"iphone.heic", "heic", "iPhone 15 Pro", 5712}, {"bep/sunrise.avif", "avif", "PENTAX K-3 II", 1024},
	} {
		id, err := upload(t.Context(), c, filepath.Join(images, f.name))
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, f.name+" to end", func() error { return ended(t.Context(), c, id) })
		i, err := c.Image(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		got := i.Facts
		if i.Status != gallery.Ready || got.Format != f.format || got.Width != f.width || got.Capture.Model != f.model {
			t.Errorf("%s: got %s %s: %s, %d wide, by a %s", f.name, i.Status, i.Failure, got.Format, got.Width, got.Capture.Model)
		}
		if len(i.Renditions) != len(gallery.Specs()) || got.Looks.Quality < 0.2 || got.Profile == "" {
			t.Errorf("%s: got %d renditions, looks %+v, profile %q", f.name, len(i.Renditions), got.Looks, got.Profile)
		}
	}
	cloud.stop()
}
