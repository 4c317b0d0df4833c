package main

import (
	"sync"
	"time"
)

const (
	// quiet is how long no garbage has been collected when work is said to be over.
	quiet = 2 * time.Second
	// worth is after how many bytes made there is something to give back. What is read from the program's file again, and
	// cleared again, costs some 10 ms, so at most half a per cent of one core.
	worth = 8 << 20
)

// rest has memory given back when work is over. Go's own runtime returns some of it, over minutes, and keeps as much as the
// work before has needed: a cloud that has developed an album would stay as large as it was then.
type rest struct {
	made     func() uint64 // how many bytes have ever been made, garbage included
	giveBack func()

	mu    sync.Mutex
	timer *time.Timer
	then  uint64 // how many were made when memory was last given back
}

// begin gives back what the start has needed, and has the rest told of every collection from now on.
func (r *rest) begin() {
	r.giveBack()
	r.then = r.made()
	afterEach(r.worked)
}

// worked tells that garbage was collected, and so that there is work.
func (r *rest) worked() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer == nil {
		r.timer = time.AfterFunc(quiet, r.over)
	}
	r.timer.Reset(quiet)
}

// over gives memory back, which collects garbage once more; that this is no work is seen by how little was made meanwhile.
func (r *rest) over() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.made()-r.then < worth {
		return
	}
	r.giveBack()
	r.then = r.made()
}
