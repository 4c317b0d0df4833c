package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// printable makes a stranger's text safe to show on a terminal: whatever could steer one (escapes, line breaks, marks that
// turn the direction of writing) and whatever is not UTF-8 becomes U+FFFD.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if steers(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// printableLines is printable of each line.
func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}

// printableJSON writes the same characters as escapes inside of JSON, on one line: it means what it meant.
func printableJSON(b []byte) (string, error) {
	var line bytes.Buffer
	if err := json.Compact(&line, b); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, r := range line.String() {
		switch {
		case !steers(r):
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String(), nil
}

// steers tells whether a terminal may act on a character instead of showing it. The joiners that scripts and emoji are
// written with are harmless.
func steers(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r != nonJoiner && r != joiner && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// columns is how wide a text is on a terminal, near enough for a table.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += width(r)
	}
	return n
}

func width(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul), r >= 0x1f300 && r <= 0x1faff,
		r >= 0xff01 && r <= 0xff60:
		return 2
	}
	return 1
}

// fit cuts a text to a number of columns, marking the cut.
func fit(s string, limit int) string {
	if columns(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		if n += width(r); n > limit-1 {
			return s[:i] + "…"
		}
	}
	return s
}

func pad(s string, to int) string { return s + strings.Repeat(" ", max(0, to-columns(s))) }

func padLeft(s string, to int) string { return strings.Repeat(" ", max(0, to-columns(s))) + s }
