package main

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/darkroom/darkroom/gallery"
)

// palette colours text, or leaves it as it is.
type palette bool

// colours are for a terminal whose user has not declined them (no-color.org).
func (at console) palette() palette {
	return palette(at.moving() && at.getenv("NO_COLOR") == "")
}

// moving tells whether lines on the output can be drawn again: it is a terminal, and not a simple one.
func (at console) moving() bool { return isTerminal(at.out) && at.getenv("TERM") != "dumb" }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (p palette) paint(code, s string) string {
	if !p || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (p palette) bold(s string) string { return p.paint("1", s) }
func (p palette) dim(s string) string  { return p.paint("2", s) }
func (p palette) good(s string) string { return p.paint("32", s) }
func (p palette) bad(s string) string  { return p.paint("31", s) }
func (p palette) busy(s string) string { return p.paint("33", s) }
func (p palette) link(s string) string { return p.paint("2;4", s) }

// status colours a text that tells of a status.
func (p palette) status(of gallery.Status, s string) string {
	switch of {
	case gallery.Ready:
		return p.good(s)
	case gallery.Failed:
		return p.bad(s)
	case gallery.Processing:
		return p.busy(s)
	}
	return p.dim(s)
}
