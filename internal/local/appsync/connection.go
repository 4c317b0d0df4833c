package appsync

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/coder/websocket"
)

const (
	queueLength    = 256              // frames that may wait for a slow client
	keptBuffer     = 16 << 10         // of a larger one, a connection lets go after the frame
	writeTimeout   = 10 * time.Second // for one frame
	requestTimeout = 30 * time.Second // for one request, or one start frame
)

var (
	errSlow = errors.New("slow subscriber: it does not keep up with its events")
	errGone = errors.New("client gone")
)

// connection is one socket. Its caller reads, one goroutine writes, and both end before serve returns. It lives until
// one side closes it: as on AppSync, a token is checked when a connection is made and when a subscription starts, and
// a subscription survives the expiry of the token that it started with.
type connection struct {
	api    *API
	socket *websocket.Conn
	from   string
	out    chan serverFrame
	ctx    context.Context // ends with the connection, its cause says why
	end    context.CancelCauseFunc
	uncut  context.Context // of a frame being written: ends only where that must be cut short
	cut    context.CancelFunc
	subs   map[string]*subscription // guarded by the registry's lock
}

func newConnection(a *API, socket *websocket.Conn, from string) *connection {
	ctx, end := context.WithCancelCause(a.ctx)
	uncut, cut := context.WithCancel(context.Background())
	return &connection{
		api: a, socket: socket, from: from, ctx: ctx, end: end, uncut: uncut, cut: cut,
		out: make(chan serverFrame, queueLength), subs: map[string]*subscription{},
	}
}

// serve handles the connection until it ends, and leaves nothing of it behind.
func (c *connection) serve() {
	ended := make(chan error, 1)
	go func() { ended <- c.write() }()
	c.read()
	c.end(errGone)
	c.cut()
	c.api.registry.drop(c)
	if reason := <-ended; errors.Is(reason, errSlow) {
		c.api.opts.Log.Warn("appsync: connection dropped", "from", c.from, "reason", reason)
	}
}

// read handles frames until the socket is closed, by either side.
func (c *connection) read() {
	c.socket.SetReadLimit(maxFrame)
	for {
		// The context is not the connection's: ending that would cut the socket without the closing handshake.
		kind, raw, err := c.socket.Read(context.Background())
		if err != nil {
			return
		}
		var frame clientFrame
		if kind != websocket.MessageText || json.Unmarshal(raw, &frame) != nil {
			c.send(errorFrame("", &protocolError{Type: typeBadRequest, Message: "A frame must be a JSON object in text."}))
			continue
		}
		c.handle(frame)
	}
}

func (c *connection) handle(frame clientFrame) {
	switch frame.Type {
	case frameInit:
		c.send(ackFrame(c.api.opts.ConnectionTimeout))
	case frameStart:
		if err := c.start(frame); err != nil {
			c.send(errorFrame(frame.ID, err))
		}
	case frameStop:
		c.send(c.api.registry.remove(c, frame.ID))
	default:
		c.send(errorFrame(frame.ID, &protocolError{
			Type: typeUnsupported, Message: "unknown not supported through the realtime channel",
		}))
	}
}

// send queues a frame, and never waits: a client that does not keep up is dropped, so that no other waits for it.
func (c *connection) send(frame serverFrame) {
	select {
	case c.out <- frame:
	default:
		c.end(errSlow)
		c.cut()
	}
}

// write sends what is queued, and a keep-alive now and then, until the connection ends. It answers why it did.
func (c *connection) write() error {
	keepAlive := time.NewTicker(c.api.opts.KeepAlive)
	defer keepAlive.Stop()
	var buffer []byte
	for {
		frame := serverFrame{Type: frameKeepAlive}
		select {
		case <-c.ctx.Done():
			return c.close(context.Cause(c.ctx))
		case frame = <-c.out:
		case <-keepAlive.C:
		}
		if cap(buffer) > keptBuffer {
			buffer = nil
		}
		buffer = frame.append(buffer[:0])
		ctx, cancel := context.WithTimeout(c.uncut, writeTimeout)
		err := c.socket.Write(ctx, websocket.MessageText, buffer)
		cancel()
		switch {
		case err == nil:
		case errors.Is(err, context.DeadlineExceeded):
			return c.close(errSlow)
		default:
			c.end(errGone) // unless it was cut short, and has a cause already
		}
	}
}

// close ends the socket, and with it the reader: politely where the API is being closed, else at once.
func (c *connection) close(reason error) error {
	c.end(reason)
	if errors.Is(reason, errClosed) {
		_ = c.socket.Close(websocket.StatusGoingAway, "closing")
	}
	_ = c.socket.CloseNow()
	return reason
}
