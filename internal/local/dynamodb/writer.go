package dynamodb

import (
	"context"
	"fmt"

	"go.etcd.io/bbolt"
)

// maxBatch is how many writes may share one commit, and how many may wait for the next.
const maxBatch = 256

// effect is a change of the file that has been decided on. Only a fault of the storage makes it fail.
type effect func(*bbolt.Tx) error

// write is work for the writer goroutine. Its plan sees all writes before it, reads what it must, and either
// refuses or names its effects; as it changes nothing itself, a refusal leaves the others of the batch alone.
type write struct {
	plan  func(*bbolt.Tx) ([]effect, error)
	alone bool // changes the catalogue, so it has a commit for itself
	done  chan error
}

// submit hands work to the writer and waits until it is on disk, or refused. When ctx ends first the work may
// still be done, as with any request whose answer is lost.
func (e *Engine) submit(ctx context.Context, w *write) error {
	w.done = make(chan error, 1)
	select {
	case e.writes <- w:
	case <-e.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-e.stopped:
	}
	select { // the writer may have answered just before it stopped
	case err := <-w.done:
		return err
	default:
		return errClosed
	}
}

// runWriter owns the only write transaction. All writes that wait when one is committed form the next batch, so
// that the busier the engine is, the more of them share a sync.
func (e *Engine) runWriter() {
	defer close(e.stopped)
	for {
		select {
		case <-e.closing:
			return
		case w := <-e.writes:
			for w != nil {
				w = e.commit(w)
			}
		}
	}
}

// commit does a write together with others that wait, and returns one that must have its own commit next.
func (e *Engine) commit(first *write) (held *write) {
	b := batch{}
	b.tx, b.err = e.db.Begin(true)
	for w := first; w != nil; w = e.waiting() {
		if w.alone && w != first {
			held = w
			break
		}
		b.do(w)
		if w.alone || b.err != nil || len(b.writes) == maxBatch {
			break
		}
	}
	b.finish()
	if first.alone && b.err == nil {
		b.err = e.reloadCatalogue()
	}
	for i, w := range b.writes {
		if b.err != nil {
			w.done <- fmt.Errorf("commit: %w", b.err)
			continue
		}
		w.done <- b.refusals[i]
	}
	return held
}

// waiting takes a write that waits already.
func (e *Engine) waiting() *write {
	select {
	case w := <-e.writes:
		return w
	default:
		return nil
	}
}

// batch is writes in one transaction.
type batch struct {
	tx       *bbolt.Tx
	writes   []*write
	refusals []error // of each write
	changed  bool
	err      error // of the storage: none of the writes happened
}

func (b *batch) do(w *write) {
	b.writes = append(b.writes, w)
	b.refusals = append(b.refusals, nil)
	if b.err != nil {
		return
	}
	effects, err := plan(w, b.tx)
	if err != nil {
		b.refusals[len(b.refusals)-1] = err
		return
	}
	for _, apply := range effects {
		b.changed = true
		if b.err = apply(b.tx); b.err != nil {
			return
		}
	}
}

// plan runs a write's plan. A plan that panics has changed nothing: it fails alone, and is logged by its caller.
func plan(w *write, tx *bbolt.Tx) (effects []effect, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("plan write: panic: %v", fault)
		}
	}()
	return w.plan(tx)
}

// finish commits if anything changed: a batch of refusals and of writes without effect costs no sync.
func (b *batch) finish() {
	switch {
	case b.tx == nil:
	case b.err != nil || !b.changed:
		_ = b.tx.Rollback() // nothing to keep
	default:
		b.err = b.tx.Commit()
	}
}
