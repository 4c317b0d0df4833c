package appsync

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func TestAConversationGoesFrameByFrameAsWithAppSync(t *testing.T) {
	s := serve(t, testOptions())
	c := s.dial("/graphql/realtime", nil, subprotocol, encoded(authorization("alice")))
	if got := c.socket.Subprotocol(); got != "graphql-ws" {
		t.Errorf("sub-protocol %q, want graphql-ws", got)
	}
	raw := func() string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patient)
		defer cancel()
		_, text, err := c.socket.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	expect := func(want string) {
		t.Helper()
		if got := raw(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	c.send(`{"type":"connection_init"}`)
	expect(`{"type":"connection_ack","payload":{"connectionTimeoutMs":300000}}`)
	c.send(startFrame("d0ab", `subscription { imageEvents { id seq status at } }`, "{}", authorization("alice")))
	expect(`{"id":"d0ab","type":"start_ack"}`)
	s.publish(event("alice", "img", 7))
	expect(`{"id":"d0ab","type":"data","payload":{"data":{"imageEvents":` +
		`{"id":"img","seq":7,"status":"READY","at":"2026-11-23T14:01:41.000Z"}}}}`)
	c.send(`{"id":"d0ab","type":"stop"}`)
	expect(`{"id":"d0ab","type":"complete"}`)
	s.publish(event("alice", "img", 8))
	c.nothingUntil()
}

func TestEveryWayToConnect(t *testing.T) {
	s := serve(t, testOptions())
	object := authorization("alice")
	header := http.Header{"Authorization": {"alice"}}
	query := "?header=" + base64.StdEncoding.EncodeToString([]byte(object)) + "&payload=e30="
	for _, test := range []struct {
		name, path string
		header     http.Header
		protocols  []string
	}{
		{"a sub-protocol", "/graphql/realtime", nil, []string{subprotocol, encoded(object)}},
		{"the token with Bearer", "/graphql/realtime", nil, []string{subprotocol, encoded(authorization("Bearer alice"))}},
		{"the query", "/graphql/realtime" + query, nil, []string{subprotocol}},
		{"the upgrade's headers", "/graphql/realtime", header, []string{subprotocol}},
		{"the endpoint itself", "/graphql", header, []string{subprotocol}},
		{"connect", "/graphql/connect", header, []string{subprotocol}},
		{"realtime/connect", "/graphql/realtime/connect" + query, nil, []string{subprotocol}},
		{"a foreign origin", "/graphql/realtime", http.Header{
			"Authorization": {"alice"}, "Origin": {"https://example.com"},
		}, []string{subprotocol}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := s.dial(test.path, test.header, test.protocols...)
			c.subscribe("1", "alice", allFields) // without connection_init
		})
	}
}

func TestConnectionsThatAreRefused(t *testing.T) {
	s := serve(t, testOptions())
	for _, test := range []struct {
		name, want string
		protocols  []string
	}{
		{"no authorization", "connection_error UnauthorizedException 401", []string{subprotocol}},
		{
			"signed out, as Amplify connects then", "connection_error UnauthorizedException 401",
			[]string{subprotocol, encoded(`{"host":"localhost:4001"}`)},
		},
		{
			"a bad token", "connection_error UnauthorizedException 401",
			[]string{subprotocol, encoded(authorization("mallory"))},
		},
		{
			"an API key", "connection_error UnauthorizedException 401",
			[]string{subprotocol, encoded(`{"host":"x","x-amz-date":"20261123T140141Z","x-api-key":"da2-x"}`)},
		},
		{
			"a token that is not a string", "connection_error UnauthorizedException 401",
			[]string{subprotocol, encoded(`{"Authorization":{"a":1}}`)},
		},
		{"not base64", "connection_error BadRequestException 400", []string{subprotocol, "header-!"}},
		{"not JSON", "connection_error BadRequestException 400", []string{subprotocol, encoded("nonsense")}},
		{
			"an authorization object of 20 KB", "connection_error BadRequestException 400",
			[]string{subprotocol, "header-" + strings.Repeat("A", 20<<10)},
		},
		{"no sub-protocol", "connection_error NoProtocolError 400", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := s.dial("/graphql/realtime", nil, test.protocols...)
			c.send(`{"type":"connection_init"}`)
			if got := c.next().short(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if _, err := c.read(); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
				t.Errorf("then %v, want a closed socket", err)
			}
		})
	}
}

func TestStartIsAuthorisedByItself(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	for _, test := range []struct{ name, authorization, want string }{
		{"signed out", `{"host":"localhost:4001"}`, "error UnauthorizedException"},
		{"no object", `null`, "error UnauthorizedException"},
		{"a bad token", authorization("mallory"), "error UnauthorizedException"},
		{"not an object", `[1]`, "error BadRequestException"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.send(startFrame("1", allFields, "{}", test.authorization))
			got := c.next()
			if got.short() != test.want || got.ID != "1" {
				t.Errorf("got %q for %q, want %q for 1", got.short(), got.ID, test.want)
			}
		})
	}
	c.subscribe("1", "bob", allFields)
	s.publish(event("alice", "hers", 1))
	s.publish(event("bob", "his", 1))
	if got := c.next(); got.Payload.Data["imageEvents"]["id"] != "his" {
		t.Errorf("got %+v, want bob's event: the subscription is bob's, on alice's socket", got)
	}
}

func TestAnOwnerNeverReceivesAnothersEvents(t *testing.T) {
	s := serve(t, testOptions())
	clients := map[string]*client{}
	for _, name := range []string{"alice", "bob", "carol"} {
		clients[name] = s.connect(name)
		clients[name].subscribe("1", name, allFields)
	}
	const rounds = 20
	for i := range rounds {
		for name := range clients {
			s.publish(event(name, fmt.Sprintf("%s-%d", name, i), i+1))
		}
	}
	for name, c := range clients {
		for i := range rounds {
			got := c.next().Payload.Data["imageEvents"]
			if want := fmt.Sprintf("%s-%d", name, i); got["owner"] != name || got["id"] != want {
				t.Fatalf("%s got %v, want %s", name, got, want)
			}
		}
		c.nothingUntil()
	}
}

func TestFramesThatAreWrong(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	c.subscribe("taken", "alice", allFields)
	start := func(id, query string) string { return startFrame(id, query, "{}", authorization("alice")) }
	for _, test := range []struct{ name, frame, want string }{
		{"not JSON", `nonsense`, "error BadRequestException"},
		{"a list", `[]`, "error BadRequestException"},
		{"nothing", ``, "error BadRequestException"},
		{"an unknown type", `{"type":"subscribe","id":"1"}`, "error UnsupportedOperation"},
		{"start without an id", start("", allFields), "error BadRequestException"},
		{"start with an id of 1 KB", start(strings.Repeat("x", 1024), allFields), "error BadRequestException"},
		{"start without a payload", `{"type":"start","id":"1"}`, "error BadRequestException"},
		{"start with data as an object", `{"type":"start","id":"1","payload":{"data":{}}}`, "error BadRequestException"},
		{"start with data that is not JSON", `{"type":"start","id":"1","payload":{"data":"{"}}`, "error BadRequestException"},
		{"an id twice", start("taken", allFields), "error DuplicatedOperationError"},
		{"a query", start("1", "{ me }"), "error UnsupportedOperation"},
		{"a syntax error", start("1", "subscription {"), "error"},
		{"an unknown field", start("1", "subscription { imageEvents { nope } }"), "error"},
		{"two fields", start("1", "subscription { imageEvents { id } renamed { id } }"), "error"},
		{"no field, by @skip", start("1", "subscription { imageEvents @skip(if: true) { id } }"), "error"},
		{"an endless nesting", start("1", "subscription "+strings.Repeat("{a", 5000)), "error"},
		{"stop of an unknown id", `{"type":"stop","id":"2"}`, "error UnknownOperationError"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.send(test.frame)
			if got := c.next().short(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if err := c.socket.Write(t.Context(), websocket.MessageBinary, []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if got := c.next().short(); got != "error BadRequestException" {
		t.Errorf("binary: got %q", got)
	}
	s.publish(event("alice", "img", 1))
	if got := c.next(); got.Type != "data" || got.ID != "taken" {
		t.Errorf("after all that: %+v, want the event", got)
	}
}
