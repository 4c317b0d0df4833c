package appsync

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	ours "github.com/darkroom/darkroom/internal/local/websocket"
)

func TestASlowReaderIsDroppedAndOthersAreNot(t *testing.T) {
	o := testOptions()
	var log *logBuffer
	o.Log, log = newLog()
	s := serve(t, o)
	quick, slow := s.connect("alice"), s.connectSlowly("alice")
	slow.subscribe("1", "alice", allFields) // and never reads again
	quick.subscribe("1", "alice", allFields)
	for seq := 1; !log.has("connection dropped"); seq++ {
		if seq > 5000 {
			t.Fatal("the slow reader was never dropped")
		}
		e := decoded(t, event("alice", "img", seq))
		e["placeholder"] = strings.Repeat("x", 4<<10)
		s.api.publish(t.Context(), "imageEvents", e)
		if got := quick.next().Payload.Data["imageEvents"]["seq"]; got != float64(seq) {
			t.Fatalf("the quick reader got %v, want %d", got, seq)
		}
	}
	s.publish(event("alice", "last", 1))
	if got := quick.next().Payload.Data["imageEvents"]["id"]; got != "last" {
		t.Errorf("afterwards the quick reader got %v", got)
	}
}

// decoded is an event as a resolver's answer is decoded.
func decoded(t *testing.T, event map[string]any) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(asJSON(t, event)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnEventOverTheLimitIsNotSent(t *testing.T) {
	o := testOptions()
	var log *logBuffer
	o.Log, log = newLog()
	s := serve(t, o)
	c := s.connect("alice")
	c.subscribe("all", "alice", allFields)
	big := event("alice", "img", 1)
	big["placeholder"] = strings.Repeat("x", maxEvent)
	s.publish(big) // which succeeds, as with AppSync
	if line := log.wait(t, "event not sent"); !strings.Contains(line, "level=ERROR") {
		t.Errorf("logged %s", line)
	}
	c.nothingUntil()
	c.subscribe("few", "alice", `subscription { imageEvents { id } }`)
	s.publish(big)
	if got := c.next(); got.ID != "few" {
		t.Errorf("got %+v, want the one that selects little", got)
	}
}

func TestSubscribersComeAndGoWhileEventsArePublished(t *testing.T) {
	s := serve(t, testOptions())
	stop := make(chan struct{})
	var publishing, clients sync.WaitGroup
	publishing.Go(func() {
		for seq := 1; ; seq++ {
			select {
			case <-stop:
				return
			default:
				s.publish(event("alice", "img", seq))
			}
		}
	})
	for n := range 8 {
		clients.Go(func() {
			for i := range 5 {
				if err := visit(s, fmt.Sprint(n, "-", i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	clients.Wait()
	close(stop)
	publishing.Wait()
}

// visit connects, subscribes, waits for three events in a row, and leaves: properly, or just so.
func visit(s *service, id string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, s.url+"/graphql/realtime", &websocket.DialOptions{
		Subprotocols: []string{subprotocol, encoded(authorization("alice"))},
	})
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	defer socket.CloseNow() //nolint:errcheck // it may be closed already
	start := startFrame(id, `subscription { imageEvents { seq } }`, "{}", authorization("alice"))
	if err := socket.Write(ctx, websocket.MessageText, []byte(start)); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	for i := range 4 {
		_, text, err := socket.Read(ctx)
		if err != nil {
			return fmt.Errorf("frame %d: %w", i, err)
		}
		if want := []string{`"start_ack"`, `"data"`}[min(i, 1)]; !strings.Contains(string(text), want) {
			return fmt.Errorf("frame %d is %s, want %s", i, text, want)
		}
	}
	if strings.HasSuffix(id, "0") {
		return socket.Close(websocket.StatusNormalClosure, "")
	}
	return nil
}

func TestADroppedSocketLeavesNothingBehind(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	c.subscribe("1", "alice", allFields)
	if err := c.socket.CloseNow(); err != nil {
		t.Fatal(err)
	}
	again := s.connect("alice")
	again.subscribe("1", "alice", allFields) // the same id, as Amplify does after a drop
	deadline := time.Now().Add(patient)
	for count(s.api.registry, "imageEvents") != 1 {
		if time.Now().After(deadline) {
			t.Fatal("the dropped connection is still subscribed")
		}
		time.Sleep(time.Millisecond)
	}
	s.publish(event("alice", "img", 1))
	if got := again.next(); got.Type != "data" || got.ID != "1" {
		t.Errorf("got %+v", got)
	}
}

func count(r *registry, field string) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.fields[field])
}

// BenchmarkPublish is one event through the endpoint to 5,000 subscribers of one selection, each written to a socket that
// takes everything at once.
func BenchmarkPublish(b *testing.B) {
	const subscribers = 5000
	o := testOptions()
	o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	s := serve(b, o)
	who := userIdentity(map[string]any{"sub": "alice"}, "")
	written := make(sink, 2*subscribers)
	for i := range subscribers {
		sub, err := s.api.subscription(b.Context(), graphRequest{Query: allFields}, who)
		if err != nil {
			b.Fatal(err)
		}
		sub.id, sub.head = fmt.Sprint(i), dataHead(fmt.Sprint(i))
		sub.conn = newConnection(s.api, &ours.Conn{Conn: written}, "", func() {})
		if err := s.api.registry.add(sub); err != nil {
			b.Fatal(err)
		}
		<-written
	}
	request := graphRequest{Query: publishAll, Variables: map[string]any{"event": event("alice", "img", 1)}}
	publisher := iamIdentity(testKey, "")
	b.ReportAllocs()
	for b.Loop() {
		if got := s.api.execute(b.Context(), request, publisher); len(got.Errors) > 0 {
			b.Fatal(got.Errors[0])
		}
		for range subscribers {
			<-written
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// sink is a socket that takes everything at once, and passes on what was written.
type sink chan []byte

func (s sink) Write(b []byte) (int, error)      { s <- bytes.Clone(b); return len(b), nil }
func (s sink) SetWriteDeadline(time.Time) error { return nil }
func (s sink) SetReadDeadline(time.Time) error  { return nil }
func (s sink) SetDeadline(time.Time) error      { return nil }
func (s sink) Read([]byte) (int, error)         { return 0, io.EOF }
func (s sink) LocalAddr() net.Addr              { return nil }
func (s sink) RemoteAddr() net.Addr             { return nil }
func (s sink) Close() error                     { return nil }

// framed is what a frame from the server holds.
func framed(frame []byte) []byte {
	switch frame[1] {
	case 126:
		return frame[4:]
	case 127:
		return frame[10:]
	}
	return frame[2:]
}
