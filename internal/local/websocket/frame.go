package websocket

import "encoding/binary"

// Op is the kind of a frame.
type Op byte

// Kinds of frames.
const (
	continuation Op = 0
	Text         Op = 1
	Binary       Op = 2
	Close        Op = 8
	Ping         Op = 9
	Pong         Op = 10
)

func (o Op) known() bool { return o <= Binary || o >= Close && o <= Pong }

func (o Op) control() bool { return o >= Close }

// Code says why a connection is closed.
type Code uint16

// Codes that a server sends.
const (
	GoingAway     Code = 1001
	ProtocolError Code = 1002
	Refused       Code = 1008
	MessageTooBig Code = 1009
)

const (
	finalBit   = 0x80
	maxControl = 125 // bytes of a control frame's payload
)

// AppendFrame writes a whole frame, unmasked as a server's are, of a payload in two halves.
func AppendFrame(b []byte, op Op, head, tail []byte) []byte {
	b = append(b, finalBit|byte(op))
	switch n := len(head) + len(tail); {
	case n <= 125:
		b = append(b, byte(n))
	case n <= 1<<16-1:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	b = append(b, head...)
	return append(b, tail...)
}

// Reason is the payload of a Close frame.
func Reason(code Code, text string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(code)), text[:min(len(text), maxControl-2)]...)
}

// Echo is the payload of the Close frame that answers one of a client.
func Echo(payload []byte) []byte {
	switch {
	case len(payload) == 0:
		return nil
	case len(payload) == 1:
		return Reason(ProtocolError, "half a code")
	}
	if code := binary.BigEndian.Uint16(payload); code < 1000 || code >= 5000 || code >= 1004 && code <= 1006 || code == 1015 {
		return Reason(ProtocolError, "a code that is not for sending")
	}
	return payload[:2]
}
