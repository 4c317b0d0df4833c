package appsync

import (
	"errors"
	"net"
	"os"
	"sync"
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

// outbox is what waits to be written to one socket. A goroutine writes it as long as something waits, and all that waits
// at once in as few writes as possible: an idle client costs neither a goroutine nor a buffer, and many events in a row
// cost little more than one.
type outbox struct {
	socket net.Conn
	spare  *sync.Pool  // of *[]byte, for what is being written
	fail   func(error) // is told why nothing more can be written, at most once

	mu      sync.Mutex
	waiting []message
	busy    bool // a goroutine writes, or has failed
	closed  bool
	writer  sync.WaitGroup
}

// put queues a message, and never waits. It refuses where too many wait already.
func (o *outbox) put(m message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil // to a client that has gone
	}
	if len(o.waiting) >= queueLength {
		return errSlow
	}
	o.waiting = append(o.waiting, m)
	if !o.busy {
		o.busy = true
		o.writer.Add(1)
		go o.drain()
	}
	return nil
}

// close takes nothing more, and returns when what waited has been written, or cannot be.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	o.writer.Wait()
}

func (o *outbox) over() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.closed
}

// drain writes until nothing waits.
func (o *outbox) drain() {
	defer o.writer.Done()
	buffer, _ := o.spare.Get().(*[]byte)
	if buffer == nil {
		buffer = new([]byte)
	}
	for batch := o.take(); batch != nil; batch = o.take() {
		if err := o.write(batch, buffer); err != nil {
			o.fail(err)
			break
		}
	}
	if cap(*buffer) <= 2*batchBytes {
		o.spare.Put(buffer)
	}
}

// take is all that waits; where that is nothing, the goroutine that asked is done.
func (o *outbox) take() []message {
	o.mu.Lock()
	defer o.mu.Unlock()
	batch := o.waiting
	o.waiting, o.busy = nil, batch != nil
	return batch
}

func (o *outbox) write(batch []message, buffer *[]byte) error {
	for len(batch) > 0 {
		b := (*buffer)[:0]
		for len(batch) > 0 && (len(b) == 0 || len(b)+batch[0].size() <= batchBytes) {
			b = websocket.AppendFrame(b, batch[0].op, batch[0].head, batch[0].tail)
			batch = batch[1:]
		}
		*buffer = b
		if err := o.flush(b); err != nil {
			return err
		}
	}
	return nil
}

func (o *outbox) flush(b []byte) error {
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
	return nil
}
