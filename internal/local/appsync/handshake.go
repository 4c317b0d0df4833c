package appsync

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/darkroom/darkroom/internal/local/sigv4"
	"github.com/darkroom/darkroom/internal/local/websocket"
)

// connectPath is what an IAM client signs to connect, whichever way it then takes.
const connectPath = "/graphql/connect"

// refuseTimeout is how long a refused client may take to say something: Amplify listens only after it has sent
// connection_init, and would miss an earlier refusal.
const refuseTimeout = 5 * time.Second

// serveSocket upgrades a request. Its connection goes on when the request has ended, so that nothing of that stays in
// memory.
func (a *API) serveSocket(w http.ResponseWriter, r *http.Request) {
	select {
	case a.slots <- struct{}{}:
	default:
		a.writeError(w, http.StatusTooManyRequests, &protocolError{Type: typeLimitExceeded, Message: "Too many connections."})
		return
	}
	reason := a.checkConnect(r)
	socket, err := websocket.Upgrade(w, r, subprotocol)
	if err != nil {
		<-a.slots
		a.opts.Log.InfoContext(r.Context(), "appsync: no socket", "error", err)
		return
	}
	if reason != nil {
		a.refuse(socket, reason)
		<-a.slots
		return
	}
	a.requests.Add(1) // this request is still counted, so Close waits for both
	newConnection(a, socket, remoteIP(r), func() {
		<-a.slots
		a.requests.Done()
	}).serve()
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
	signed := sigv4.Request{Method: http.MethodPost, Path: connectPath, Body: []byte("{}")}
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
	defer socket.Close() //nolint:errcheck // there is nobody left to tell
	_ = socket.SetReadDeadline(time.Now().Add(refuseTimeout))
	hurry := context.AfterFunc(a.ctx, func() { _ = socket.SetReadDeadline(time.Now()) })
	_, _, _ = socket.Next(maxFrame) // whatever it is, the answer is the same
	hurry()
	_ = socket.SetDeadline(time.Now().Add(closeTimeout))
	answer := websocket.AppendFrame(nil, websocket.Text, refusedFrame(reason).append(nil), nil)
	answer = websocket.AppendFrame(answer, websocket.Close, websocket.Reason(websocket.Refused, "refused"), nil)
	_, err := socket.Write(answer)
	for op := websocket.Text; err == nil && op != websocket.Close; {
		op, _, err = socket.Next(maxFrame)
	}
}
