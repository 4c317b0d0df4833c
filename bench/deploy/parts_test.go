package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

func TestTheCPUOfAProcessGrowsWithItsWork(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what another process used")
	}
	before, err := cpuOf(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	after := before
	for began := time.Now(); after == before && err == nil && time.Since(began) < time.Minute; { // a busy machine may give us little
		after, err = cpuOf(os.Getpid())
	}
	if err != nil || after <= before || after-before > time.Minute {
		t.Errorf("got %v, then %v, %v", before, after, err)
	}
	if peak, err := peakOf(os.Getpid()); err != nil || peak < 1 || peak > 1<<20 {
		t.Errorf("got %v MiB, %v", peak, err)
	}
	if _, err := peakOf(-1); err == nil {
		t.Error("no process has used something")
	}
}

func TestWhatIsWeighedIsCompressed(t *testing.T) {
	dir := t.TempDir()
	for name, size := range map[string]int{"a": 1000, "in/b": 100_000} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := zipped([]string{dir}); err != nil || got < 200 || got > 5000 {
		t.Errorf("got %d bytes, %v", got, err)
	}
	if _, err := zipped([]string{filepath.Join(dir, "nowhere")}); err == nil {
		t.Error("nothing was weighed")
	}
}

func TestAnswersAreLookedAt(t *testing.T) {
	one := []byte(`"url":"https://x/?X-Amz-Signature=1"`)
	for name, c := range map[string]struct {
		check  func([]byte) error
		answer string
		fine   bool
	}{
		"enough links":   {links(1), string(one), true},
		"a link too few": {links(2), string(one), false},
		"all taken":      {taken, `{"batchItemFailures":null}`, true},
		"not taken":      {taken, `{"batchItemFailures":[{"itemIdentifier":"1"}]}`, false},
		"no answer":      {taken, `oops`, false},
		"the text":       {has("a"), "abc", true},
		"another":        {has("x"), "abc", false},
	} {
		if err := c.check([]byte(c.answer)); (err == nil) != c.fine {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := variable([]string{"A=1", "B=2=3"}, "B"); got != "2=3" || variable(nil, "B") != "" {
		t.Errorf("got %q", got)
	}
	if got := renditions(); len(got) != len(gallery.Specs()) {
		t.Errorf("got %d renditions", len(got))
	}
}
