package appsync

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patient is how long is waited for what has to happen at all, on a machine that has other things to do as well.
const patient = time.Minute

// client is a raw client of the realtime protocol.
type client struct {
	t      testing.TB
	socket *websocket.Conn
}

// frame is one that the server sent.
type frame struct {
	ID      string
	Type    string
	Payload struct {
		ConnectionTimeoutMs int
		Data                map[string]map[string]any
		Errors              []struct {
			ErrorType string
			ErrorCode int
			Message   string
			Path      []any
		}
	}
}

// short is a frame's type, with its first error.
func (f frame) short() string {
	if len(f.Payload.Errors) == 0 {
		return f.Type
	}
	e := f.Payload.Errors[0]
	out := f.Type + " " + e.ErrorType
	if e.ErrorCode != 0 {
		out += fmt.Sprintf(" %d", e.ErrorCode)
	}
	return strings.TrimSpace(out)
}

// authorization is a user's authorization object.
func authorization(token string) string {
	return fmt.Sprintf(`{"Authorization":%q,"host":"localhost:4001"}`, token)
}

// encoded is an authorization object as a sub-protocol.
func encoded(object string) string {
	return "header-" + base64.RawURLEncoding.EncodeToString([]byte(object))
}

func (s *service) dial(path string, header http.Header, protocols ...string) *client {
	s.t.Helper()
	return s.dialWith(path, &websocket.DialOptions{Subprotocols: protocols, HTTPHeader: header})
}

func (s *service) dialWith(path string, options *websocket.DialOptions) *client {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patient)
	defer cancel()
	socket, response, err := websocket.Dial(ctx, s.url+path, options)
	if err != nil {
		s.t.Fatalf("dial %s: %v", path, err)
	}
	if echoed := response.Header.Get("Sec-WebSocket-Protocol"); strings.Contains(echoed, "header-") {
		s.t.Fatalf("the server echoed %q", echoed)
	}
	socket.SetReadLimit(1 << 20)
	s.t.Cleanup(func() { _ = socket.CloseNow() })
	return &client{t: s.t, socket: socket}
}

// connect is a user's socket, acknowledged.
func (s *service) connect(token string) *client {
	s.t.Helper()
	c := s.dial("/graphql/realtime", nil, subprotocol, encoded(authorization(token)))
	c.send(`{"type":"connection_init"}`)
	if got := c.next(); got.Type != "connection_ack" {
		s.t.Fatalf("after connection_init: %+v", got)
	}
	return c
}

// connectSlowly is a user's socket for which the kernel buffers little.
func (s *service) connectSlowly(token string) *client {
	s.t.Helper()
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return conn, conn.(*net.TCPConn).SetReadBuffer(4096)
	}
	return s.dialWith("/graphql/realtime", &websocket.DialOptions{
		Subprotocols: []string{subprotocol, encoded(authorization(token))},
		HTTPClient:   &http.Client{Transport: &http.Transport{DialContext: dial}},
	})
}

func (c *client) send(text string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	if err := c.socket.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatalf("send %.100s: %v", text, err)
	}
}

// next is the next frame but keep-alives.
func (c *client) next() frame {
	c.t.Helper()
	for {
		got, err := c.read()
		if err != nil {
			c.t.Fatalf("next frame: %v", err)
		}
		if got.Type != "ka" {
			return got
		}
	}
}

func (c *client) read() (frame, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	_, raw, err := c.socket.Read(ctx)
	if err != nil {
		return frame{}, err
	}
	var out frame
	if err := json.Unmarshal(raw, &out); err != nil {
		c.t.Fatalf("frame %s: %v", raw, err)
	}
	return out, nil
}

// nothingUntil fails where anything but the answer to a fresh connection_init comes: what was sent before it is in.
func (c *client) nothingUntil() {
	c.t.Helper()
	c.send(`{"type":"connection_init"}`)
	if got := c.next(); got.Type != "connection_ack" {
		c.t.Fatalf("got %+v, want nothing before connection_ack", got)
	}
}

const allFields = `subscription Watch { imageEvents {
  owner id seq version status stage failure width height placeholder deletedAt at } }`

// startFrame is a subscription as Amplify sends it.
func startFrame(id, query, variables, authorization string) string {
	data := fmt.Sprintf(`{"query":%s,"variables":%s}`, quote(query), variables)
	return fmt.Sprintf(`{"id":%q,"type":"start","payload":{"data":%s,"extensions":{"authorization":%s}}}`, id, quote(data),
		authorization)
}

func quote(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// subscribe starts a subscription as a user and expects its acknowledgement.
func (c *client) subscribe(id, token, query string) {
	c.t.Helper()
	c.send(startFrame(id, query, "{}", authorization(token)))
	if got := c.next(); got.Type != "start_ack" || got.ID != id {
		c.t.Fatalf("after start %s: %+v", id, got)
	}
}
