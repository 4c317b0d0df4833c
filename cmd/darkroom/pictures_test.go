package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// photographs are real ones, which take a while to develop.
func photographs(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("../../testdata/*.jpg")
	if err != nil || len(all) < 3 {
		t.Fatalf("photographs: %v, %v", all, err)
	}
	return all
}

// pictures writes files into a folder of the test's own and answers the folder.
func pictures(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// small is a JPEG of 300 × 200 that differs from others by what stands after its end.
func small(t *testing.T, after string) []byte {
	t.Helper()
	return append(encode(t, jpegFile, colours(300, 200)), after...)
}

// taken is a small JPEG with all that a Pentax K-3 II wrote into sunrise.jpg.
func taken(t *testing.T) []byte {
	t.Helper()
	photo := file(t, "../../testdata/sunrise.jpg")
	at := bytes.Index(photo, []byte("\xff\xe1"))
	if at < 0 || !bytes.HasPrefix(photo[at+4:], []byte("Exif\x00\x00")) {
		t.Fatal("sunrise.jpg has no EXIF block")
	}
	block := photo[at : at+2+int(binary.BigEndian.Uint16(photo[at+2:]))]
	return slices.Insert(small(t, ""), 2, block...)
}

// broken is not a JPEG, whatever its first bytes say.
func broken() []byte { return []byte("\xff\xd8\xffbroken") }
