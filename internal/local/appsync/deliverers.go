package appsync

import "sync"

// deliverers write what was published: a few goroutines that go from one subscriber to the next and never wait for any.
// While they are at it, further events gather for those whose turn has not come, and are written to them together: the
// more there is to do, the less each event costs.
type deliverers struct {
	most int // that work at once

	mu      sync.Mutex
	turns   []*outbox // owned; the longest waiting first
	working int
	all     sync.WaitGroup
}

// add gives outboxes their turn.
func (d *deliverers) add(owned []*outbox) {
	if len(owned) == 0 {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.turns = append(d.turns, owned...)
	for d.working < min(d.most, len(d.turns)) {
		d.working++
		d.all.Go(d.work)
	}
}

func (d *deliverers) work() {
	var buffer []byte
	for o := d.next(); o != nil; o = d.next() {
		if cap(buffer) > 2*batchBytes {
			buffer = nil
		}
		buffer = o.deliver(buffer)
	}
}

// next is whose turn it is; nil where there is nothing left to do.
func (d *deliverers) next() *outbox {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.turns) == 0 {
		d.turns = nil
		d.working--
		return nil
	}
	o := d.turns[0]
	d.turns[0] = nil
	d.turns = d.turns[1:]
	return o
}

// wait returns when all work is done. Nothing may be added meanwhile.
func (d *deliverers) wait() { d.all.Wait() }
