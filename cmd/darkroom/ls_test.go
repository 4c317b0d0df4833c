package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestListIsATable(t *testing.T) {
	t.Parallel()
	// What the API takes for a file name, and what a terminal must not see: writing turned around, a line break, a tag.
	const hostile = "a\u202egpj.\u2028\U000e0001.jpg"
	config := sharedCloud(t).user()
	dir := pictures(t, map[string][]byte{hostile: taken(t), "b.jpg": broken()})
	uploaded(t, config, filepath.Join(dir, hostile))
	var ignored printed
	invoke(t.Context(), t, &ignored, &ignored, nil, "upload", "--config", config, filepath.Join(dir, "b.jpg"))
	tests := map[string]struct {
		args []string
		want string
	}{
		"of everything": {nil,
			`ID                                    STATUS   SIZE  DIMENSIONS  TAKEN             CAMERA               FILENAME
` + someID + `  FAILED    9 B           –  –                 –                    b.jpg
` + someID + `  READY   11 kB   300 × 200  2017-10-27 08:38  RICOH PENTAX K-3 II  a` + "\ufffdgpj.\ufffd\ufffd" + `.jpg
`},
		"of what failed": {[]string{"--status", "failed", "--order", "taken"},
			`ID                                    STATUS  SIZE  DIMENSIONS  TAKEN  CAMERA  FILENAME
` + someID + `  FAILED   9 B           –  –      –       b.jpg
`},
		"of nothing":              {[]string{"--status", "pending"}, ""},
		"of what was not deleted": {[]string{"--trash"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out, errout printed
			status := invoke(t.Context(), t, &out, &errout, nil, append([]string{"ls", "--config", config}, test.args...)...)
			if got := constant(out.String()); status != 0 || got != test.want {
				t.Errorf("ended with %d %s, printed\n%s\nwant\n%s", status, &errout, got, test.want)
			}
		})
	}
	t.Run("of the trash, where nothing has another order", func(t *testing.T) {
		var out, errout printed
		if invoke(t.Context(), t, &out, &errout, nil, "ls", "--config", config, "--trash", "--order", "taken") == 0 {
			t.Errorf("printed %s", &out)
		}
	})
	t.Run("as JSON", func(t *testing.T) {
		var out, errout printed
		invoke(t.Context(), t, &out, &errout, nil, "ls", "--config", config, "--json")
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		var image struct{ Filename string }
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &image); err != nil {
			t.Fatal(err)
		}
		if len(lines) != 2 || image.Filename != hostile {
			t.Errorf("printed %d lines, the last of %q, want 2 and %q", len(lines), image.Filename, hostile)
		}
		if strings.ContainsAny(out.String(), "\u202e\u2028\U000e0001") {
			t.Errorf("printed raw what steers a terminal: %q", &out)
		}
	})
}
