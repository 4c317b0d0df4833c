package client

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/darkroom/darkroom/gallery"
)

const (
	maxFrameBytes  = 512 << 10 // AppSync's payloads end at 240 KB
	subscriptionID = "events"  // of the only subscription on a socket
)

// frame is one message of AppSync's realtime protocol.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// grant authorizes a handshake or a subscription; the token goes in raw, without "Bearer".
type grant struct {
	Authorization string `json:"Authorization"`
	Host          string `json:"host"`
}

// socket is a connection that has a running subscription.
type socket struct {
	conn    *websocket.Conn
	silence time.Duration // after which the connection counts as dead
}

// realtimeURL derives the socket's address from that of AppSync's GraphQL endpoint.
func realtimeURL(endpoint string) (socket, host string, err error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", "", err
	}
	host = u.Host
	if strings.Contains(host, ".appsync-api.") && strings.HasSuffix(host, ".amazonaws.com") {
		u.Host = strings.Replace(host, ".appsync-api.", ".appsync-realtime-api.", 1)
	} else {
		u.Path = strings.TrimSuffix(u.Path, "/") + "/realtime"
	}
	u.Scheme = "ws" + strings.TrimPrefix(u.Scheme, "http")
	return u.String(), host, nil
}

// open connects and subscribes. The subscription is acknowledged when it returns.
func (c *Client) open(ctx context.Context, token string) (*socket, error) {
	ctx, cancel := context.WithTimeout(ctx, c.pace.request)
	defer cancel()
	address, host, err := realtimeURL(c.config.Realtime)
	if err != nil {
		return nil, err
	}
	auth := grant{Authorization: token, Host: host}
	header, err := json.Marshal(auth)
	if err != nil {
		return nil, err
	}
	conn, res, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient:   c.http,
		Subprotocols: []string{"graphql-ws", "header-" + base64.RawURLEncoding.EncodeToString(header)},
	})
	if err != nil {
		if res != nil && res.StatusCode == http.StatusUnauthorized {
			return nil, gallery.ErrUnauthenticated
		}
		return nil, err
	}
	conn.SetReadLimit(maxFrameBytes)
	s := &socket{conn: conn, silence: c.pace.silence}
	if err := s.subscribe(ctx, auth); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *socket) subscribe(ctx context.Context, auth grant) error {
	if err := s.write(ctx, frame{Type: "connection_init"}); err != nil {
		return err
	}
	ack, err := s.await(ctx, "connection_ack")
	if err != nil {
		return err
	}
	var limits struct{ ConnectionTimeoutMs int64 }
	if json.Unmarshal(ack.Payload, &limits) == nil && limits.ConnectionTimeoutMs > 0 {
		s.silence = min(s.silence, time.Duration(min(limits.ConnectionTimeoutMs, 1e9))*time.Millisecond)
	}
	start, err := startFrame(auth)
	if err != nil {
		return err
	}
	if err := s.write(ctx, start); err != nil {
		return err
	}
	_, err = s.await(ctx, "start_ack")
	return err
}

// startFrame holds the document as JSON in a string, as the protocol wants it.
func startFrame(auth grant) (frame, error) {
	data, err := json.Marshal(request{Query: eventsSubscription, Variables: struct{}{}})
	if err != nil {
		return frame{}, err
	}
	type extensions struct {
		Authorization grant `json:"authorization"`
	}
	payload, err := json.Marshal(struct {
		Data       string     `json:"data"`
		Extensions extensions `json:"extensions"`
	}{string(data), extensions{auth}})
	return frame{ID: subscriptionID, Type: "start", Payload: payload}, err
}

func (s *socket) write(ctx context.Context, f frame) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return s.conn.Write(ctx, websocket.MessageText, b)
}

// await reads until a frame of the type wanted comes.
func (s *socket) await(ctx context.Context, want string) (frame, error) {
	for {
		f, err := s.read(ctx)
		if err != nil || f.Type == want {
			return f, err
		}
	}
}

// read answers the next frame. One that ends the subscription is an error, and so is silence.
func (s *socket) read(ctx context.Context) (frame, error) {
	limited, cancel := context.WithTimeout(ctx, s.silence)
	defer cancel()
	_, b, err := s.conn.Read(limited)
	if err != nil {
		if ctx.Err() == nil && limited.Err() != nil {
			return frame{}, fmt.Errorf("nothing was heard for %s", s.silence)
		}
		return frame{}, err
	}
	var f frame
	if err := json.Unmarshal(b, &f); err != nil {
		return frame{}, fmt.Errorf("decode a frame: %w", err)
	}
	switch f.Type {
	case "error", "connection_error":
		return f, refused(f)
	case "complete":
		return f, errors.New("the server ended the subscription")
	}
	return f, nil
}

// refused reads the reason that an error frame gives.
func refused(f frame) error {
	var payload struct{ Errors []problem }
	if err := json.Unmarshal(f.Payload, &payload); err != nil || len(payload.Errors) == 0 {
		return fmt.Errorf("the server sent %s without a reason", f.Type)
	}
	return payload.Errors[0].err()
}

func (s *socket) close() { _ = s.conn.CloseNow() }
