package client

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

func TestInspectTellsWhatCanBeUploaded(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	huge := write("huge.jpg", "")
	if err := os.Truncate(huge, gallery.MaxBytes+1); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		path string
		want string // a content type, or what the refusal says
	}{
		"a JPEG by its bytes":              {write("a.dat", "\xff\xd8\xff\xe0"), "image/jpeg"},
		"a PNG called a JPEG":              {write("b.jpg", "\x89PNG\r\n\x1a\n"), "image/png"},
		"a TIFF, which sniffing lacks":     {write("c.TIF", "II*\x00"), "image/tiff"},
		"a broken JPEG by its extension":   {write("d.jpeg", "not a jpeg"), "image/jpeg"},
		"a text":                           {write("notes.txt", "hello"), "this is not a picture (text/plain)"},
		"an empty file":                    {write("empty.jpg", ""), "the file is empty"},
		"a file over the limit":            {huge, "the file has 513 MiB, and at most 512 can be uploaded"},
		"a folder":                         {dir, "this is a folder, not a picture"},
		"a device":                         {os.DevNull, "this is not a regular file"},
		"a file that is not there":         {filepath.Join(dir, "gone.jpg"), "no such file"},
		"a name with an escape in it":      {write("a\x1b[31m.jpg", "\xff\xd8\xff"), "a file name is UTF-8 without control characters"},
		"a name that is odd but printable": {write("a b+ü.jpg", "\xff\xd8\xff"), "image/jpeg"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := Inspect(t.Context(), test.path)
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("refused with %v, want %q", err, test.want)
				}
				return
			}
			if f.ContentType != test.want || f.Filename != filepath.Base(test.path) {
				t.Errorf("it is %s called %q, want %s", f.ContentType, f.Filename, test.want)
			}
		})
	}
}

func TestInspectMeasuresAndHashes(t *testing.T) {
	f := picture(t, slices.Repeat([]byte("\xff\xd8\xffabc"), 1000))
	if f.Bytes != 6000 || f.SHA256 != "a036348e17b75f7a75c66b3cb9b0e4bf90ff9564ef33bf1394921a46d386bb36" {
		t.Errorf("it has %d bytes with hash %s", f.Bytes, f.SHA256)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Inspect(ctx, f.Path); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v, want %v", err, context.Canceled)
	}
}
