package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// peakMemory bounds the whole cloud, the Lambda included, in megabytes.
const peakMemory = 400

// TestEveryBadPictureEndsAndTheCloudLives uses the program as it is built for people: the race detector's memory is not
// the cloud's.
func TestEveryBadPictureEndsAndTheCloudLives(t *testing.T) {
	t.Parallel()
	all := corpus(t)
	cloud := startCloudOf(t, built(t), t.TempDir())
	c := cloud.as(t.Context())
	ids := map[string]gallery.ID{}
	for n, s := range all {
		name := filepath.Join(t.TempDir(), fmt.Sprintf("%d.jpg", n))
		if err := os.WriteFile(name, s.data, 0o600); err != nil {
			t.Fatal(err)
		}
		id, err := upload(t.Context(), c, name)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		ids[s.name] = id
	}
	for _, s := range all {
		eventually(t, s.name+" to end", func() error { return ended(t.Context(), c, ids[s.name]) })
		i, err := c.Image(t.Context(), ids[s.name])
		if err != nil {
			t.Fatal(err)
		}
		if i.Failure != s.failure {
			t.Errorf("%s: got %s %s, want %q", s.name, i.Status, i.Failure, s.failure)
		}
		if s.width > 0 && (i.Facts.Width != s.width || i.Facts.Height != s.height) {
			t.Errorf("%s: got %d × %d, want %d × %d", s.name, i.Facts.Width, i.Facts.Height, s.width, s.height)
		}
	}
	peak := memoryPeak(t, cloud.Process.Pid)
	t.Logf("peak memory: %d MB", peak)
	if peak > peakMemory {
		t.Errorf("peak memory: got %d MB, want at most %d", peak, peakMemory)
	}
	cloud.stop()
}

// memoryPeak is the largest resident memory that a process has had, in megabytes.
func memoryPeak(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Logf("memory is not measured: %v", err)
		return 0
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		t.Fatalf("no VmHWM in %s", status)
	}
	kb, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kb >> 10
}
