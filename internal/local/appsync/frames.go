package appsync

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	subprotocol = "graphql-ws"
	maxFrame    = 256 << 10 // read from a client; a larger one closes its socket
	maxEvent    = 240 << 10 // sent to a subscriber; AppSync drops a larger one silently
	maxID       = 128       // of a subscription
)

// Types of frames.
const (
	frameInit      = "connection_init"
	frameAck       = "connection_ack"
	frameRefused   = "connection_error"
	frameStart     = "start"
	frameStartAck  = "start_ack"
	frameData      = "data"
	frameError     = "error"
	frameStop      = "stop"
	frameComplete  = "complete"
	frameKeepAlive = "ka"
)

// clientFrame is what a client sends.
type clientFrame struct {
	ID      string          `json:"id"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// startPayload is a start frame's: data is a JSON string, and it is what an IAM signature covers.
type startPayload struct {
	Data       string `json:"data"`
	Extensions struct {
		Authorization json.RawMessage `json:"authorization"`
	} `json:"extensions"`
}

// serverFrame is what a client receives.
type serverFrame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dataHead and dataTail are the halves of a data frame: one is the subscription's, the other that of all who select the
// same.
func dataHead(id string) []byte {
	return append(appendJSON([]byte(`{"id":`), id), `,"type":"`+frameData+`","payload":`...)
}

func dataTail(payload []byte) []byte { return append(payload, '}') }

// append writes the frame, leaving the payload as it is.
func (f serverFrame) append(b []byte) []byte {
	b = append(b, '{')
	if f.ID != "" {
		b = append(b, `"id":`...)
		b = appendJSON(b, f.ID)
		b = append(b, ',')
	}
	b = append(b, `"type":"`...)
	b = append(b, f.Type...)
	b = append(b, '"')
	if f.Payload != nil {
		b = append(b, `,"payload":`...)
		b = append(b, f.Payload...)
	}
	return append(b, '}')
}

func appendJSON(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil { // a string always marshals
		return append(b, `""`...)
	}
	return append(b, text...)
}

// protocolError is one entry of a frame's errors, which are always an array.
type protocolError struct {
	Type    string `json:"errorType,omitempty"`
	Code    int    `json:"errorCode,omitempty"`
	Message string `json:"message,omitempty"`
}

func (e *protocolError) Error() string { return e.Type + ": " + e.Message }

// errorFrame says what is wrong: with one subscription, or, where id is "", with what the client sent.
func errorFrame(id string, err error) serverFrame {
	return serverFrame{ID: id, Type: frameError, Payload: errorPayload(err)}
}

// errorPayload lists the errors within err.
func errorPayload(err error) json.RawMessage {
	var list []any
	var refusal *refused
	var typed *protocolError
	var graph *graphError
	switch {
	case errors.As(err, &refusal):
		list = append(list, &protocolError{Type: refusal.Type, Message: refusal.Message})
	case errors.As(err, &typed):
		list = append(list, typed)
	case errors.As(err, &graph):
		list = append(list, &protocolError{Type: graph.errorType(), Message: graph.Message})
	default:
		for _, e := range documentErrors(err) {
			list = append(list, &protocolError{Message: e.Message})
		}
	}
	payload, err := json.Marshal(map[string]any{"errors": list})
	if err != nil { // strings and numbers always marshal
		return json.RawMessage(`{"errors":[]}`)
	}
	return payload
}

// refusedFrame ends a connection before it began. Clients take 400, 401 and 403 for final, and do not try again.
func refusedFrame(err error) serverFrame {
	e := protocolError{Type: typeBadRequest, Code: http.StatusBadRequest}
	var refusal *refused
	var typed *protocolError
	switch {
	case errors.As(err, &refusal):
		e = protocolError{Type: refusal.Type, Code: refusal.Status, Message: refusal.Message}
	case errors.As(err, &typed):
		e = *typed
	}
	return serverFrame{Type: frameRefused, Payload: errorPayload(&e)}
}

// ackFrame tells a client after how long a silence it should give the connection up.
func ackFrame(timeout time.Duration) serverFrame {
	payload := fmt.Sprintf(`{"connectionTimeoutMs":%d}`, timeout.Milliseconds())
	return serverFrame{Type: frameAck, Payload: json.RawMessage(payload)}
}
