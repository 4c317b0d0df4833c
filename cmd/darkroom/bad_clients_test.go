package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/darkroom/darkroom/internal/client"
)

// TestBadClientsAreBoundedAndTheOthersServed lets many clients misbehave at once. Each is answered or cut off in bounded
// time, good clients are served all the while, and nothing floods the log.
func TestBadClientsAreBoundedAndTheOthersServed(t *testing.T) {
	t.Parallel()
	cloud := startCloud(t, t.TempDir())
	at := cloud.endpoints()
	good := cloud.as(t.Context())

	var bad sync.WaitGroup
	for name, misbehave := range map[string]func(context.Context, client.Config) error{
		"a body that never comes":      slowBody,
		"bytes that are no HTTP":       garbage,
		"a socket of garbage frames":   garbageFrames,
		"a socket that says nothing":   silentSocket,
		"a token that is none":         badToken,
		"headers without an end":       endlessHeaders,
		"a body larger than allowed":   hugeBody,
		"a method that is not offered": wrongMethod,
	} {
		for range 10 {
			bad.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patient)
				defer cancel()
				if err := misbehave(ctx, at); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
	}
	served := make(chan int)
	over, stop := context.WithCancel(t.Context())
	go func() {
		n := 0
		for ; over.Err() == nil; n++ {
			if _, err := good.Me(t.Context()); err != nil {
				t.Errorf("a good client: %v", err)
				break
			}
		}
		served <- n
	}()
	bad.Wait()
	stop()
	t.Logf("a good client was served %d times meanwhile", <-served)
	if n := strings.Count(cloud.out.String(), "level="); n > 100 {
		t.Errorf("%d lines of log for 80 bad clients:\n%.3000s", n, cloud.out)
	}
	cloud.stop()
}

// address is the host and port of a URL.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return u.Host
}

// cutOff says some bytes to an address, and waits until the other side has closed.
func cutOff(ctx context.Context, to, say string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", to)
	if err != nil {
		return err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, say); err != nil {
		return nil // closed while we spoke
	}
	if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
		return fmt.Errorf("%s did not close: %w", to, err)
	}
	return nil
}

func slowBody(ctx context.Context, at client.Config) error {
	return cutOff(ctx, address(at.GraphQL), "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
}

func garbage(ctx context.Context, at client.Config) error {
	for _, to := range []string{at.GraphQL, at.Realtime, at.Cognito.Endpoint} {
		if err := cutOff(ctx, address(to), "\x00\xff\x16\x03\x01 garbage\r\n\r\n"); err != nil {
			return err
		}
	}
	return nil
}

func endlessHeaders(ctx context.Context, at client.Config) error {
	return cutOff(ctx, address(at.GraphQL), "POST /graphql HTTP/1.1\r\n"+strings.Repeat("X-Long: "+strings.Repeat("x", 1000)+"\r\n", 200))
}

// answered sends a request and wants a status.
func answered(ctx context.Context, method, to, token string, body []byte, want int) error {
	req, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != want {
		return fmt.Errorf("got %s, want %d", res.Status, want)
	}
	return nil
}

func badToken(ctx context.Context, at client.Config) error {
	return answered(ctx, http.MethodPost, at.GraphQL, strings.Repeat("a.b", 2000), []byte(`{"query":"{ me { id } }"}`), http.StatusUnauthorized)
}

func hugeBody(ctx context.Context, at client.Config) error {
	err := answered(ctx, http.MethodPost, at.GraphQL, "", make([]byte, 11<<20), http.StatusUnauthorized)
	var cut *url.Error
	if ctx.Err() == nil && errors.As(err, &cut) {
		return nil // refused before all of it was read
	}
	return err
}

func wrongMethod(ctx context.Context, at client.Config) error {
	return answered(ctx, http.MethodDelete, at.GraphQL, "", nil, http.StatusNotFound)
}

// socket opens AppSync's realtime endpoint without saying who it is.
func socket(ctx context.Context, at client.Config) (*websocket.Conn, error) {
	conn, _, err := websocket.Dial(ctx, "ws://"+address(at.Realtime)+"/graphql/realtime", &websocket.DialOptions{Subprotocols: []string{"graphql-ws"}})
	return conn, err
}

func garbageFrames(ctx context.Context, at client.Config) error {
	conn, err := socket(ctx, at)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	for range 100 {
		if err := conn.Write(ctx, websocket.MessageText, []byte(`{"type":`)); err != nil {
			break
		}
	}
	return untilClosed(ctx, conn)
}

func silentSocket(ctx context.Context, at client.Config) error {
	conn, err := socket(ctx, at)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	return untilClosed(ctx, conn)
}

func untilClosed(ctx context.Context, conn *websocket.Conn) error {
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("the socket was not closed: %w", err)
			}
			return nil
		}
	}
}
