package eventsource

import (
	"context"
	"sync"
)

// bell wakes everybody who waits for the next ring.
type bell struct {
	mu   sync.Mutex
	rung chan struct{}
}

func newBell() *bell { return &bell{rung: make(chan struct{})} }

// next is closed at the next ring. Taken before looking for work, it cannot
// miss a ring that comes after.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rung
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.rung)
	b.rung = make(chan struct{})
}

// forward rings for each signal until ctx ends or the signals do.
func (b *bell) forward(ctx context.Context, signals <-chan struct{}) {
	for {
		select {
		case _, ok := <-signals:
			if !ok {
				return
			}
			b.ring()
		case <-ctx.Done():
			return
		}
	}
}
