package dynamodb

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
)

const lockWait = time.Second

// durable is bbolt's file and the journal before it.
type durable struct {
	*bbolt.DB
	mapped  int64     // bytes that bbolt maps
	file    *os.File  // bbolt's
	journal *journal  // nil where there is none, and bbolt syncs each commit itself
	pin     *bbolt.Tx // keeps the pages of the journal's base; nil while bbolt syncs
	broken  error     // of the storage: what it holds is known again after opening it anew
}

// openDurable opens the file, makes the commits of its journal again, and makes sure of its fixed buckets.
func openDurable(path string) (d *durable, err error) {
	for _, size := range mapSizes() {
		if d, err = openMapped(path, size); !errors.Is(err, syscall.ENOMEM) {
			break
		}
	}
	return d, err
}

// openMapped keeps the list of free pages out of the file: it would be written at every commit, and can be found again should
// nobody have closed the file.
func openMapped(path string, size int) (*durable, error) {
	d := &durable{mapped: int64(size)}
	var commits [][]byte
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: lockWait, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType, NoStatistics: true,
		InitialMmapSize: size,
		OpenFile: func(path string, flag int, mode os.FileMode) (_ *os.File, err error) {
			d.file, commits, err = openBase(path, flag, mode)
			return d.file, err
		},
	})
	if err != nil {
		return nil, err
	}
	d.DB = db
	if err := d.Update(func(tx *bbolt.Tx) error { // one commit: a second might reuse pages of the base
		return errors.Join(makeBuckets(tx), replay(tx, commits))
	}); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if size == 0 {
		if err := dropJournal(path); err != nil {
			return nil, errors.Join(err, db.Close())
		}
		return d, nil
	}
	if d.journal, err = createJournal(path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := d.restart(); err != nil {
		return nil, errors.Join(err, d.journal.close(false), db.Close())
	}
	return d, nil
}

// openBase opens bbolt's file and makes it what it was at its journal's base. The commits since are to be made again.
func openBase(path string, flag int, mode os.FileMode) (file *os.File, commits [][]byte, err error) {
	if file, err = os.OpenFile(path, flag, mode); err != nil {
		return nil, nil, err
	}
	if err = lock(file); err == nil {
		commits, err = restore(file, path)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, commits, nil
}

func restore(file *os.File, path string) (commits [][]byte, err error) {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return nil, err // a new file: a journal can only be another's
	}
	metas, commits, err := readJournal(path)
	if err != nil || metas == nil {
		return nil, err
	}
	if _, err := file.WriteAt(metas, 0); err != nil {
		return nil, fmt.Errorf("write meta pages back: %w", err)
	}
	if err := file.Sync(); err != nil {
		return nil, fmt.Errorf("write meta pages back: %w", err)
	}
	return commits, nil
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{bucketTables, bucketStreams, bucketTokens, bucketTokenTimes, bucketSizes} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

// restart syncs bbolt's file and begins the journal anew.
func (d *durable) restart() error {
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync table store: %w", err)
	}
	if err := d.journal.begin(d.file, d.Info().PageSize); err != nil {
		return err
	}
	pin, err := d.Begin(false)
	if err != nil {
		return err
	}
	if d.pin != nil {
		_ = d.pin.Rollback() // ending a reader cannot fail
	}
	d.pin, d.NoSync = pin, true
	return nil
}

// commit makes what an editor changed durable, and visible after that. restructure is set of changes that the journal cannot
// tell: of buckets.
func (d *durable) commit(ed *editor, restructure bool) error {
	if d.journal == nil {
		return ed.tx.Commit()
	}
	if restructure || !d.fits(ed) {
		return d.commitSynced(ed.tx)
	}
	if err := d.journal.append(ed.record); err != nil {
		d.broken = err // it may have become durable
		return errors.Join(err, ed.tx.Rollback())
	}
	if err := ed.tx.Commit(); err != nil {
		d.broken = d.journal.takeBack()
		return err
	}
	if d.journal.full() {
		d.broken = d.restart()
	}
	return nil
}

// fits tells whether a commit surely stays within what is mapped: it writes no page that is there more than once, and four
// times its own bytes are enough for the rest.
func (d *durable) fits(ed *editor) bool {
	return 2*ed.tx.Size()+4*int64(len(ed.record))+64<<20 < d.mapped
}

// commitSynced commits as bbolt does by itself. Before and after it the file needs no journal.
func (d *durable) commitSynced(tx *bbolt.Tx) error {
	if err := d.settle(); err != nil {
		d.broken = err
		return errors.Join(err, tx.Rollback())
	}
	err := tx.Commit()
	d.broken = d.restart()
	return err
}

// settle leaves all to bbolt: its file is the base, and what it commits it syncs.
func (d *durable) settle() error {
	if d.journal != nil && d.journal.tail > journalStart {
		if err := d.restart(); err != nil {
			return err
		}
	}
	if d.pin != nil {
		_ = d.pin.Rollback() // ending a reader cannot fail
	}
	d.pin, d.NoSync = nil, false
	return nil
}

// close leaves one synced file. The list of free pages goes into it this once, which spares the next opening the search for
// them.
func (d *durable) close() error {
	err := d.broken
	if err == nil {
		err = d.settle()
	}
	if err != nil { // the journal tells the next opening what was committed
		if d.pin != nil {
			err = errors.Join(err, d.pin.Rollback())
		}
		return errors.Join(err, d.journal.close(false), d.DB.Close())
	}
	d.NoFreelistSync = false
	err = d.Update(func(*bbolt.Tx) error { return nil })
	if d.journal != nil {
		err = errors.Join(err, d.journal.close(err == nil))
	}
	return errors.Join(err, d.DB.Close())
}
