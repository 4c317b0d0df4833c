package appsync

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestAFrameOverTheLimitClosesTheSocket(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	// The server may cut the connection while this is being written.
	_ = c.socket.Write(t.Context(), websocket.MessageText, []byte(`{"type":"`+strings.Repeat("x", maxFrame)+`"}`))
	if got, err := c.read(); err == nil {
		t.Errorf("got %+v, want a closed socket", got)
	}
}

func TestTheHundredAndFirstSubscriptionIsRefused(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	for i := range maxSubscriptions {
		c.subscribe(fmt.Sprint(i), "alice", allFields)
	}
	c.send(startFrame("one more", allFields, "{}", authorization("alice")))
	got := c.next()
	if got.short() != "error MaxSubscriptionsReachedError" ||
		got.Payload.Errors[0].Message != "Max number of 100 subscriptions reached" {
		t.Errorf("got %+v", got)
	}
	c.send(`{"type":"stop","id":"7"}`)
	c.next()
	c.subscribe("one more", "alice", allFields)
}

func TestKeepAlivesComeByThemselves(t *testing.T) {
	o := testOptions()
	o.KeepAlive, o.ConnectionTimeout = 10*time.Millisecond, time.Second
	s := serve(t, o)
	c := s.dial("/graphql/realtime", nil, subprotocol, encoded(authorization("alice")))
	for range 3 {
		if got, err := c.read(); err != nil || got.Type != "ka" {
			t.Fatalf("got %+v, %v, want ka", got, err)
		}
	}
	c.send(`{"type":"connection_init"}`)
	if got := c.next(); got.Payload.ConnectionTimeoutMs != 1000 {
		t.Errorf("got %+v, want a timeout of 1000 ms", got)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	o := testOptions()
	o.MaxConnections = 1
	s := serve(t, o)
	c := s.connect("alice")
	_, response, err := websocket.Dial(t.Context(), s.url+"/graphql/realtime", &websocket.DialOptions{
		Subprotocols: []string{subprotocol, encoded(authorization("alice"))},
	})
	if err == nil || response == nil || response.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("second connection: %v, %v, want 429", response, err)
	}
	if err := c.socket.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(patient)
	for len(s.api.slots) > 0 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
	s.connect("alice")
}

func TestCloseEndsSocketsAndRefusesMore(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	c.subscribe("1", "alice", allFields)
	waiting := s.dial("/graphql/realtime", nil, subprotocol) // to be refused, once it says something
	closed := make(chan error, 1)
	go func() { closed <- s.api.Close() }()
	if _, err := c.read(); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("got %v, want going away", err)
	}
	for {
		if _, err := waiting.read(); err != nil {
			break
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if n := len(s.api.registry.fields["imageEvents"]) + len(s.api.registry.shapes); n != 0 {
		t.Errorf("%d subscriptions or shapes left", n)
	}
	response, err := http.Get(s.url + "/graphql")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("after Close: %d, want 503", response.StatusCode)
	}
}
