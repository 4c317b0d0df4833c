package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/darkroom/darkroom/gallery"
)

func TestPrintableTakesAwayWhatSteersATerminal(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"plain text":              {"Ferien 2024 ü 日本.jpg", "Ferien 2024 ü 日本.jpg"},
		"an escape sequence":      {"a\x1b]0;title\x07b", "a\ufffd]0;title\ufffdb"},
		"an eight-bit control":    {"a\u009b2Jb", "a\ufffd2Jb"},
		"line breaks":             {"a\r\nb\u2028c", "a\ufffd\ufffdb\ufffdc"},
		"writing turned around":   {"a\u202egpj.exe", "a\ufffdgpj.exe"},
		"bytes that are no UTF-8": {"a\xff\xfeb", "a\ufffd\ufffdb"},
		"an emoji of several":     {"👩\u200d🔬.jpg", "👩\u200d🔬.jpg"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := printable(test.in); got != test.want {
				t.Errorf("printable(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func FuzzPrintable(f *testing.F) {
	f.Add("a\x1b[31m\u202e\u009b\n\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := printable(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) {
			t.Errorf("printable(%q) = %q", s, got)
		}
		if n := columns(fit(got, 10)); n > 10 {
			t.Errorf("fit to 10 columns, %q has %d", got, n)
		}
	})
}

func FuzzPrintableJSON(f *testing.F) {
	f.Add([]byte(`{"filename":"a` + "\u009b\u202e\U000e0001" + `"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var before, after any
		if json.Unmarshal(b, &before) != nil {
			return
		}
		line, err := printableJSON(b)
		if err != nil || strings.ContainsFunc(line, unicode.IsControl) {
			t.Fatalf("printableJSON(%q) = %q (%v)", b, line, err)
		}
		if err := json.Unmarshal([]byte(line), &after); err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("printableJSON(%q) = %q means something else (%v)", b, line, err)
		}
	})
}

func TestAmountsAreShort(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 9949: "9.9 kB", 9951: "10 kB", 412345: "412 kB", 999_499: "999 kB",
		999_500: "1.0 MB", 4_200_000: "4.2 MB", 104_857_600: "105 MB", 3_000_000_000: "3.0 GB", 1 << 60: "1152922 TB",
	} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %q, want %q", n, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		-time.Second: "0.00 s", 840 * time.Millisecond: "0.84 s", 75 * time.Second: "75.00 s", 150*time.Second + 4e8: "2m30s",
	} {
		if got := seconds(d); got != want {
			t.Errorf("seconds(%s) = %q, want %q", d, got, want)
		}
	}
}

func TestACameraIsNamedOnce(t *testing.T) {
	tests := map[string]gallery.Capture{
		"Apple iPhone 12": {Make: "Apple", Model: "iPhone 12"},
		"Canon EOS 5D":    {Make: "Canon", Model: "Canon EOS 5D"},
		"NIKON D90":       {Make: "NIKON CORPORATION", Model: "NIKON D90"},
		"OLYMPUS E-M1":    {Make: "OLYMPUS IMAGING CORP.  ", Model: "E-M1"},
		"SONY":            {Make: "SONY"},
		"Pixel 8":         {Model: "Pixel 8"},
		unknown:           {},
		"a\ufffd[0mb":     {Model: "a\x1b[0mb"},
	}
	for want, capture := range tests {
		if got := camera(capture); got != want {
			t.Errorf("camera(%q, %q) = %q, want %q", capture.Make, capture.Model, got, want)
		}
	}
}

func TestTextIsFitByColumns(t *testing.T) {
	tests := []struct {
		in    string
		limit int
		want  string
	}{
		{"short", 10, "short"},
		{"exactly ten", 11, "exactly ten"},
		{"rather too long", 10, "rather to…"},
		{"日本の写真", 10, "日本の写真"},
		{"日本の写真です", 10, "日本の写…"},
	}
	for _, test := range tests {
		if got := fit(test.in, test.limit); got != test.want {
			t.Errorf("fit(%q, %d) = %q, want %q", test.in, test.limit, got, test.want)
		}
	}
}

func TestColoursAreForThoseWhoWantThem(t *testing.T) {
	if got, want := palette(false).status(gallery.Failed, "FAILED"), "FAILED"; got != want {
		t.Errorf("without colours it is %q, want %q", got, want)
	}
	if got, want := palette(true).status(gallery.Failed, "FAILED"), "\x1b[31mFAILED\x1b[0m"; got != want {
		t.Errorf("with colours it is %q, want %q", got, want)
	}
}
