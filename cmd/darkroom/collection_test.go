package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// collectionOf makes a folder of n different pictures, in folders of ten.
func collectionOf(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		sub := filepath.Join(dir, fmt.Sprint("album ", i/10))
		if err := os.MkdirAll(sub, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(sub, fmt.Sprintf("%d.jpg", i)), small(t, fmt.Sprint("picture ", i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tally is the table that an upload of a collection ends with: what became of how many.
func tally(out string) map[string]string {
	got := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^  (\S[^\d\n]*?) +(\d+)$`).FindAllStringSubmatch(out, -1) {
		got[line[1]] = line[2]
	}
	return got
}

func TestACollectionIsUploadedAndThenSkipped(t *testing.T) {
	t.Parallel()
	config, dir := sharedCloud(t).user(), collectionOf(t, 60)
	for name, data := range map[string][]byte{
		"album 0/broken.jpg": broken(), "album 0/empty.png": {}, "album 0/again.jpg": small(t, "picture 1"),
		"notes.txt": []byte("no picture"), ".hidden.jpg": small(t, "hidden"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	hashes := filepath.Join(t.TempDir(), "hashes")
	var out, errout printed
	status := invoke(t.Context(), t, &out, &errout, nil, "upload", "--config", config, "--hashes", hashes, dir)
	want := map[string]string{"ready": "61", "already there": "0", "CORRUPT": "1", "INVALID_INPUT": "1", "no pictures": "2"}
	if got := tally(out.String()); status != 1 || fmt.Sprint(got) != fmt.Sprint(want) || errout.String() != "darkroom: 2 failed\n" {
		t.Fatalf("ended with %d, %s and %v, want %v:\n%s", status, &errout, got, want, &out)
	}
	c := signIn(t.Context(), t, config)
	me, err := c.Me(t.Context())
	if err != nil || me.Usage.Images != 61 || me.Usage.InFlight != 0 { // two files are of the same bytes; one is broken
		t.Errorf("usage: %+v, %v", me.Usage, err)
	}
	for _, remembers := range []string{hashes, ""} {
		var out printed
		invoke(t.Context(), t, &out, &out, nil, "upload", "--config", config, "--hashes", remembers, dir)
		if got := tally(out.String()); got["already there"] != "61" || got["ready"] != "0" {
			t.Errorf("the second time, hashes in %q: %v\n%s", remembers, got, &out)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "album 0/2.jpg"), small(t, "another picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	var third printed
	invoke(t.Context(), t, &third, &third, nil, "upload", "--config", config, "--hashes", hashes, dir)
	if got := tally(third.String()); got["already there"] != "60" || got["ready"] != "1" {
		t.Errorf("one has changed: %v\n%s", got, &third)
	}
}

// TestACollectionGoesOnWhereItWasStopped kills an upload when the network carries no more of it, stops the next like that by
// Ctrl-C, and lets the third one finish.
func TestACollectionGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	config, dir := sharedCloud(t).user(), collectionOf(t, 80)
	args := []string{"upload", "--config", config, "--hashes", filepath.Join(t.TempDir(), "hashes"), dir}
	killed := standingStill(t, 400_000, args...)
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed.end()
	stopped := standingStill(t, 400_000, args...)
	if err := stopped.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if status := stopped.end(); status != interrupted || !strings.Contains(stopped.out.String(), "files/s") {
		t.Errorf("stopped with %d and %s, want %d and a table", status, stopped.out, interrupted)
	}
	var out printed
	status := invoke(t.Context(), t, &out, &out, nil, args...)
	got := tally(out.String())
	if status != 0 || got["ready"] == "0" || got["already there"] == "0" {
		t.Errorf("ended with %d and %v, want some that were there and some that were not:\n%s", status, got, &out)
	}
	t.Logf("%v", got)
	me, err := signIn(t.Context(), t, config).Me(t.Context())
	if err != nil || me.Usage.Images != 80 || me.Usage.InFlight != 0 {
		t.Errorf("usage: %+v, %v", me.Usage, err)
	}
}

func TestAFileInPartsIsDeveloped(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	dir := pictures(t, map[string][]byte{"large.jpg": append(small(t, "large"), bytes.Repeat([]byte{1}, gallery.MaxUploadBytes)...)})
	uploaded(t, config, filepath.Join(dir, "large.jpg"))
	page, err := signIn(t.Context(), t, config).Images(t.Context(), gallery.Listing{First: 1, Order: gallery.Uploaded})
	if err != nil || len(page.Images) != 1 || page.Images[0].Status != gallery.Ready || page.Images[0].Bytes <= gallery.MaxUploadBytes {
		t.Errorf("got %+v, %v", page.Images, err)
	}
}

func TestImagesAreRemovedRestoredPurgedAndDevelopedAgain(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	config := cloud.user()
	dir := pictures(t, map[string][]byte{"a.jpg": small(t, "a"), "b.jpg": small(t, "b")})
	uploaded(t, config, filepath.Join(dir, "a.jpg"), filepath.Join(dir, "b.jpg"))
	c := signIn(t.Context(), t, config)
	page, err := c.Images(t.Context(), gallery.Listing{First: 2, Order: gallery.Uploaded})
	if err != nil || len(page.Images) != 2 {
		t.Fatal(err)
	}
	first, second := string(page.Images[0].ID), string(page.Images[1].ID)
	shell := func(want int, says string, args ...string) {
		t.Helper()
		var out printed
		if status := invoke(t.Context(), t, &out, &out, nil, append(args, "--config", config)...); status != want || !strings.Contains(out.String(), says) {
			t.Errorf("%v: ended with %d and %q, want %d and %q", args, status, &out, want, says)
		}
	}
	shell(0, first+"  in the trash", "rm", first)
	shell(0, first, "ls", "--trash")
	shell(0, "restored", "rm", "--restore", first)
	shell(1, "a UUID", "rm", "nonsense")
	shell(0, first+"  ready  ", "reprocess", first) // it has not failed
	shell(1, "a UUID", "reprocess", "nonsense")
	shell(1, "not both", "reprocess", first, "--yes")
	shell(0, "2 images, ", "reprocess")
	shell(0, "done  2 of 2 asked for", "reprocess", "--yes")
	shell(1, "no such job", "reprocess", "--watch", first)
	eventually(t, "both to be developed again", func() error {
		for id, least := range map[string]int64{first: 7, second: 5} {
			i, err := c.Image(t.Context(), gallery.ID(id))
			if err != nil || i.Status != gallery.Ready || i.Version < least {
				return fmt.Errorf("%s, version %d: %w", i.Status, i.Version, err)
			}
		}
		return nil
	})
	shell(0, "being purged", "rm", "--purge", first)
	eventually(t, "the purge", func() error {
		_, err := c.Image(t.Context(), gallery.ID(first))
		if errors.Is(err, gallery.ErrNotFound) {
			return nil
		}
		return fmt.Errorf("it is still there: %w", err)
	})
}

// TestTheOperatorFindsNothingWrong compares everything that the tests before and beside this one have stored.
func TestTheOperatorFindsNothingWrong(t *testing.T) {
	t.Parallel()
	cloud := startCloud(t, t.TempDir())
	dir := pictures(t, map[string][]byte{"a.jpg": small(t, "a"), "b.jpg": broken()})
	var out printed
	invoke(t.Context(), t, &out, &out, nil, "upload", "--config", cloud.config(), filepath.Join(dir, "a.jpg"), filepath.Join(dir, "b.jpg"))
	sweep := start(t, "sweep", "--full", "--env", filepath.Join(cloud.dir, operatorFile))
	if status := sweep.end(); status != 0 || !strings.Contains(sweep.out.String(), "2 images and 7 objects compared") {
		t.Errorf("ended with %d:\n%s\n%s", status, sweep.out, &out)
	}
	cloud.stop()
}
