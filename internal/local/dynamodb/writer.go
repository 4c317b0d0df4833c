package dynamodb

import (
	"context"
	"fmt"
	"sync/atomic"

	"go.etcd.io/bbolt"
)

const (
	maxBatch      = 256     // writes that may share one commit, and that may wait for the next
	maxBatchBytes = 1 << 20 // of edits, beyond which no further write joins them
)

// effect is a change of the file that has been decided on. Only a fault of the storage makes it fail.
type effect func(*editor) error

// write is work for the one transaction that may write. Its plan sees all writes before it, reads what it must,
// and either refuses or names its effects; as it changes nothing itself, a refusal leaves the others alone.
type write struct {
	plan  func(*bbolt.Tx) ([]effect, error)
	alone bool // changes the catalogue, so it has a commit for itself

	done      chan error
	abandoned atomic.Bool // nobody waits for it any more
}

// submit waits until the work is on disk, or refused. When ctx ends first nobody knows whether it has been done,
// as with any request whose answer is lost.
//
// There is no goroutine for writing: whoever finds the file free commits all writes that wait, its own among
// them. The busier the engine is, the more writes share a sync; a lone one is done without being handed over.
func (e *Engine) submit(ctx context.Context, w *write) error {
	w.done = make(chan error, 1)
	select {
	case e.writes <- w:
	case <-e.closing:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		select {
		case err := <-w.done:
			return err
		case <-ctx.Done():
			w.abandoned.Store(true)
			return ctx.Err()
		case <-e.closing:
			return errClosed
		case e.turn <- struct{}{}:
			e.commit()
			<-e.turn
		}
	}
}

// commit does the writes that wait, at most a batch of them.
func (e *Engine) commit() {
	first := e.nextWrite()
	if first == nil {
		return
	}
	b := e.beginBatch()
	for w := first; w != nil; w = e.nextWrite() {
		if w.alone && w != first {
			e.held = w
			break
		}
		b.do(w)
		if w.alone || b.full() {
			break
		}
	}
	if b.err == nil {
		b.err = e.touched(b.tx, b.effects)
	}
	if b.finish(e.db, first.alone); first.alone && b.err == nil {
		b.err = e.reloadCatalogue()
	}
	for i, w := range b.writes {
		if b.err != nil {
			w.done <- fmt.Errorf("commit: %w", b.err)
			continue
		}
		w.done <- b.refusals[i]
	}
}

// nextWrite takes a write that waits, nil when none does. Only the holder of the turn may call it.
func (e *Engine) nextWrite() *write {
	if w := e.held; w != nil {
		e.held = nil
		return w
	}
	select {
	case w := <-e.writes:
		return w
	default:
		return nil
	}
}

// batch is writes in one transaction.
type batch struct {
	*editor
	writes   []*write
	refusals []error // of each write
	effects  int
	err      error // of the storage: none of the writes happened
}

func (e *Engine) beginBatch() *batch {
	b := &batch{err: e.db.broken}
	if b.err != nil {
		return b
	}
	tx, err := e.db.Begin(true)
	if err != nil {
		b.err = err
		return b
	}
	b.editor = newEditor(tx)
	return b
}

// full tells whether no more writes shall be in the batch.
func (b *batch) full() bool {
	return b.err != nil || len(b.writes) == maxBatch || len(b.record) >= maxBatchBytes
}

func (b *batch) do(w *write) {
	b.writes = append(b.writes, w)
	b.refusals = append(b.refusals, nil)
	if b.err != nil || w.abandoned.Load() {
		return
	}
	var effects []effect
	err := safely(func() (err error) {
		effects, err = w.plan(b.tx)
		return err
	})
	if err != nil {
		b.refusals[len(b.refusals)-1] = err
		return
	}
	for _, apply := range effects {
		b.effects++
		if b.err = safely(func() error { return apply(b.editor) }); b.err != nil {
			return
		}
	}
}

// safely turns a panic into an error, so that a fault in one write neither keeps the turn nor the transaction.
func safely(do func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panic: %v", fault)
		}
	}()
	return do()
}

// finish commits if anything changed: a batch of refusals and of writes without effect costs no sync.
func (b *batch) finish(db *durable, restructure bool) {
	switch {
	case b.editor == nil:
	case b.err != nil || b.effects == 0:
		_ = b.tx.Rollback() // nothing to keep
	default:
		b.err = db.commit(b.editor, restructure)
	}
}
