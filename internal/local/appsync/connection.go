package appsync

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"time"

	"github.com/coder/websocket"
)

const requestTimeout = 30 * time.Second // for one request, or one start frame

// connection is one socket. One goroutine reads it, and another writes as long as there is something to write; both have
// ended when serve returns. It lives until one side closes it: as on AppSync, a token is checked when a connection is
// made and when a subscription starts, and a subscription survives the expiry of the token that it started with.
type connection struct {
	api    *API
	socket *websocket.Conn
	wire   net.Conn // under the socket
	from   string
	out    outbox
	ctx    context.Context // ends with the connection, its cause says why
	end    context.CancelCauseFunc
	alive  *time.Timer              // sends keep-alives
	subs   map[string]*subscription // guarded by the registry's lock
}

func newConnection(a *API, socket *websocket.Conn, wire net.Conn, from string) *connection {
	c := &connection{api: a, socket: socket, wire: wire, from: from, subs: map[string]*subscription{}}
	c.ctx, c.end = context.WithCancelCause(a.ctx)
	c.out = outbox{socket: wire, spare: &a.buffers, fail: c.fail}
	c.alive = time.AfterFunc(time.Hour, c.keepAlive) // serve sets it
	c.alive.Stop()
	return c
}

// serve handles the connection until it ends, and leaves nothing of it behind.
func (c *connection) serve() {
	left := make(chan struct{})
	stay := context.AfterFunc(c.api.ctx, func() {
		defer close(left)
		_ = c.socket.Close(websocket.StatusGoingAway, "closing")
	})
	c.alive.Reset(c.api.opts.KeepAlive)
	c.read()
	c.end(errGone)
	if !stay() {
		<-left
	}
	c.alive.Stop()
	c.api.registry.drop(c)
	_ = c.socket.CloseNow()
	c.out.close()
	if reason := context.Cause(c.ctx); errors.Is(reason, errSlow) {
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
		// A resolver needs a deep stack, which this goroutine would keep for as long as the socket is open.
		started := make(chan error)
		go func() { started <- c.start(frame) }()
		if err := <-started; err != nil {
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

// send queues a frame, and never waits.
func (c *connection) send(frame serverFrame) { c.post(message{head: frame.append(nil)}) }

// post queues a message: a client that does not keep up is dropped, so that no other waits for it.
func (c *connection) post(m message) {
	if err := c.out.put(m); err != nil {
		c.fail(err)
	}
}

// fail cuts the socket, and with it its reader and its writer.
func (c *connection) fail(reason error) {
	c.end(reason)
	_ = c.wire.Close()
}

func (c *connection) keepAlive() {
	c.send(serverFrame{Type: frameKeepAlive})
	c.alive.Reset(c.api.opts.KeepAlive)
}
