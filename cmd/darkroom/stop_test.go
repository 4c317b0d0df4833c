package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUploadStopsCleanly ends an upload as Ctrl-C does, in the middle: the network has taken a part of the bytes, and takes
// no more. The same file can be uploaded again afterwards.
func TestUploadStopsCleanly(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	path := filepath.Join(pictures(t, map[string][]byte{"a.jpg": small(t, strings.Repeat("junk", 1<<20))}), "a.jpg")
	upload := standingStill(t, 1<<20, "upload", "--config", config, path)
	if err := upload.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	status := upload.end()
	if got, want := upload.out.String(), "darkroom: stopped\n"; status != interrupted || got != want {
		t.Errorf("ended with %d and %q, want %d and %q", status, got, interrupted, want)
	}
	uploaded(t, config, path)
}
