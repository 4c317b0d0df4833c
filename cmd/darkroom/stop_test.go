//go:build unix

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// TestUploadStopsCleanly ends an upload as Ctrl-C does, in the middle: the cloud is frozen while it takes the bytes. The
// same file can be uploaded again afterwards.
func TestUploadStopsCleanly(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	config := cloud.user()
	c := signIn(t.Context(), t, config)
	path := filepath.Join(pictures(t, map[string][]byte{"a.jpg": small(t, strings.Repeat("junk", 5<<20))}), "a.jpg")
	upload := start(t, "upload", "--config", config, path)
	eventually(t, "the upload to begin", func() error {
		page, err := c.Images(t.Context(), gallery.Listing{Order: gallery.Uploaded, First: 1})
		if err == nil && len(page.Images) == 0 {
			err = errors.New("no image yet")
		}
		return err
	})
	thaw := func() { _ = cloud.Process.Signal(syscall.SIGCONT) }
	defer thaw()
	if err := cloud.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := upload.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	status := upload.end()
	thaw()
	if got, want := upload.out.String(), "darkroom: stopped\n"; status != interrupted || got != want {
		t.Errorf("ended with %d and %q, want %d and %q", status, got, interrupted, want)
	}
	uploaded(t, config, path)
}
