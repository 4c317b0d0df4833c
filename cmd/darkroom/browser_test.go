package main

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestABrowserShowsASharedPhoto, in light and in dark, and complains of nothing: that the page's own policy lets through
// what it needs is seen by a browser only.
func TestABrowserShowsASharedPhoto(t *testing.T) {
	t.Parallel()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not here (apt-get install chromium): nobody looks at the page")
	}
	c := newCast(t, sharedCloud(t).endpoints().GraphQL)
	links := c.links()
	shared := links["$api"] + "/s/" + links["$token"]
	for name, scheme := range map[string]string{"light": "1", "dark": "0"} {
		eventually(t, name+": the photo to be painted", func() error { // a busy machine takes the picture before that
			shot, said := look(t, browser, shared, scheme)
			if complaint := complaints(said); complaint != "" {
				t.Fatalf("%s: the browser says %s", name, complaint)
			}
			if light := brightness(shot, 0, 0) > 0x8000; light != (name == "light") {
				return fmt.Errorf("the corner is %v", shot.At(0, 0))
			}
			if seen := vivid(shot); seen < 300*200/2 {
				return fmt.Errorf("of 300 × 200 pixels %d are seen", seen)
			}
			return nil
		})
	}
}

// look takes a picture of a page, once it stands, and answers what the browser has to say.
func look(t *testing.T, browser, address, scheme string) (image.Image, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	path := filepath.Join(t.TempDir(), "page.png")
	args := []string{
		"--headless", "--disable-gpu", "--force-prefers-reduced-motion", "--hide-scrollbars", "--no-first-run", "--user-data-dir=" + t.TempDir(), "--enable-logging=stderr",
		"--window-size=600,500", "--virtual-time-budget=5000", "--blink-settings=preferredColorScheme=" + scheme, "--screenshot=" + path,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // which it refuses to do without for root
	}
	said, err := exec.CommandContext(ctx, browser, append(args, address)...).CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, said)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	defer f.Close()
	shot, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return shot, string(said)
}

// complaints are what a page is told on its console.
func complaints(said string) string {
	var all []string
	for line := range strings.SplitSeq(said, "\n") {
		if strings.Contains(line, "CONSOLE") {
			all = append(all, line)
		}
	}
	return strings.Join(all, "\n")
}

func brightness(m image.Image, x, y int) uint32 {
	r, g, b, _ := m.At(x, y).RGBA()
	return (r + g + b) / 3
}

// vivid counts the pixels of the photo: those of the page are pale, or dark.
func vivid(m image.Image) (n int) {
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			if r, g, b, _ := m.At(x, y).RGBA(); max(r, g, b)-min(r, g, b) > 0x5000 {
				n++
			}
		}
	}
	return n
}
