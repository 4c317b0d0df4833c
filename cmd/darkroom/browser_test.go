package main

import (
	"context"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
		shot, said := look(t, browser, shared, scheme)
		if complaint := complaints(said); complaint != "" {
			t.Errorf("%s: the browser says %s", name, complaint)
		}
		corner, r := shot.At(0, 0), shot.Bounds()
		photo, light := 0, brightness(shot, 0, 0) > 0x8000
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if vivid(shot, x, y) {
					photo++
				}
			}
		}
		if photo < 300*200/2 {
			t.Errorf("%s: of the photo, 300 × 200, %d pixels are seen", name, photo)
		}
		if light != (name == "light") {
			t.Errorf("%s: the corner is %v", name, corner)
		}
	}
}

// look takes a picture of a page, once it stands, and answers what the browser has to say.
func look(t *testing.T, browser, address, scheme string) (image.Image, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	path := filepath.Join(t.TempDir(), "page.png")
	args := []string{
		"--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--user-data-dir=" + t.TempDir(), "--enable-logging=stderr",
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

// vivid tells a pixel of the photo from one of the page, which is pale, or dark.
func vivid(m image.Image, x, y int) bool {
	r, g, b, _ := m.At(x, y).RGBA()
	return max(r, g, b)-min(r, g, b) > 0x5000
}
