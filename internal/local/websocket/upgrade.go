// Package websocket is a server's side of WebSockets (RFC 6455) that costs next to nothing while nobody speaks: no buffers,
// no timers, and a goroutine with the smallest stack. It has no extensions.
package websocket

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrHandshake is a request that is no handshake. It has been answered.
var ErrHandshake = errors.New("not a WebSocket handshake")

// Upgrade answers a handshake and takes its connection over. Where the client offers the sub-protocol, it is chosen. Any
// origin is welcome: who authorises by a cookie must look at the origin before.
func Upgrade(w http.ResponseWriter, r *http.Request, protocol string) (*Conn, error) {
	key := r.Header.Get("Sec-WebSocket-Key")
	if status, reason := refusal(r, key); status != 0 {
		w.Header().Set("Sec-WebSocket-Version", "13")
		http.Error(w, reason, status)
		return nil, fmt.Errorf("%w: %s", ErrHandshake, reason)
	}
	// That is the protocol's own hash. It protects nothing.
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	h := w.Header()
	h.Set("Upgrade", "websocket")
	h.Set("Connection", "Upgrade")
	h.Set("Sec-WebSocket-Accept", base64.StdEncoding.EncodeToString(sum[:]))
	if has(r.Header, "Sec-WebSocket-Protocol", protocol) {
		h.Set("Sec-WebSocket-Protocol", protocol)
	}
	w.WriteHeader(http.StatusSwitchingProtocols)
	wire, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, fmt.Errorf("take the connection over: %w", err)
	}
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered())
	return &Conn{Conn: wire, early: bytes.Clone(early)}, nil
}

// refusal is a status of 0 for a proper handshake.
func refusal(r *http.Request, key string) (status int, reason string) {
	switch nonce, err := base64.StdEncoding.DecodeString(key); {
	case !r.ProtoAtLeast(1, 1) || !has(r.Header, "Connection", "Upgrade") || !has(r.Header, "Upgrade", "websocket"):
		return http.StatusUpgradeRequired, "this is a WebSocket endpoint"
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "a WebSocket begins with GET"
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return http.StatusUpgradeRequired, "only version 13 of the protocol is spoken"
	case err != nil || len(nonce) != 16 || len(r.Header.Values("Sec-WebSocket-Key")) != 1:
		return http.StatusBadRequest, "Sec-WebSocket-Key must be 16 bytes in base64"
	}
	return 0, ""
}

// has reports whether a header lists a token.
func has(h http.Header, name, token string) bool {
	for _, line := range h.Values(name) {
		for item := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(item), token) {
				return true
			}
		}
	}
	return false
}
