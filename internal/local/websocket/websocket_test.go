package websocket

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// client frames, masked.
func masked(first byte, payload string) []byte {
	mask := [4]byte{1, 2, 3, 4}
	b := []byte{first}
	switch n := len(payload); {
	case n <= 125:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = append(b, 0x80|126, byte(n>>8), byte(n))
	default:
		b = append(b, 0x80|127, 0, 0, 0, 0, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

// saying is a connection on which the client has said something, and hung up.
func saying(frames ...[]byte) *Conn {
	return &Conn{Conn: deaf{}, early: bytes.Join(frames, nil)}
}

type deaf struct{ net.Conn }

func (deaf) Read([]byte) (int, error) { return 0, io.EOF }

func TestMessagesOfEveryLengthAndInFragments(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 4096, 4097, 1<<16 - 1, 1 << 16, 1<<16 + 1} {
		want := strings.Repeat("ab", n)[:n]
		cut := n / 3
		for name, c := range map[string]*Conn{
			"whole": saying(masked(0x81, want)),
			"in fragments": saying(masked(0x01, want[:cut]), masked(0x89, "ping"), masked(0x00, want[cut:2*cut]), masked(0x8a, ""),
				masked(0x80, want[2*cut:])),
		} {
			op, got, err := c.Next(1 << 17)
			for ; err == nil && op.control(); op, got, err = c.Next(1 << 17) {
				if op == Ping && string(got) != "ping" {
					t.Errorf("a ping of %q", got)
				}
			}
			if op != Text || string(got) != want || err != nil {
				t.Errorf("%d bytes %s: got %d with %d bytes, %v", n, name, op, len(got), err)
			}
			if _, _, err := c.Next(1 << 17); !errors.Is(err, io.EOF) {
				t.Errorf("%d bytes %s: then %v", n, name, err)
			}
		}
	}
}

func TestWhatIsAgainstTheProtocol(t *testing.T) {
	const limit = 1000
	for _, test := range []struct {
		name   string
		frames [][]byte
		code   Code
	}{
		{"not masked", [][]byte{{0x81, 1, 'x'}}, ProtocolError},
		{"a reserved bit", [][]byte{masked(0xc1, "x")}, ProtocolError},
		{"an unknown kind", [][]byte{masked(0x83, "x")}, ProtocolError},
		{"an unknown control frame", [][]byte{masked(0x8b, "x")}, ProtocolError},
		{"a ping in fragments", [][]byte{masked(0x09, "x")}, ProtocolError},
		{"a ping too long", [][]byte{masked(0x89, strings.Repeat("x", 126))}, ProtocolError},
		{"nothing to continue", [][]byte{masked(0x80, "x")}, ProtocolError},
		{"a message within a message", [][]byte{masked(0x01, "x"), masked(0x81, "x")}, ProtocolError},
		{"too long", [][]byte{masked(0x81, strings.Repeat("x", limit+1))}, MessageTooBig},
		{"too long in all", [][]byte{masked(0x01, strings.Repeat("x", limit)), masked(0x80, "x")}, MessageTooBig},
		{"a length of 2⁶⁴-1", [][]byte{{0x81, 0xff, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0}}, MessageTooBig},
	} {
		var broken *Error
		if _, _, err := saying(test.frames...).Next(limit); !errors.As(err, &broken) || broken.Code != test.code {
			t.Errorf("%s: got %v, want code %d", test.name, err, test.code)
		}
	}
	if _, got, err := saying(masked(0x81, strings.Repeat("x", limit))).Next(limit); err != nil || len(got) != limit {
		t.Errorf("just short enough: got %d bytes, %v", len(got), err)
	}
}

func TestACodeIsEchoedWhereItMayBeSent(t *testing.T) {
	for payload, want := range map[string]string{
		"": "", "\x03\xe8bye": "\x03\xe8", "\x03\xe9": "\x03\xe9", "\x0f\xa0": "\x0f\xa0", "\x13\x87": "\x13\x87",
		"\x03\xed": "\x03\xea", "\x03\xe7": "\x03\xea", "\x13\x88": "\x03\xea", "\x03\xf7": "\x03\xea", "x": "\x03\xea",
	} {
		if got := Echo([]byte(payload)); !strings.HasPrefix(string(got), want) || want == "" && len(got) > 0 {
			t.Errorf("to %q: %q, want %q", payload, got, want)
		}
	}
	if got := Reason(Refused, strings.Repeat("x", 1000)); len(got) != maxControl {
		t.Errorf("a long reason has %d bytes", len(got))
	}
}

// TestAnotherImplementationIsUnderstood echoes what coder/websocket says, and closes as it does.
func TestAnotherImplementationIsUnderstood(t *testing.T) {
	ended := make(chan error, 1)
	url := serve(t, func(c *Conn) { ended <- echo(c) })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client, res, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"other", "spoken"}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.CloseNow() //nolint:errcheck // it may be closed already
	if got := res.Header.Get("Sec-WebSocket-Protocol"); got != "spoken" {
		t.Errorf("sub-protocol %q", got)
	}
	client.SetReadLimit(1 << 20)
	for _, n := range []int{0, 1, 125, 126, 1<<16 - 1, 1 << 16, 300_000} {
		want := strings.Repeat("z", n)
		if err := client.Write(ctx, websocket.MessageText, []byte(want)); err != nil {
			t.Fatal(err)
		}
		kind, got, err := client.Read(ctx)
		if kind != websocket.MessageText || string(got) != want || err != nil {
			t.Errorf("%d bytes: got %d of kind %v, %v", n, len(got), kind, err)
		}
	}
	ponged := make(chan error, 1)
	go func() { ponged <- client.Ping(ctx) }()
	_, _, _ = client.Read(ctx) // is what takes the pong; the server's Close ends it
	if err := <-ponged; err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// echo answers until it has answered a ping, and then closes.
func echo(c *Conn) error {
	for {
		op, message, err := c.Next(1 << 20)
		if err != nil {
			return err
		}
		answer := AppendFrame(nil, op, message[:len(message)/2], message[len(message)/2:])
		if op == Ping {
			answer = AppendFrame(nil, Pong, message, nil)
			answer = AppendFrame(answer, Close, Reason(GoingAway, "enough"), nil)
		}
		if _, err := c.Write(answer); err != nil {
			return err
		}
		if op == Close {
			return nil
		}
		if op == Ping {
			op, _, err = c.Next(1 << 20)
			if op != Close && err == nil {
				err = errors.New("the closing was not answered")
			}
			return err
		}
	}
}

func serve(t *testing.T, handle func(*Conn)) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := Upgrade(w, r, "spoken")
		if err != nil {
			return
		}
		defer c.Close()
		handle(c)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestWhatIsNoHandshakeIsRefused(t *testing.T) {
	url := serve(t, func(*Conn) { t.Error("it was taken for one") })
	good := http.Header{
		"Connection": {"keep-alive, Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="},
	}
	for _, test := range []struct {
		name, method, header string
		values               []string
		want                 int
	}{
		{"no upgrade", "GET", "Upgrade", nil, http.StatusUpgradeRequired},
		{"no connection", "GET", "Connection", []string{"close"}, http.StatusUpgradeRequired},
		{"a POST", "POST", "Upgrade", []string{"websocket"}, http.StatusMethodNotAllowed},
		{"an old version", "GET", "Sec-Websocket-Version", []string{"8"}, http.StatusUpgradeRequired},
		{"no key", "GET", "Sec-Websocket-Key", nil, http.StatusBadRequest},
		{"a short key", "GET", "Sec-Websocket-Key", []string{"AAAA"}, http.StatusBadRequest},
		{"two keys", "GET", "Sec-Websocket-Key", []string{good["Sec-Websocket-Key"][0], good["Sec-Websocket-Key"][0]}, http.StatusBadRequest},
	} {
		r, err := http.NewRequest(test.method, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = good.Clone()
		r.Header[test.header] = test.values
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != test.want {
			t.Errorf("%s: %s, want %d", test.name, res.Status, test.want)
		}
	}
}

func TestWhatCameWithTheHandshakeIsRead(t *testing.T) {
	heard := make(chan string, 1)
	url := serve(t, func(c *Conn) {
		_, message, _ := c.Next(100)
		heard <- string(message)
	})
	socket, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	const handshake = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
	if _, err := socket.Write(append([]byte(handshake), masked(0x81, "at once")...)); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != "at once" {
		t.Errorf("got %q", got)
	}
}

func FuzzNext(f *testing.F) {
	f.Add(masked(0x81, "text"))
	f.Add(append(masked(0x01, "a"), masked(0x80, strings.Repeat("b", 200))...))
	f.Add([]byte{0x81, 0xff, 127, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		const limit = 300
		c := saying(raw)
		for {
			op, message, err := c.Next(limit)
			if err != nil {
				return
			}
			if len(message) > limit || op.control() && len(message) > maxControl || op == continuation || !op.known() {
				t.Fatalf("a message of kind %d with %d bytes", op, len(message))
			}
		}
	})
}
