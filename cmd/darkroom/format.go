package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

const unknown = "–"

// size writes an amount of bytes in decimal units: 4.2 MB.
func size(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	x, units := float64(n)/1000, []string{"kB", "MB", "GB", "TB"}
	i := 0
	for x >= 999.5 && i < len(units)-1 {
		x, i = x/1000, i+1
	}
	if x < 9.95 {
		return fmt.Sprintf("%.1f %s", x, units[i])
	}
	return fmt.Sprintf("%.0f %s", x, units[i])
}

func dimensions(width, height int) string {
	if width <= 0 || height <= 0 {
		return unknown
	}
	return fmt.Sprintf("%d × %d", width, height)
}

// seconds writes a short time to a hundredth, a long one to a second.
func seconds(d time.Duration) string {
	d = max(d, 0)
	if d < 2*time.Minute {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// clock writes a capture time as the camera showed it; nothing is known of its zone.
func clock(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// camera names it in short. Many write their make into the model too, or a whole company name into the make, of which the
// first word is enough.
func camera(c gallery.Capture) string {
	model := printable(strings.TrimSpace(c.Model))
	maker, _, _ := strings.Cut(printable(strings.TrimSpace(c.Make)), " ")
	switch {
	case maker == "" && model == "":
		return unknown
	case strings.HasPrefix(strings.ToLower(model), strings.ToLower(maker)):
		return model
	}
	return strings.TrimSpace(maker + " " + model)
}
