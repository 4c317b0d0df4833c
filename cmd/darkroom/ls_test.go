package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestListIsATable(t *testing.T) {
	cloud := startSmallCloud(t)
	dir := photos(t, map[string]string{"a.jpg": "a", "b.jpg": "broken", "c.jpg": "c"})
	config := cloud.config("correct horse")
	var ignored output
	invoke(t, t.Context(), &ignored, &ignored, nil, "upload", "--config", config, "--parallel", "1",
		filepath.Join(dir, "a.jpg"))
	invoke(t, t.Context(), &ignored, &ignored, nil, "upload", "--config", config, filepath.Join(dir, "b.jpg"))
	cloud.mu.Lock()
	cloud.images[0]["filename"] = "a\x1b[31m\u202egpj.\u009b\n.jpg"
	cloud.mu.Unlock()
	tests := map[string]struct {
		args []string
		want string
	}{
		"of everything": {nil, `ID      STATUS  SIZE   DIMENSIONS  TAKEN             CAMERA           FILENAME
0199-2  FAILED   9 B            –  –                 –                b.jpg
0199-1  READY    4 B  4032 × 3024  2024-05-01 12:33  Apple iPhone 12  a` + "\ufffd[31m\ufffdgpj.\ufffd\ufffd" + `.jpg
`},
		"of what failed": {[]string{"--status", "failed", "--order", "taken"}, `ID      STATUS  SIZE  DIMENSIONS  TAKEN  CAMERA  FILENAME
0199-2  FAILED   9 B           –  –      –       b.jpg
`},
		"of nothing": {[]string{"--status", "pending"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out, errout output
			status := invoke(t, t.Context(), &out, &errout, nil, append([]string{"ls", "--config", config}, test.args...)...)
			if got := out.String(); status != 0 || got != test.want {
				t.Errorf("ended with %d %s, printed\n%s\nwant\n%s", status, errout.String(), got, test.want)
			}
		})
	}
	t.Run("as JSON", func(t *testing.T) {
		var out, errout output
		invoke(t, t.Context(), &out, &errout, nil, "ls", "--config", config, "--json")
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		var image struct{ Filename string }
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &image); err != nil {
			t.Fatal(err)
		}
		if want := "a\x1b[31m\u202egpj.\u009b\n.jpg"; len(lines) != 2 || image.Filename != want {
			t.Errorf("printed %d lines, the last of %q, want 2 and %q", len(lines), image.Filename, want)
		}
		if strings.ContainsAny(out.String(), "\x1b\u202e\u009b") {
			t.Errorf("printed raw control characters: %q", out.String())
		}
	})
}
