package appsync

import (
	"bytes"
	"fmt"
	"io"
	"net"
	goruntime "runtime"
	"strings"
	"testing"
	"time"
)

// TestASubscriberCostsLittle opens sockets that are nothing but a descriptor on the client's side.
func TestASubscriberCostsLittle(t *testing.T) {
	const subscribers, limit = 400, 10 << 10
	s := serve(t, testOptions())
	var sockets []net.Conn
	open := func(n int) {
		for range n {
			sockets = append(sockets, bareSubscriber(t, s))
		}
	}
	open(50) // what is made once
	goroutines, before := goruntime.NumGoroutine(), inUse()
	open(subscribers)
	if each := (inUse() - before) / subscribers; each > limit {
		t.Errorf("%d bytes a subscriber, want at most %d", each, limit)
	} else {
		t.Logf("%d bytes a subscriber", each)
	}
	if more := goruntime.NumGoroutine() - goroutines; more > subscribers+5 {
		t.Errorf("%d goroutines for %d subscribers", more, subscribers)
	}
	for _, socket := range sockets {
		socket.Close()
	}
	if err := s.api.Close(); err != nil {
		t.Fatal(err)
	}
	if left := count(s.api.registry, "imageEvents") + len(s.api.slots); left != 0 {
		t.Errorf("%d subscriptions or sockets are left", left)
	}
	deadline := time.Now().Add(patient)
	for goruntime.NumGoroutine() > goroutines {
		if time.Now().After(deadline) {
			var stacks [64 << 10]byte
			t.Fatalf("%d goroutines, before %d:\n%s", goruntime.NumGoroutine(), goroutines,
				stacks[:goruntime.Stack(stacks[:], true)])
		}
		time.Sleep(time.Millisecond)
	}
}

// inUse is what the heap and stacks hold.
func inUse() int64 {
	goruntime.GC()
	goruntime.GC() // stacks shrink in the first
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func bareSubscriber(t *testing.T, s *service) net.Conn {
	t.Helper()
	socket, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	_, err = fmt.Fprintf(socket, "GET /graphql/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-ws, %s\r\n\r\n",
		encoded(authorization("alice")))
	if err != nil {
		t.Fatal(err)
	}
	await(t, socket, "\r\n\r\n")
	start := startFrame("1", allFields, "{}", authorization("alice"))
	frame := []byte{0x81, 0x80 | 126, byte(len(start) >> 8), byte(len(start)), 0, 0, 0, 0} // a mask of zeros
	if _, err := socket.Write(append(frame, start...)); err != nil {
		t.Fatal(err)
	}
	await(t, socket, `"start_ack"}`)
	return socket
}

// await reads up to an ending.
func await(t *testing.T, r io.Reader, end string) {
	t.Helper()
	var got []byte
	for b := make([]byte, 1); !bytes.HasSuffix(got, []byte(end)); got = append(got, b...) {
		if _, err := r.Read(b); err != nil {
			t.Fatalf("after %q: %v", got, err)
		}
	}
}
