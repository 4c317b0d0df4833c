package appsync

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
)

// TestASubscriptionOutlivesItsToken holds a choice: a token is checked when a connection is made and when a subscription
// starts, as on AppSync, and not while it lasts. Nobody new gets in by it.
func TestASubscriptionOutlivesItsToken(t *testing.T) {
	var expired atomic.Bool
	o := testOptions()
	o.Verify = func(ctx context.Context, token string) (map[string]any, error) {
		if expired.Load() {
			return nil, errors.New("expired")
		}
		return verifyTest(ctx, token)
	}
	s := serve(t, o)
	c := s.connect("alice")
	c.subscribe("1", "alice", allFields)
	expired.Store(true)
	s.publish(event("alice", "img", 1))
	if got := c.next(); got.Type != "data" {
		t.Errorf("after its token expired, the subscription got %+v", got)
	}
	c.send(startFrame("2", allFields, "{}", authorization("alice")))
	if got := c.next().short(); got != "error UnauthorizedException" {
		t.Errorf("a new one: got %q", got)
	}
	fresh := s.dial("/graphql/realtime", nil, subprotocol, encoded(authorization("alice")))
	fresh.send(`{"type":"connection_init"}`)
	if got := fresh.next().short(); got != "connection_error UnauthorizedException 401" {
		t.Errorf("a new connection: got %q", got)
	}
	s.publish(event("alice", "img", 2))
	if got := c.next(); got.Type != "data" || got.ID != "1" {
		t.Errorf("beside the refusals, the subscription got %+v", got)
	}
}

func TestAnOwnerCannotBeSmuggledIn(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	for name, frame := range map[string]string{
		"an argument":            startFrame("1", `subscription { imageEvents(owner: "bob") { id } }`, "{}", authorization("alice")),
		"an argument's variable": startFrame("1", `subscription($o: ID) { imageEvents(owner: $o) { id } }`, `{"o":"bob"}`, authorization("alice")),
		"an unused variable":     startFrame("1", `subscription($o: ID) { imageEvents { id } }`, `{"o":"bob"}`, authorization("alice")),
	} {
		c.send(frame)
		if got := c.next(); got.Type != "error" || got.ID != "1" {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	extra := `{"owner":"bob","sub":"bob","filter":{"owner":{"eq":"bob"}},"identity":{"sub":"bob"}}`
	c.send(startFrame("2", allFields, extra, authorization("alice")))
	if got := c.next(); got.Type != "start_ack" {
		t.Fatalf("variables that nobody declares: got %+v", got)
	}
	c.send(startFrame("3", allFields, "{}", `{"Authorization":"alice","host":"x","sub":"bob","username":"bob"}`))
	if got := c.next(); got.Type != "start_ack" {
		t.Fatalf("an authorization with more in it: got %+v", got)
	}
	s.publish(event("bob", "his", 1))
	c.nothingUntil()
	if got := s.asUser("alice", publishAll, map[string]any{"event": event("alice", "img", 1)}); got.Errors[0].ErrorType != typeUnauthorized {
		t.Errorf("a user who publishes: got %+v", got)
	}
}

func TestTenMegabytesInAFrameEndTheirSocketAlone(t *testing.T) {
	s := serve(t, testOptions())
	bad, good := s.connect("alice"), s.connect("alice")
	good.subscribe("1", "alice", allFields)
	frame := `{"type":"start","id":"1","payload":{"data":"` + strings.Repeat("x", 10<<20) + `"}}`
	_ = bad.socket.Write(t.Context(), websocket.MessageText, []byte(frame)) // it may be cut off on the way
	if got, err := bad.read(); err == nil {
		t.Errorf("got %+v, want a closed socket", got)
	}
	s.publish(event("alice", "img", 1))
	if got := good.next(); got.Type != "data" {
		t.Errorf("the other got %+v", got)
	}
}

// TestAnIDTokenSubscribesToNothing holds the resolver to it, since AppSync itself takes both kinds.
func TestAnIDTokenSubscribesToNothing(t *testing.T) {
	for name, use := range map[string]any{"an ID token": "id", "a token of no use": nil, "a token of several": []any{"access"}} {
		o := testOptions()
		o.Verify = func(ctx context.Context, token string) (map[string]any, error) {
			claims, err := verifyTest(ctx, token)
			if claims != nil {
				claims["token_use"] = use
			}
			return claims, err
		}
		c := serve(t, o).connect("alice")
		c.send(startFrame("1", allFields, "{}", authorization("alice")))
		if got := c.next().short(); got != "error Unauthorized" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestOfTwoTokensNoneCounts(t *testing.T) {
	s := serve(t, testOptions())
	for name, object := range map[string]string{
		"the same":              `{"Authorization":"alice","authorization":"alice","host":"x"}`,
		"a good one and a bad":  `{"Authorization":"alice","authorization":"mallory","host":"x"}`,
		"a bad one and a good":  `{"Authorization":"mallory","AUTHORIZATION":"alice","host":"x"}`,
		"two good ones, of two": `{"Authorization":"alice","authorization":"bob","host":"x"}`,
	} {
		c := s.dial("/graphql/realtime", nil, subprotocol, encoded(object))
		c.send(`{"type":"connection_init"}`)
		if got := c.next().short(); got != "connection_error UnauthorizedException 401" {
			t.Errorf("%s, to connect: got %q", name, got)
		}
		c = s.connect("alice")
		c.send(startFrame("1", allFields, "{}", object))
		if got := c.next().short(); got != "error UnauthorizedException" {
			t.Errorf("%s, to subscribe: got %q", name, got)
		}
	}
}
