// Package eventsource carries events from queues, table streams and the clock
// to functions, as Lambda's event source mappings and EventBridge do.
//
// A mapping promises what AWS promises and no more: each event is delivered at
// least once; a queue's in any order, a shard's in its order. What a function
// did not take comes again.
package eventsource

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Invoker runs a function on the JSON of an event. An error means that the
// function failed, or did not run at all: either way the event is not taken.
type Invoker interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Mapping is a source that is being carried to a function.
type Mapping struct {
	stopPolling  context.CancelFunc
	stopInvoking context.CancelFunc
	done         chan struct{}
}

// begin runs a mapping until its first context ends. The second one, which
// outlives it, is for invocations.
func begin(run func(poll, invoke context.Context)) *Mapping {
	invoke, stopInvoking := context.WithCancel(context.Background())
	poll, stopPolling := context.WithCancel(invoke)
	m := &Mapping{stopPolling: stopPolling, stopInvoking: stopInvoking, done: make(chan struct{})}
	go func() {
		defer close(m.done)
		run(poll, invoke)
	}()
	return m
}

// Close takes no further events and waits for the invocations under way. When
// ctx ends it gives them up, so that their events come again.
func (m *Mapping) Close(ctx context.Context) error {
	defer m.stopInvoking()
	m.stopPolling()
	select {
	case <-m.done:
		return nil
	case <-ctx.Done():
		m.stopInvoking()
		<-m.done
		return fmt.Errorf("close an event source mapping: %w", ctx.Err())
	}
}

const (
	firstPause = 50 * time.Millisecond
	maxPause   = 10 * time.Second
)

// pause waits before another attempt, longer after each failure, and less than
// that by a random part. It tells whether to go on.
func pause(ctx context.Context, failures int) bool {
	d := maxPause
	if failures < 8 {
		d = firstPause << failures
	}
	return sleep(ctx, d/2+rand.N(d/2))
}

// sleep waits for d, or until ctx ends, and tells whether to go on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
