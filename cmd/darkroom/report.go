package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// report is what became of one file.
type report struct {
	image   client.Image
	already bool // its bytes were here before
	steps   []step
}

// block writes a report in lines: what it is, the way it took, what was found out, and where its renditions are.
func (r report) block(p palette, l links) string {
	var b strings.Builder
	mark := p.good("✓")
	if r.image.Status == gallery.Failed {
		mark = p.bad("✗")
	}
	fmt.Fprintf(&b, "%s %s  %s  %s\n", mark, p.bold(printable(r.image.Filename)), size(r.image.Bytes),
		p.dim(printable(string(r.image.ID))))
	if r.already {
		fmt.Fprintf(&b, "  already in your gallery since %s\n", r.image.CreatedAt.Local().Format("2006-01-02 15:04:05"))
	}
	fmt.Fprintf(&b, "  %s\n", way(p, r.steps))
	if r.image.Status == gallery.Failed {
		fmt.Fprintf(&b, "  %s  %s\n", p.bad(printable(string(r.image.Failure))), printable(r.image.FailureMessage))
	}
	if line := facts(r.image.Facts); line != "" {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	writeRenditions(&b, p, l, r.image.Renditions)
	return b.String()
}

// way writes the statuses that an image passed, each with the seconds spent in it.
func way(p palette, steps []step) string {
	parts := make([]string, len(steps))
	for n, s := range steps {
		parts[n] = p.status(s.status, printable(string(s.status)))
		if n+1 < len(steps) {
			parts[n] += " " + seconds(steps[n+1].at.Sub(s.at))
		}
	}
	line := strings.Join(parts, p.dim(" → "))
	if len(steps) > 2 {
		total := steps[len(steps)-1].at.Sub(steps[0].at)
		line += p.dim(fmt.Sprintf("  (%s in all)", seconds(total)))
	}
	return line
}

// facts writes what is known of a picture; nothing when nothing is.
func facts(f gallery.Facts) string {
	var parts []string
	if f.Width > 0 {
		parts = append(parts, strings.TrimSpace(dimensions(f.Width, f.Height)+" "+printable(f.Format)))
	}
	if !f.Capture.TakenAt.IsZero() {
		parts = append(parts, "taken "+f.Capture.TakenAt.UTC().Format(time.DateTime))
	}
	if name := camera(f.Capture); name != unknown {
		parts = append(parts, name)
	}
	return strings.Join(parts, " · ")
}

func writeRenditions(b *strings.Builder, p palette, l links, renditions []client.Rendition) {
	widest := [3]int{}
	cells := make([][3]string, len(renditions))
	for n, r := range renditions {
		cells[n] = [3]string{printable(r.Name), dimensions(r.Width, r.Height), size(r.Bytes)}
		for i, cell := range cells[n] {
			widest[i] = max(widest[i], columns(cell))
		}
	}
	for n, r := range renditions {
		fmt.Fprintf(b, "  %s  %s  %s  %s\n", pad(cells[n][0], widest[0]), padLeft(cells[n][1], widest[1]),
			padLeft(cells[n][2], widest[2]), l.show(p, r.URL))
	}
}

// failureBlock writes why a file was not uploaded.
func failureBlock(p palette, path string, err error) string {
	reason := err.Error()
	var file *fs.PathError
	if errors.As(err, &file) && file.Path == path {
		reason = file.Err.Error() // the path is said already
	}
	return fmt.Sprintf("%s %s  %s\n", p.bad("✗"), p.bold(printable(path)), printable(reason))
}
