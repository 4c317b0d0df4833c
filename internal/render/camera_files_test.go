package render

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/render/meta"
)

// cameraFiles are photographs of some eighty cameras: ours, and those that the module imagemeta is tested with.
func cameraFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bep/imagemeta").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var files []string
	images := filepath.Join(strings.TrimSpace(string(out)), "testdata", "images")
	for _, pattern := range []string{"../../testdata/*.jpg", images + "/*.*", images + "/*/*.*", images + "/*/*/*.*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, ".txt") })
}

// readable are the files of which we read the header, with what it says.
func readable(t *testing.T) map[string]header {
	t.Helper()
	headers := map[string]header{}
	for _, f := range cameraFiles(t) {
		if filepath.Base(f) == "geodegrees_as_string.jpg" { // its degrees are texts, which EXIF does not have, and exiftool guesses at
			continue
		}
		b := read(t, f)
		h, err := readHeader(b)
		if err != nil && sniff(b) == formatJPEG {
			h.blocks = blocksOfStump(b)
			f = mended(t, h.blocks.EXIF)
			err = nil
		}
		if err == nil {
			headers[f] = h
		}
	}
	if len(headers) < 100 {
		t.Fatalf("only %d files can be read", len(headers))
	}
	return headers
}

// blocksOfStump reads a JPEG that was cut to its first segments: collections of camera files are made of such.
func blocksOfStump(b []byte) meta.Blocks {
	var blocks jpegBlocks
	for r := (segmentReader{b: b, at: 2}); ; {
		marker, data, err := r.next()
		if err != nil || marker == markerSOS || marker == markerEOI {
			return blocks.whole()
		}
		blocks.take(marker, data)
	}
}

// mended makes a file of a stump's EXIF block that exiftool reads, too.
func mended(t *testing.T, exif []byte) string {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "*.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(withEXIF([]byte("\xff\xd8\xff\xd9"), exif)); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}
