package appsync

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	goruntime "runtime"
	"strings"
	"sync"
	"testing"

	ours "github.com/darkroom/darkroom/internal/local/websocket"
)

// gate is a socket whose writes wait until they are let through.
type gate struct {
	sink
	open chan struct{}
}

func (g gate) Write(b []byte) (int, error) {
	<-g.open
	return g.sink.Write(b)
}

func said(t *testing.T, o *outbox, text string) {
	t.Helper()
	owner, err := o.put(message{ours.Text, []byte(text[:1]), []byte(text[1:])})
	if err != nil {
		t.Fatal(err)
	}
	if owner {
		go o.drain(nil, nil)
	}
}

// short takes frames of less than 126 bytes apart.
func short(b []byte) (texts []string) {
	for len(b) > 0 {
		end := 2 + int(b[1])
		texts = append(texts, string(b[2:end]))
		b = b[end:]
	}
	return texts
}

func TestWhatWaitsTogetherIsWrittenTogether(t *testing.T) {
	socket := gate{make(sink, queueLength), make(chan struct{})}
	o := &outbox{socket: socket}
	const messages = 200
	for i := range messages {
		said(t, o, fmt.Sprint("event ", i))
	}
	close(socket.open)
	writes := 0
	for next := 0; next < messages; writes++ {
		for _, got := range short(<-socket.sink) {
			if want := fmt.Sprint("event ", next); got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
			next++
		}
	}
	if writes > 2 { // the first may have been alone
		t.Errorf("%d messages in %d writes", messages, writes)
	}
}

func TestAFullQueueRefusesAndAClosedOneForgets(t *testing.T) {
	socket := gate{make(sink, 2*queueLength), make(chan struct{})}
	o := &outbox{socket: socket}
	var err error
	taken := 0
	for ; err == nil && taken <= 3*queueLength; taken++ {
		var owner bool
		if owner, err = o.put(message{op: ours.Text, head: []byte("x")}); owner {
			go o.drain(nil, nil)
		}
	}
	if !errors.Is(err, errSlow) || taken > 2*queueLength+1 { // as many again may be on their way to the socket
		t.Errorf("message %d: %v, want it refused", taken, err)
	}
	close(socket.open)
	o.close()
	if owner, err := o.put(message{op: ours.Text, head: []byte("x")}); owner || err != nil {
		t.Errorf("after close: %v, %v", owner, err)
	}
	o.close() // and nothing was begun
}

func TestManyMayPutAtOnce(t *testing.T) {
	const writers, each = 8, 500
	socket := make(sink, 1)
	o := &outbox{socket: socket}
	var putting sync.WaitGroup
	for w := range writers {
		putting.Go(func() {
			for i := 0; i < each; {
				owner, err := o.put(message{op: ours.Text, head: fmt.Appendf(nil, "%d ", w), tail: fmt.Append(nil, i)})
				if owner {
					go o.drain(nil, nil)
				}
				if err == nil {
					i++
				} else {
					goruntime.Gosched()
				}
			}
		})
	}
	next := map[string]int{}
	for got := 0; got < writers*each; {
		for _, text := range short(<-socket) {
			who, n, _ := strings.Cut(text, " ")
			if n != fmt.Sprint(next[who]) {
				t.Fatalf("of %s got %s, want %d", who, n, next[who])
			}
			next[who]++
			got++
		}
	}
	putting.Wait()
	o.close()
}

// TestNobodyWaitsForAnother delivers to many sockets of which one is not read until the end.
func TestNobodyWaitsForAnother(t *testing.T) {
	const clients, events, size = 20, 200, 32 << 10 // more in all than sockets buffer
	var readers []net.Conn
	var outboxes []*outbox
	for range clients {
		near, far := pair(t)
		raw, err := near.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		outboxes = append(outboxes, &outbox{socket: near, raw: raw, fail: func(err error) { t.Error(err) }})
		readers = append(readers, far)
	}
	d := &deliverers{most: 2}
	payload := bytes.Repeat([]byte("x"), size)
	var reading sync.WaitGroup
	for _, far := range readers[1:] {
		reading.Go(func() { expect(t, far, events, size) })
	}
	for n := range events {
		var owned []*outbox
		for _, o := range outboxes {
			owner, err := o.put(message{ours.Text, fmt.Appendf(nil, "%04d", n), payload})
			if err != nil {
				t.Fatal(err)
			}
			if owner {
				owned = append(owned, o)
			}
		}
		d.add(owned)
	}
	reading.Wait() // although nobody reads the first
	d.wait()
	expect(t, readers[0], events, size)
	for _, o := range outboxes {
		o.close()
	}
}

func pair(t *testing.T) (near *net.TCPConn, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if far, err = net.Dial("tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close(); accepted.Close() })
	return accepted.(*net.TCPConn), far
}

// expect reads numbered frames in their order.
func expect(t *testing.T, r io.Reader, events, size int) {
	frame := make([]byte, 4+4+size) // a header of 16 bits of length
	if size+4 > 1<<16-1 {
		frame = make([]byte, 10+4+size)
	}
	for n := range events {
		if _, err := io.ReadFull(r, frame); err != nil {
			t.Errorf("event %d: %v", n, err)
			return
		}
		if got, want := string(frame[len(frame)-size-4:len(frame)-size]), fmt.Sprintf("%04d", n); got != want {
			t.Errorf("got %s, want %s", got, want)
			return
		}
	}
}

func TestFramesOfEveryLength(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	c.subscribe("1", "alice", allFields)
	server := only(t, s.api.registry).conn
	for _, n := range []int{1, 125, 126, 127, 1<<16 - 1, 1 << 16, maxEvent} {
		server.post(message{ours.Text, []byte(`"`), []byte(strings.Repeat("x", n) + `"`)})
		server.post(message{op: ours.Text, head: []byte(`{}`)})
		_, got, err := c.socket.Read(t.Context())
		if err != nil || len(got) != n+2 {
			t.Fatalf("got %d bytes, %v, want %d", len(got), err, n+2)
		}
		if _, got, err = c.socket.Read(t.Context()); err != nil || string(got) != `{}` {
			t.Fatalf("then got %.20q, %v", got, err)
		}
	}
}

// only is the one subscription there is.
func only(t *testing.T, r *registry) *subscription {
	t.Helper()
	r.mu.RLock()
	defer r.mu.RUnlock()
	for s := range r.fields["imageEvents"] {
		return s
	}
	t.Fatal("nobody is subscribed")
	return nil
}
