package websocket

import (
	"encoding/binary"
	"fmt"
	"net"
	"slices"
)

// Conn is a connection that is open. Next may be called by one goroutine at a time. What is written must be whole frames,
// made by AppendFrame, and whole in each write, so that those of several goroutines do not mix.
type Conn struct {
	net.Conn
	early   []byte  // came with the handshake
	head    [8]byte // of the frame that is read: here, so that waiting needs little stack
	kind    Op      // of the message whose first fragments have been read
	partial []byte  // these
}

// Error is what a client did against the protocol. The connection is to be closed with the code.
type Error struct {
	Code   Code
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("websocket: %s (%d)", e.Reason, e.Code) }

// frame is the beginning of one.
type frame struct {
	final bool
	op    Op
	size  uint64
	mask  [4]byte
}

// Next is the next message of at most limit bytes, or the next control frame, which may come within a message: the caller
// answers Ping with Pong, and Close with Echo and nothing after it. An *Error is to be answered by closing; any other means
// that the connection is gone.
func (c *Conn) Next(limit int) (Op, []byte, error) {
	for {
		f, err := c.begin(limit)
		if err != nil {
			return 0, nil, err
		}
		if f.op.control() {
			payload, err := c.payload(nil, f)
			return f.op, payload, err
		}
		if f.op != continuation {
			c.kind = f.op
		}
		if c.partial, err = c.payload(c.partial, f); err != nil {
			return 0, nil, err
		}
		if f.final {
			kind, message := c.kind, c.partial
			c.kind, c.partial = continuation, nil
			return kind, message, nil
		}
	}
}

// begin reads the beginning of a frame, and sees that it may come now.
func (c *Conn) begin(limit int) (frame, error) {
	f, err := c.header()
	if err != nil {
		return f, err
	}
	switch {
	case !f.op.known():
		err = &Error{ProtocolError, "unknown kind of frame"}
	case f.op.control() && (!f.final || f.size > maxControl):
		err = &Error{ProtocolError, "control frame too long or in fragments"}
	case f.op == continuation && c.kind == continuation:
		err = &Error{ProtocolError, "nothing to continue"}
	case !f.op.control() && f.op != continuation && c.kind != continuation:
		err = &Error{ProtocolError, "message within a message"}
	case !f.op.control() && f.size > uint64(limit-len(c.partial)):
		err = &Error{MessageTooBig, "message too big"}
	}
	return f, err
}

func (c *Conn) header() (f frame, err error) {
	if err := c.fill(c.head[:2]); err != nil {
		return f, err
	}
	first, second := c.head[0], c.head[1]
	f.final, f.op, f.size = first&finalBit != 0, Op(first&0x0f), uint64(second&0x7f)
	if first&0x70 != 0 {
		return f, &Error{ProtocolError, "reserved bits are set"}
	}
	if second&0x80 == 0 {
		return f, &Error{ProtocolError, "a client's frames must be masked"}
	}
	switch f.size {
	case 126:
		if err := c.fill(c.head[:2]); err != nil {
			return f, err
		}
		f.size = uint64(binary.BigEndian.Uint16(c.head[:2]))
	case 127:
		if err := c.fill(c.head[:8]); err != nil {
			return f, err
		}
		f.size = binary.BigEndian.Uint64(c.head[:8])
	}
	if err := c.fill(c.head[:4]); err != nil {
		return f, err
	}
	copy(f.mask[:], c.head[:4])
	return f, nil
}

// payload appends a frame's to what there is. Room is made as it comes: a length alone is only a promise.
func (c *Conn) payload(to []byte, f frame) ([]byte, error) {
	const step = 4 << 10
	start := len(to)
	for left := f.size; left > 0; {
		n, at := int(min(left, step)), len(to)
		to = slices.Grow(to, n)[:at+n]
		if err := c.fill(to[at:]); err != nil {
			return nil, err
		}
		left -= uint64(n)
	}
	for i := range to[start:] {
		to[start+i] ^= f.mask[i%4]
	}
	return to, nil
}

// fill reads until b is full.
func (c *Conn) fill(b []byte) error {
	if n := copy(b, c.early); n > 0 {
		b, c.early = b[n:], c.early[n:]
	}
	for len(b) > 0 {
		n, err := c.Conn.Read(b)
		if b = b[n:]; err != nil && len(b) > 0 {
			return err
		}
	}
	return nil
}
