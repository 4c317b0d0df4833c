// Package dynamodb answers DynamoDB's and DynamoDB Streams' JSON 1.0 wire protocols from one bbolt file.
package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/darkroom/darkroom/internal/local/buffer"
)

// The region and account that appear in ARNs and stream records. Requests signed for others are served alike.
const (
	Region  = "us-east-1"
	Account = "000000000000"
)

// Options are what an Engine takes from the outside world.
type Options struct {
	// Now tells the time of tables, stream records, expiry and tokens. nil means time.Now.
	Now func() time.Time
	// Log receives what no client can be told: storage errors and failed sweeps. nil discards them.
	Log *slog.Logger
}

// Engine is a DynamoDB endpoint over one file. It is an http.Handler, safe for concurrent use.
//
// A write is acknowledged only after it has been synced to disk. Writes waiting at the same time share
// one sync; reads run on snapshots and never wait for a write.
type Engine struct {
	now        func() time.Time
	log        *slog.Logger
	db         *durable
	catalogue  atomic.Pointer[catalogue]
	operations map[string]operation
	lent       buffer.Pool // what answers are written into

	writes  chan *write   // that wait to be committed
	touches atomic.Int64  // items read or written since pages were last shed
	turn    chan struct{} // held by whoever commits
	held    *write        // taken from writes, to be committed next; belongs to the holder of turn
	closing chan struct{} // closed by Close
	cancel  context.CancelFunc
	workers sync.WaitGroup
	once    sync.Once
}

// Open opens the database file at path, creating it when missing, and starts the engine's goroutine.
// It waits up to a second for another process to release the file. The caller must Close the engine.
func Open(path string, o Options) (*Engine, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db, err := openDurable(path)
	if err != nil {
		return nil, fmt.Errorf("open table store %s: %w", path, err)
	}
	e := &Engine{
		now: o.Now, log: o.Log, db: db,
		writes: make(chan *write, maxBatch), turn: make(chan struct{}, 1), closing: make(chan struct{}),
	}
	e.operations = e.newOperations()
	if err := e.reloadCatalogue(); err != nil {
		return nil, fmt.Errorf("read tables of %s: %w", path, errors.Join(err, db.close()))
	}
	if err := e.db.View(shed); err != nil { // opening may have read all of it
		return nil, fmt.Errorf("open table store %s: %w", path, errors.Join(err, db.close()))
	}
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	e.workers.Go(func() { e.runJanitor(ctx) })
	return e, nil
}

// Close refuses further writes, waits for the engine's goroutine and for a commit under way, and closes the file.
// Requests still being served answer an internal error. It may be called more than once.
func (e *Engine) Close() error {
	var err error
	e.once.Do(func() {
		e.cancel()
		close(e.closing)
		e.workers.Wait()
		e.turn <- struct{}{} // a commit under way ends first; no other will begin
		if err = e.db.close(); err != nil {
			err = fmt.Errorf("close table store: %w", err)
		}
	})
	return err
}
