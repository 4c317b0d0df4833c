package appsync

import (
	"encoding/json"
	"errors"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/darkroom/darkroom/internal/local/websocket"
)

const (
	requestTimeout = 30 * time.Second // for one request, or one start frame
	closeTimeout   = 5 * time.Second  // for a client to answer that the socket is being closed
)

// connection is one socket. One goroutine waits for what the client says, and another writes as long as there is
// something to write; both have ended when done is called. It lives until one side closes it: as on AppSync, a token is
// checked when a connection is made and when a subscription starts, and a subscription survives the expiry of the token
// that it started with.
type connection struct {
	api     *API
	socket  *websocket.Conn
	from    string
	done    func()
	out     outbox
	alive   *time.Timer              // sends keep-alives
	slow    atomic.Bool              // it was cut since it did not keep up
	leaving atomic.Bool              // it was told that the API is being closed
	subs    map[string]*subscription // guarded by the registry's lock
}

func newConnection(a *API, socket *websocket.Conn, from string, done func()) *connection {
	c := &connection{api: a, socket: socket, from: from, done: done, subs: map[string]*subscription{}}
	c.out = outbox{socket: socket, fail: c.fail}
	if plain, ok := socket.Conn.(syscall.Conn); ok { // TLS is not
		c.out.raw, _ = plain.SyscallConn() // without it, writing waits in a goroutine
	}
	c.alive = time.AfterFunc(time.Hour, c.keepAlive) // serve sets it
	c.alive.Stop()
	return c
}

// serve begins to handle the connection.
func (c *connection) serve() {
	c.alive.Reset(c.api.opts.KeepAlive)
	if !c.api.enter(c) {
		c.leave()
	}
	go c.next()
}

// next handles what the client says next, and leaves what it says then to a new goroutine: that waits with the smallest
// stack, while one that has run a resolver would keep a deep one for as long as the socket is open.
func (c *connection) next() {
	op, raw, err := c.socket.Next(maxFrame)
	if err != nil {
		c.finish(err)
		return
	}
	switch op {
	case websocket.Close:
		if !c.leaving.Load() {
			c.post(message{websocket.Close, websocket.Echo(raw), nil})
		}
		c.finish(nil)
		return
	case websocket.Ping:
		c.post(message{websocket.Pong, raw, nil})
	case websocket.Text, websocket.Binary:
		c.hear(op, raw)
	}
	go c.next()
}

// finish leaves nothing of the connection behind. Unless its socket is gone, what waits is written first.
func (c *connection) finish(err error) {
	c.alive.Stop()
	c.api.registry.drop(c)
	var broken *websocket.Error
	if errors.As(err, &broken) {
		c.post(message{websocket.Close, websocket.Reason(broken.Code, broken.Reason), nil})
	} else if err != nil {
		_ = c.socket.Close()
	}
	c.out.close()
	_ = c.socket.Close()
	if c.slow.Load() {
		c.api.opts.Log.Warn("appsync: connection dropped", "from", c.from, "reason", errSlow)
	}
	c.api.exit(c)
	c.done()
}

func (c *connection) hear(op websocket.Op, raw []byte) {
	var frame clientFrame
	if op != websocket.Text || json.Unmarshal(raw, &frame) != nil {
		c.send(errorFrame("", &protocolError{Type: typeBadRequest, Message: "A frame must be a JSON object in text."}))
		return
	}
	c.handle(frame)
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

// send queues a frame, and never waits.
func (c *connection) send(frame serverFrame) { c.post(message{websocket.Text, frame.append(nil), nil}) }

// post queues a message, and lets it be written.
func (c *connection) post(m message) {
	if c.queue(m) {
		go c.out.drain(nil, nil)
	}
}

// queue queues a message, and tells whether the caller must let it be written. A client that does not keep up is dropped,
// so that no other waits for it.
func (c *connection) queue(m message) (owner bool) {
	owner, err := c.out.put(m)
	if err != nil {
		c.fail(err)
	}
	return owner
}

// fail cuts the socket, and with it its reader and its writer.
func (c *connection) fail(reason error) {
	if errors.Is(reason, errSlow) {
		c.slow.Store(true)
	}
	_ = c.socket.Close()
}

// leave tells the client that the API is being closed, and waits no longer than closeTimeout for it to close.
func (c *connection) leave() {
	c.leaving.Store(true)
	c.post(message{websocket.Close, websocket.Reason(websocket.GoingAway, "closing"), nil})
	_ = c.socket.SetReadDeadline(time.Now().Add(closeTimeout)) // a closed socket has ended already
}

func (c *connection) keepAlive() {
	c.send(serverFrame{Type: frameKeepAlive})
	if !c.out.over() {
		c.alive.Reset(c.api.opts.KeepAlive)
	}
}

// enter counts a connection among the open ones, unless the API is closed.
func (a *API) enter(c *connection) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.closed {
		a.open[c] = struct{}{}
	}
	return !a.closed
}

func (a *API) exit(c *connection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.open, c)
}

// leaveAll tells every client that the API is being closed.
func (a *API) leaveAll() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for c := range a.open {
		c.leave()
	}
}
