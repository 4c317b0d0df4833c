package main

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

func TestAReportIsAlignedAndHarmless(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 1, 41, 0, time.UTC)
	rendition := func(name string, width, height int, bytes int64) client.Rendition {
		return client.Rendition{
			Rendition: gallery.Rendition{Name: name, Width: width, Height: height, Bytes: bytes},
			Link:      gallery.Link{URL: "http://pictures/" + name},
		}
	}
	r := report{
		image: client.Image{
			Image: gallery.Image{
				ID: "0199", Filename: "a\x1b[31m.jpg", Bytes: 4_200_000, Status: gallery.Ready,
				Facts: gallery.Facts{
					Format: "jpeg", Width: 4032, Height: 3024,
					Capture: gallery.Capture{Make: "Apple", Model: "iPhone\n12"},
				},
			},
			Renditions: []client.Rendition{rendition("large", 1024, 768, 91234), rendition("square\x07", 200, 200, 9100)},
		},
		steps: []step{
			{gallery.Pending, at}, {gallery.Processing, at.Add(840 * time.Millisecond)}, {gallery.Ready, at.Add(1450 * time.Millisecond)},
		},
	}
	want := strings.TrimPrefix(`
✓ a`+"\ufffd"+`[31m.jpg  4.2 MB  0199
  PENDING 0.84 s → PROCESSING 0.61 s → READY  (1.45 s in all)
  4032 × 3024 jpeg · Apple iPhone`+"\ufffd"+`12
  large    1024 × 768   91 kB  http://pictures/large
  square`+"\ufffd"+`   200 × 200  9.1 kB  http://pictures/square`+"\ufffd"+`
`, "\n")
	if got := r.block(false, false); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAFileThatCannotBeReadIsNamedOnce(t *testing.T) {
	denied := func(path string) error { return &fs.PathError{Op: "open", Path: path, Err: fs.ErrPermission} }
	tests := map[string]struct {
		err  error
		want string
	}{
		"of this file":     {denied("a\x1b.jpg"), "✗ a\ufffd.jpg  permission denied\n"},
		"of another":       {denied("b.jpg"), "✗ a\ufffd.jpg  open b.jpg: permission denied\n"},
		"of another kind":  {errors.New("full\r"), "✗ a\ufffd.jpg  full\ufffd\n"},
		"of several lines": {errors.New("a\nb"), "✗ a\ufffd.jpg  a\ufffdb\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := failureBlock(false, "a\x1b.jpg", test.err); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
