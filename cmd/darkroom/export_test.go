package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

func TestAnExportIsWholeAndIsFetchedOnce(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	photo := small(t, "exported")
	uploaded(t, config, filepath.Join(pictures(t, map[string][]byte{"a b+ü.jpg": photo}), "a b+ü.jpg"))
	uploaded(t, config, filepath.Join(pictures(t, map[string][]byte{"gone.jpg": small(t, "in the trash")}), "gone.jpg"))
	c := signIn(t.Context(), t, config)
	first, _, err := collect(t.Context(), c, gallery.Listing{Order: gallery.Uploaded}, 2)
	if err != nil || len(first) != 2 {
		t.Fatalf("%v, %v", first, err)
	}
	if _, err := c.DeleteImage(t.Context(), first[0].ID); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "mine")
	export := func() string {
		var out printed
		if status := invoke(t.Context(), t, &out, &out, nil, "export", "--config", config, dir); status != 0 {
			t.Fatalf("ended with %d:\n%s", status, &out)
		}
		return out.String()
	}
	if got := export(); !strings.HasPrefix(got, "2 images in ") {
		t.Errorf("got %s", got)
	}
	whole := filepath.Join(dir, string(first[1].ID), "original", "a b+ü.jpg")
	if got, err := os.ReadFile(whole); err != nil || !bytes.Equal(got, photo) {
		t.Errorf("the original: %d bytes, %v", len(got), err)
	}
	var facts struct{ Filename, SHA256 string }
	text, err := os.ReadFile(filepath.Join(dir, string(first[1].ID), "image.json"))
	if err != nil || json.Unmarshal(text, &facts) != nil || facts.Filename != "a b+ü.jpg" || facts.SHA256 != sumOf(photo) {
		t.Errorf("the facts: %s, %v", text, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "account.json")); err != nil || !bytes.Contains(text, []byte(`"images": 2`)) {
		t.Errorf("the account: %s, %v", text, err)
	}

	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	files := pathsIn(t, dir)
	if len(files) != 1+2*(1+1+5) { // the account; of each image its facts, original and renditions
		t.Errorf("got %v", files)
	}
	for _, path := range files {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	lost, cut := files[3], whole
	if err := os.WriteFile(cut, bytes.Repeat([]byte("x"), len(photo)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(lost); err != nil {
		t.Fatal(err)
	}
	export()
	if got, err := os.ReadFile(whole); err != nil || !bytes.Equal(got, photo) {
		t.Errorf("an original that was spoilt stays: %v", err)
	}
	for _, path := range pathsIn(t, dir) {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		again := path == lost || path == cut || strings.HasSuffix(path, ".json")
		if info.ModTime().Equal(old) == again {
			t.Errorf("%s: fetched again: %t, want %t", path, !info.ModTime().Equal(old), again)
		}
	}
}

func pathsIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestAStrangersNameIsNoPath(t *testing.T) {
	for name, want := range map[string]string{
		"a b+ü.jpg": "a b+ü.jpg", "../../etc/passwd": "_.._.._etc_passwd", "..": "_", ".ssh": "_.ssh", `C:\x.jpg`: "C__x.jpg", "": "_",
		"end. ": "end", "a\u202egpj.exe": "a_gpj.exe", "\xff.jpg": "_.jpg", strings.Repeat("é", 127) + ".jpg": strings.Repeat("é", 98) + ".jpg",
	} {
		if got := safeName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestALinkIsMadeListedAndEndedFromTheTerminal(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	uploaded(t, config, filepath.Join(pictures(t, map[string][]byte{"a.jpg": small(t, "shared")}), "a.jpg"))
	images, _, err := collect(t.Context(), signIn(t.Context(), t, config), gallery.Listing{Order: gallery.Uploaded}, 1)
	if err != nil || len(images) != 1 {
		t.Fatalf("%v, %v", images, err)
	}
	cli := func(args ...string) (string, int) {
		var out, errout printed
		status := invoke(t.Context(), t, &out, &errout, nil, append(args, "--config", config)...)
		return out.String(), status
	}
	open := func(link string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSpace(link), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		status, _ := send(t, req)
		return status
	}
	link, status := cli("share", string(images[0].ID), "--for", "24h", "--rendition", "small,square")
	if status != 0 || open(link) != http.StatusOK {
		t.Fatalf("%d %s", status, link)
	}
	line := regexp.MustCompile(`^([0-9a-f]{64})  until .*  ` + string(images[0].ID) + "  small,square  a.jpg\n$")
	list, status := cli("shares")
	m := line.FindStringSubmatch(list)
	if status != 0 || m == nil {
		t.Fatalf("%d %s", status, list)
	}
	second, _ := cli("share", string(images[0].ID))
	if _, status := cli("unshare", m[1], strings.TrimSpace(second)); status != 0 || open(link) != http.StatusNotFound || open(second) != http.StatusNotFound {
		t.Errorf("by its id and by the link: %d, and they answer %d and %d", status, open(link), open(second))
	}
	for _, wrong := range [][]string{{"unshare", m[1]}, {"unshare", "x"}, {"share", "x"}, {"share", string(images[0].ID), "--for", "1s"}, {"shares", "x"}} {
		if got, status := cli(wrong...); status == 0 {
			t.Errorf("%v: %s", wrong, got)
		}
	}
	if list, status := cli("shares", string(images[0].ID)); list != "" || status != 0 {
		t.Errorf("listed are %s", list)
	}
}
