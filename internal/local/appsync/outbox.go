package appsync

import (
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/darkroom/darkroom/internal/local/websocket"
)

const (
	queueLength  = 256              // messages that may wait for a slow client
	batchBytes   = 16 << 10         // that are gathered for one write; a larger message is written alone
	writeTimeout = 10 * time.Second // for one write
)

var (
	errSlow = errors.New("slow subscriber: it does not keep up with its events")
	errGone = errors.New("client gone")
)

// message is one frame, its payload in two halves: what is the client's own, and what thousands may share. Neither is ever
// changed.
type message struct {
	op         websocket.Op
	head, tail []byte
}

func (m message) size() int { return len(m.head) + len(m.tail) }

// outbox is what waits to be written to one socket, all of it in as few writes as possible. Somebody owns it while
// something waits: a deliverer, or, where the socket does not take everything at once, a goroutine of its own. An idle
// client costs neither a goroutine nor a buffer.
type outbox struct {
	socket net.Conn
	raw    syscall.RawConn // of the socket; nil where it cannot be written without waiting
	fail   func(error)     // is told why nothing more can be written, at most once

	mu      sync.Mutex
	waiting []message
	owned   bool // or has failed
	closed  bool
	owners  sync.WaitGroup
}

// put queues a message, and never waits. It refuses where too many wait already. If nobody owned the outbox, the caller
// does, and must let it be written.
func (o *outbox) put(m message) (owner bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false, nil // to a client that has gone
	}
	if len(o.waiting) >= queueLength {
		return false, errSlow
	}
	o.waiting = append(o.waiting, m)
	if o.owned {
		return false, nil
	}
	o.owned = true
	o.owners.Add(1)
	return true, nil
}

// close takes nothing more, and returns when what waited has been written, or cannot be.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.owners.Wait()
}

func (o *outbox) over() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed
}

// take is all that waits; where that is nothing, the owner is no longer.
func (o *outbox) take() []message {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.waiting
	o.waiting, o.owned = nil, batch != nil
	return batch
}

// deliver writes what waits without ever waiting itself: what the socket does not take at once is left to another
// goroutine. It answers the buffer for the next one.
func (o *outbox) deliver(buffer []byte) []byte {
	for batch := o.take(); batch != nil; batch = o.take() {
		for len(batch) > 0 {
			buffer, batch = gather(buffer[:0], batch)
			if n := o.try(buffer); n < len(buffer) {
				go o.drain(slices.Clone(buffer[n:]), batch)
				return buffer
			}
		}
	}
	o.owners.Done()
	return buffer
}

// try writes as much as the socket takes at once.
func (o *outbox) try(b []byte) int {
	if o.raw == nil {
		return 0
	}
	return tryWrite(o.raw, b)
}

// drain writes until nothing waits, and gives a client that takes too long up: first the rest of a write, then the rest of
// a batch.
func (o *outbox) drain(b []byte, batch []message) {
	defer o.owners.Done()
	if batch == nil {
		batch = o.take()
	}
	for len(b) > 0 || batch != nil {
		if len(b) == 0 && len(batch) > 0 {
			b, batch = gather(nil, batch)
		}
		if err := o.write(b); err != nil {
			o.fail(err)
			return
		}
		if b = nil; len(batch) == 0 {
			batch = o.take()
		}
	}
}

func (o *outbox) write(b []byte) error {
	if err := o.socket.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return errGone
	}
	_, err := o.socket.Write(b)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSlow
	case err != nil:
		return errGone
	}
	_ = o.socket.SetWriteDeadline(time.Time{}) // or try would fail when it has passed
	return nil
}

// gather frames the first messages of a batch for one write, and answers those that are left.
func gather(b []byte, batch []message) ([]byte, []message) {
	n := 0
	for n < len(batch) && (n == 0 || len(b)+batch[n].size() <= batchBytes) {
		b = websocket.AppendFrame(b, batch[n].op, batch[n].head, batch[n].tail)
		n++
	}
	return b, batch[n:]
}
