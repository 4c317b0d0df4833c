package appsync

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// connectPath is what an IAM client signs to connect, whichever way it then takes.
const connectPath = "/graphql/connect"

// refuseTimeout is how long a refused client may take to say something: Amplify listens only after it has sent
// connection_init, and would miss an earlier refusal.
const refuseTimeout = 5 * time.Second

// serveSocket upgrades a request. Its connection is served by a goroutine of its own, so that nothing of the request
// stays in memory.
func (a *API) serveSocket(w http.ResponseWriter, r *http.Request) {
	select {
	case a.slots <- struct{}{}:
	default:
		a.writeError(w, http.StatusTooManyRequests, &protocolError{Type: typeLimitExceeded, Message: "Too many connections."})
		return
	}
	c := a.accept(w, r)
	if c == nil {
		<-a.slots
		return
	}
	a.requests.Add(1) // this request is still counted, so Close waits for both
	go func() {
		defer a.requests.Done()
		defer func() { <-a.slots }()
		c.serve()
	}()
}

// accept answers nil where there is no connection to serve; then the client has been told why.
func (a *API) accept(w http.ResponseWriter, r *http.Request) *connection {
	err := a.checkConnect(r)
	taken := &takeover{ResponseWriter: w}
	socket, acceptErr := websocket.Accept(taken, r, &websocket.AcceptOptions{
		Subprotocols: []string{subprotocol},
		// Any origin may connect, as on AppSync: what authorises is a token in the handshake, never a cookie.
		InsecureSkipVerify: true,
	})
	if acceptErr != nil {
		a.opts.Log.InfoContext(r.Context(), "appsync: no socket", "error", acceptErr)
		return nil
	}
	if err != nil {
		a.refuse(socket, err)
		return nil
	}
	return newConnection(a, socket, taken.conn, remoteIP(r))
}

// takeover gives a connection that leaves HTTP buffers of its own size: HTTP's have 4 KB each, and what clients send
// after the first seconds, and what the library writes, is small.
type takeover struct {
	http.ResponseWriter
	conn net.Conn // once it was hijacked
}

const (
	readBuffer  = 512
	writeBuffer = 256 // above the largest control frame, which must be one write
)

// Hijack implements http.Hijacker.
func (t *takeover) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("take the connection over: %w", err)
	}
	t.conn = conn
	if buffered.Reader.Buffered() == 0 { // else the client was ahead of the handshake
		buffered.Reader = bufio.NewReaderSize(conn, readBuffer)
	}
	buffered.Writer = bufio.NewWriterSize(conn, writeBuffer)
	return conn, buffered, nil
}

// checkConnect authenticates a handshake.
func (a *API) checkConnect(r *http.Request) error {
	protocols, encoded := offered(r)
	if !protocols[subprotocol] {
		return &protocolError{Type: "NoProtocolError", Code: http.StatusBadRequest}
	}
	if encoded == "" {
		encoded = r.URL.Query().Get("header")
	}
	c := requestCredentials(r)
	if encoded != "" {
		raw, err := decodeBase64(encoded)
		if err == nil {
			c, err = decodeCredentials(raw)
		}
		if err != nil {
			return &protocolError{Type: typeBadRequest, Code: http.StatusBadRequest, Message: err.Error()}
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	signed := signedRequest{method: http.MethodPost, path: connectPath, body: []byte("{}")}
	_, err := a.authenticate(ctx, c, signed, remoteIP(r))
	return err
}

// offered are a handshake's sub-protocols, and the authorization object that poses as one of them, still encoded.
func offered(r *http.Request) (protocols map[string]bool, encoded string) {
	protocols = map[string]bool{}
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.TrimSpace(name)
			if rest, ok := strings.CutPrefix(name, "header-"); ok {
				encoded = rest
				continue
			}
			protocols[name] = true
		}
	}
	return protocols, encoded
}

// refuse tells a client why it is not served, once it listens, and closes.
func (a *API) refuse(socket *websocket.Conn, reason error) {
	socket.SetReadLimit(maxFrame)
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		_, _, _ = socket.Read(context.Background()) // whatever it is, the answer is the same
	}()
	ctx, cancel := context.WithTimeout(a.ctx, refuseTimeout)
	defer cancel()
	select {
	case <-heard:
	case <-ctx.Done():
	}
	ctx, cancel = context.WithTimeout(context.Background(), writeTimeout)
	defer cancel()
	if err := socket.Write(ctx, websocket.MessageText, refusedFrame(reason).append(nil)); err == nil {
		_ = socket.Close(websocket.StatusPolicyViolation, "refused")
	}
	_ = socket.CloseNow()
	<-heard
}
