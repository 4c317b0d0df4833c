package main

import (
	"strings"
	"testing"
)

func TestLinksAreForTerminalsThatHaveThem(t *testing.T) {
	tests := map[string]struct {
		env  map[string]string
		want bool
	}{
		"one that says nothing":       {map[string]string{"TERM": "xterm-256color"}, false},
		"macOS's own":                 {map[string]string{"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, false},
		"iTerm":                       {map[string]string{"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, true},
		"GNOME's":                     {map[string]string{"TERM": "xterm-256color", "VTE_VERSION": "7600"}, true},
		"GNOME's that crashed":        {map[string]string{"TERM": "xterm-256color", "VTE_VERSION": "5000"}, false},
		"kitty":                       {map[string]string{"TERM": "xterm-kitty"}, true},
		"Windows'":                    {map[string]string{"TERM": "xterm-256color", "WT_SESSION": "1f0a"}, true},
		"tmux inside of GNOME's":      {map[string]string{"TERM": "tmux-256color", "VTE_VERSION": "7600"}, false},
		"tmux under another name":     {map[string]string{"TERM": "xterm-256color", "TMUX": "/tmp/x", "VTE_VERSION": "7600"}, false},
		"one whose user wants links":  {map[string]string{"TERM": "xterm-256color", "FORCE_HYPERLINK": "1"}, true},
		"one whose user does not":     {map[string]string{"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, false},
		"one with a version in words": {map[string]string{"VTE_VERSION": "new"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := hasLinks(func(name string) string { return test.env[name] }); got != test.want {
				t.Errorf("has links: %t, want %t", got, test.want)
			}
		})
	}
}

func TestALinkIsShortAndLeadsToTheWholeAddress(t *testing.T) {
	const host, file = "http://127.0.0.1:4002", "/darkroom-renditions/xlarge-70cf8c761f717f5cfa43a770fb71344a.jpg"
	link := func(address, text string) string { return "\x1b]8;;" + address + "\x1b\\" + text + "\x1b]8;;\x1b\\" }
	const bucket = "https://darkroom-renditions-production.s3.eu-central-1.amazonaws.com/a.jpg"
	long := host + file + "?" + strings.Repeat("x", maxLink)
	tests := map[string]struct{ in, want string }{
		"a rendition": {host + file + "?X-Amz-Signature=1a2b",
			link(host+file+"?X-Amz-Signature=1a2b", "127.0.0.1:4002/…/xlarge-70cf8c761f….jpg")},
		"a long host": {bucket, link(bucket, "darkroom-renditions-production.…/…/a.jpg")},
		"a file named in escapes": {host + "/%1b%5d8%e2%80%ae.jpg",
			link(host+"/%1b%5d8%e2%80%ae.jpg", "127.0.0.1:4002/…/\ufffd]8\ufffd.jpg")},
		"no file":                    {"http://x", link("http://x", "x/…/.")},
		"one too long for terminals": {long, long},
		"one with an escape":         {"http://x/\x1b\\a", "http://x/\ufffd\\a"},
		"one that is not ASCII":      {"http://x/ü\u202e.jpg", "http://x/ü\ufffd.jpg"},
		"a script":                   {"javascript:alert(1)", "javascript:alert(1)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := links(true).show(false, test.in); got != test.want {
				t.Errorf("show(%q) =\n%q, want\n%q", test.in, got, test.want)
			}
			if got := links(false).show(false, test.in); got != printable(test.in) {
				t.Errorf("without links it is %q, want it as it is", got)
			}
		})
	}
}
