package dynamodb

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

func TestClosedStoreIsOneFile(t *testing.T) {
	t.Parallel()
	d, path := newStore(t)
	put(t, d, "a", "1")
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(journalPath(path)); err == nil {
		t.Error("a journal is left")
	}
	if got := opened(t, path); got != "a=1.1 " {
		t.Errorf("got %q", got)
	}
}

// TestStoreWithoutJournal opens what a crash left as a system does that has not the addresses for a journal.
func TestStoreWithoutJournal(t *testing.T) {
	t.Parallel()
	d, path := newStore(t)
	defer d.close()
	put(t, d, "a", "1")
	path = copyFiles(t, path).written(t)
	bare, err := openMapped(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	put(t, bare, "b", "2")
	if err := bare.close(); err != nil {
		t.Fatal(err)
	}
	if got := opened(t, path); got != "a=1.1 b=1.2 " {
		t.Errorf("got %q", got)
	}
}

func TestCommitThatBboltRefusesIsTakenBack(t *testing.T) {
	t.Parallel()
	d, path := newStore(t)
	defer d.close()
	put(t, d, "a", "1")
	tx, err := d.Begin(true)
	if err != nil {
		t.Fatal(err)
	}
	ed := newEditor(tx)
	if err := ed.put(bucketSizes, []byte("b"), make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	d.MaxSize = 1 << 20 // as a full disk
	if err := d.commit(ed, false); err == nil {
		t.Fatal("a commit that has no room was made")
	}
	d.MaxSize = 0
	put(t, d, "c", "3")
	if got := copyFiles(t, path).reopened(t); got != "a=1.1 c=1.3 " {
		t.Errorf("got %q", got)
	}
}

func TestStoreWhoseJournalFailsTakesNothingMore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tables.db")
	e, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	plan := func(*bbolt.Tx) ([]effect, error) {
		return []effect{func(ed *editor) error { return ed.put(bucketSizes, []byte("a"), []byte("1")) }}, nil
	}
	if err := e.db.journal.file.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := e.submit(t.Context(), &write{plan: plan}); !errors.Is(err, os.ErrClosed) {
			t.Errorf("got %v", err)
		}
	}
	if err := e.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closing tells %v", err)
	}
	if got := opened(t, path); got != "" {
		t.Errorf("got %q", got)
	}
}
