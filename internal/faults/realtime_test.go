package faults

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"time"

	"github.com/coder/websocket"

	top "github.com/darkroom/darkroom/appsync"
	"github.com/darkroom/darkroom/gallery"
	engine "github.com/darkroom/darkroom/internal/local/appsync"
)

// realtime is the world's AppSync: the deployed schema and resolvers, and the door for sockets.
type realtime struct {
	api  *engine.API
	door *httptest.Server
}

func (w *world) openRealtime() realtime {
	w.t.Helper()
	schema, err := top.Files.ReadFile("schema.graphql")
	if err != nil {
		w.t.Fatal(err)
	}
	files, err := fs.Sub(top.Files, "resolvers")
	if err != nil {
		w.t.Fatal(err)
	}
	api, err := engine.New(engine.Options{
		Schema: string(schema), Resolvers: files, AccessKey: "key", SecretKey: "secret-secret", Region: "us-east-1",
		Now: w.clock, NewID: w.newID,
		// In this world a user's token is his name.
		Verify: func(_ context.Context, token string) (map[string]any, error) {
			return map[string]any{"sub": token, "token_use": "access"}, nil
		},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return realtime{api: api, door: httptest.NewServer(api)}
}

func (r realtime) close() {
	_ = r.api.Close()
	r.door.Close()
}

// socket is a subscriber's side of AppSync's protocol. All of it belongs to the world's goroutine.
type socket struct{ conn *websocket.Conn }

// patient bounds what a socket on loopback is waited for.
const patient = 2 * time.Minute

const subscription = `subscription { imageEvents { owner id seq version status stage failure width height placeholder deletedAt at } }`

// subscribe opens a socket for an owner, and returns when events come.
func (r realtime) subscribe(owner gallery.Owner) (*socket, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	grant, err := json.Marshal(map[string]string{"Authorization": string(owner), "host": "appsync"})
	if err != nil {
		return nil, err
	}
	conn, _, err := websocket.Dial(ctx, r.door.URL+"/graphql/realtime", &websocket.DialOptions{
		Subprotocols: []string{"graphql-ws", "header-" + base64.RawURLEncoding.EncodeToString(grant)},
	})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	s := &socket{conn}
	data, err := json.Marshal(map[string]any{"query": subscription, "variables": map[string]any{}})
	if err != nil {
		return nil, err
	}
	start, err := json.Marshal(map[string]any{"id": "1", "type": "start", "payload": map[string]any{
		"data": string(data), "extensions": map[string]any{"authorization": json.RawMessage(grant)},
	}})
	if err != nil {
		return nil, err
	}
	if _, err = s.ask(ctx, `{"type":"connection_init"}`, "connection_ack"); err == nil {
		_, err = s.ask(ctx, string(start), "start_ack")
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// heard answers all events that were sent before it was called: the answer to a second connection_init comes after them.
func (s *socket) heard() ([]gallery.Event, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	return s.ask(ctx, `{"type":"connection_init"}`, "connection_ack")
}

// ask sends a frame, and reads until the answer; events that come before it are kept.
func (s *socket) ask(ctx context.Context, question, answer string) (events []gallery.Event, err error) {
	if err := s.conn.Write(ctx, websocket.MessageText, []byte(question)); err != nil {
		return nil, err
	}
	for {
		_, raw, err := s.conn.Read(ctx)
		if err != nil {
			return nil, err
		}
		var f struct {
			Type    string
			Payload struct {
				Data   struct{ ImageEvents *gallery.Event }
				Errors json.RawMessage
			}
		}
		if err := json.Unmarshal(raw, &f); err != nil {
			return nil, err
		}
		switch {
		case f.Type == answer:
			return events, nil
		case f.Type == "data" && f.Payload.Data.ImageEvents != nil && f.Payload.Errors == nil:
			events = append(events, *f.Payload.Data.ImageEvents)
		case f.Type != "ka":
			return nil, fmt.Errorf("a frame that nobody asked for: %s", raw)
		}
	}
}

func (s *socket) close() { _ = s.conn.CloseNow() }
