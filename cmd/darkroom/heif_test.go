package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// The built program is used: WebAssembly is slow enough without the race detector.
func TestAnAVIFIsDevelopedByTheFunctionForHeavyPictures(t *testing.T) {
	t.Parallel()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta").Output()
	if err != nil {
		t.Fatal(err)
	}
	cloud := startCloudOf(t, built(t), t.TempDir())
	c := cloud.as(t.Context())
	id, err := upload(t.Context(), c, filepath.Join(strings.TrimSpace(string(dir)), "testdata", "images", "bep", "sunrise.avif"))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the AVIF to end", func() error { return ended(t.Context(), c, id) })
	i, err := c.Image(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if i.Status != gallery.Ready || i.Facts.Format != "avif" || i.Facts.Width != 1024 || i.Facts.Capture.Model != "PENTAX K-3 II" {
		t.Errorf("got %s %s: %s, %d wide, by a %s", i.Status, i.Failure, i.Facts.Format, i.Facts.Width, i.Facts.Capture.Model)
	}
	if l := i.Facts.Looks; len(l.Colours) == 0 || l.Quality <= 0 || i.Facts.Description.Keywords == nil {
		t.Errorf("got %+v, %+v", l, i.Facts.Description)
	}
	cloud.stop()
}
