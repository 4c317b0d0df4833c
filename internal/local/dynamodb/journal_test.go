package dynamodb

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// crashed is what a crash leaves: the two files.
type crashed struct{ store, journal []byte }

// copyFiles copies the files of a store that is in use, between two commits.
func copyFiles(t *testing.T, path string) crashed {
	t.Helper()
	var c crashed
	var err error
	if c.store, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if c.journal, err = os.ReadFile(journalPath(path)); err != nil {
		t.Fatal(err)
	}
	return c
}

// written writes copies of the files.
func (c crashed) written(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "tables.db")
	for name, content := range map[string][]byte{path: c.store, journalPath(path): c.journal} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// reopened opens copies of the files, and lists what is in the bucket of sizes.
func (c crashed) reopened(t *testing.T) string {
	t.Helper()
	return opened(t, c.written(t))
}

func opened(t *testing.T, path string) string {
	t.Helper()
	d, err := openDurable(path)
	if err != nil {
		t.Fatal(err)
	}
	got := listed(t, d)
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	return got
}

func listed(t *testing.T, d *durable) (all string) {
	t.Helper()
	err := d.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Errorf("the file is not sound: %v", err)
		}
		return tx.Bucket(bucketSizes).ForEach(func(key, value []byte) error {
			all += fmt.Sprintf("%s=%d.%s ", key, len(value), value[:min(len(value), 3)])
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func newStore(t *testing.T) (*durable, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tables.db")
	d, err := openDurable(path)
	if err != nil {
		t.Fatal(err)
	}
	return d, path
}

// edit commits one change.
func edit(t *testing.T, d *durable, change func(*editor) error) {
	t.Helper()
	tx, err := d.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	ed := newEditor(tx)
	if err := change(ed); err != nil {
		t.Fatal(err)
	}
	if err := d.commit(ed, false); err != nil {
		t.Fatal(err)
	}
	if d.broken != nil {
		t.Fatal(d.broken)
	}
}

func put(t *testing.T, d *durable, key, value string) {
	t.Helper()
	edit(t, d, func(ed *editor) error { return ed.put(bucketSizes, []byte(key), []byte(value)) })
}

func TestTornRecordIsNoCommit(t *testing.T) {
	t.Parallel()
	d, path := newStore(t)
	defer d.close()
	put(t, d, "a", "1")
	edit(t, d, func(ed *editor) error { return ed.remove(bucketSizes, []byte("a")) })
	edit(t, d, func(ed *editor) error { return ed.append(bucketSizes, []byte("1")) })
	before, from := copyFiles(t, path), d.journal.tail
	put(t, d, "b", "2")
	after, to := copyFiles(t, path), d.journal.tail
	const one = "\x00\x00\x00\x00\x00\x00\x00\x01=1.1 "
	if got := after.reopened(t); got != one+"b=1.2 " {
		t.Fatalf("after all: got %q", got)
	}
	for at := from; at < to; at++ {
		torn := bytes.Clone(after.journal)
		copy(torn[at:], before.journal[at:])
		if got := (crashed{before.store, torn[:at]}).reopened(t); got != one {
			t.Fatalf("cut off after %d bytes of the record: got %q", at-from, got)
		}
		if bytes.Equal(torn, after.journal) {
			continue // what is left out was nought
		}
		if got := (crashed{before.store, torn}).reopened(t); got != one {
			t.Fatalf("written up to byte %d of the record: got %q", at-from, got)
		}
	}
}

// TestPagesMayReachTheDiskInAnyOrder tears the store's file itself: of each page that was written since the journal began,
// either the old state or the new one is there, as a loss of power might leave it.
func TestPagesMayReachTheDiskInAnyOrder(t *testing.T) {
	t.Parallel()
	d, path := newStore(t)
	defer d.close()
	random := rand.New(rand.NewPCG(1, 0))
	write := func(n int) {
		for range n {
			put(t, d, fmt.Sprintf("%03d", random.IntN(400)), string(bytes.Repeat([]byte{byte('a' + random.IntN(26))}, random.IntN(900))))
		}
	}
	for range 2 {
		write(200)
		if err := d.restart(); err != nil {
			t.Fatal(err)
		}
		base := copyFiles(t, path)
		write(200)
		want, now := listed(t, d), copyFiles(t, path)
		for range 10 {
			torn := crashed{bytes.Clone(now.store), now.journal}
			for at := 0; at < len(base.store); at += 4096 {
				if random.IntN(2) == 0 {
					copy(torn.store[at:], base.store[at:at+4096])
				}
			}
			if got := torn.reopened(t); got != want {
				t.Fatalf("got  %s\nwant %s", got, want)
			}
		}
	}
}

func TestTornBaseLeavesTheOneBefore(t *testing.T) {
	t.Parallel()
	d, path := newStore(t)
	defer d.close()
	put(t, d, "a", "1")
	before := copyFiles(t, path)
	if err := d.restart(); err != nil {
		t.Fatal(err)
	}
	after := copyFiles(t, path)
	slot := int(d.journal.base%2) * journalSlot
	for _, written := range []int{0, 1, journalHeader - 1, journalHeader, journalHeader + 100, journalHeader + 5000} {
		torn := bytes.Clone(before.journal)
		copy(torn[slot:], after.journal[slot:slot+written])
		if got := (crashed{after.store, torn}).reopened(t); got != "a=1.1 " {
			t.Errorf("%d bytes of the base written: got %q", written, got)
		}
	}
	if got := after.reopened(t); got != "a=1.1 " {
		t.Errorf("all of it written: got %q", got)
	}
}

func TestJournalIsKeptShort(t *testing.T) {
	t.Parallel()
	d, _ := newStore(t)
	defer d.close()
	for range 30 {
		put(t, d, "a", string(make([]byte, 200_000)))
	}
	if d.journal.tail-journalStart > journalFull {
		t.Errorf("its records take %d bytes", d.journal.tail-journalStart)
	}
	if d.journal.base < 2 {
		t.Error("it was not begun anew")
	}
}

func TestJournalOfAnotherStoreIsLeftAlone(t *testing.T) {
	t.Parallel()
	d, path := newStore(t)
	put(t, d, "a", "1")
	left := copyFiles(t, path)
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if got := (crashed{nil, left.journal}).reopened(t); got != "" {
		t.Errorf("a new store begins with %q", got)
	}
}
