package appsync

import (
	"encoding/binary"
	"errors"
	"net"
	"os"
	"sync"
	"time"
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

// message is the text of one frame in two halves: what is the client's own, and what thousands may share. Neither is
// ever changed.
type message struct{ head, tail []byte }

func (m message) size() int { return len(m.head) + len(m.tail) }

// outbox is what waits to be written to one socket. A goroutine writes it as long as something waits, and all that waits
// at once in as few writes as possible: an idle client costs neither a goroutine nor a buffer, and many events in a row
// cost little more than one.
//
// It frames messages itself: the WebSocket library would make a system call of each. What the library writes beside it
// (pongs, the closing handshake) are single writes as well, so that frames never mix.
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

// close takes nothing more, and returns when nothing is being written. The socket must be closed before.
func (o *outbox) close() {
	o.mu.Lock()
	o.closed, o.waiting = true, nil
	o.mu.Unlock()
	o.writer.Wait()
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
			b = appendFrame(b, batch[0])
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
	_ = o.socket.SetWriteDeadline(time.Time{}) // the library's writes have their own; a closed socket shows at the next
	return nil
}

// appendFrame writes a message as an unfragmented text frame (RFC 6455, section 5.2); a server's is not masked.
func appendFrame(b []byte, m message) []byte {
	const final, text = 0x80, 0x1
	b = append(b, final|text)
	switch n := m.size(); {
	case n <= 125:
		b = append(b, byte(n))
	case n <= 1<<16-1:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	b = append(b, m.head...)
	return append(b, m.tail...)
}
