package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/darkroom/darkroom/bench/server"
	"github.com/darkroom/darkroom/internal/client"
)

// eventsDocument selects everything, as a client does.
const eventsDocument = `subscription { imageEvents {
  owner id seq version status stage failure width height placeholder deletedAt at } }`

// darkroomOwner is the demo user.
type darkroomOwner struct {
	config client.Config
	token  string
	web    *http.Client
	naming naming
	ids    []string
}

func joinDarkroom(ctx context.Context, p *server.Process) (owner, error) {
	config, err := server.ReadConfig(p.Dir)
	if err != nil {
		return nil, fmt.Errorf("read where the cloud is: %w", err)
	}
	u := &darkroomOwner{config: config, web: server.NewWeb(64), naming: newNaming()}
	if u.token, err = server.AccessToken(ctx, u.web, config); err != nil {
		return nil, err
	}
	for n := range images {
		const create = `mutation($sha256: String!) { createUpload(
  filename: "bench.jpg", contentType: "image/jpeg", bytes: 1000, sha256: $sha256) { ... on UploadTarget { image { id } } } }`
		var made struct {
			CreateUpload struct{ Image struct{ ID string } }
		}
		if err := u.ask(ctx, create, map[string]any{"sha256": fmt.Sprintf("%064x", n)}, &made); err != nil {
			return nil, err
		}
		u.ids = append(u.ids, made.CreateUpload.Image.ID)
	}
	return u, nil
}

// change moves an image into the trash, and out again the next time.
func (u *darkroomOwner) change(ctx context.Context, image, n int) (change, error) {
	field := "deleteImage"
	if n%2 == 1 {
		field = "restoreImage"
	}
	var changed map[string]struct{ Version json.Number }
	id := u.ids[image]
	err := u.ask(ctx, `mutation($id: ID!) { `+field+`(id: $id) { version } }`, map[string]any{"id": id}, &changed)
	return u.naming.of([]byte(id), []byte(changed[field].Version)), err
}

func (u *darkroomOwner) ask(ctx context.Context, document string, variables map[string]any, out any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return fmt.Errorf("write a request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.config.GraphQL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make a request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", u.token)
	answer, err := server.Send(u.web, req)
	if err != nil {
		return err
	}
	var response struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(answer, &response); err != nil || len(response.Errors) > 0 {
		return fmt.Errorf("answered %.300s (%v)", answer, err)
	}
	return json.Unmarshal(response.Data, out)
}

func (u *darkroomOwner) subscribe(ctx context.Context, hear func(change)) (<-chan error, error) {
	endpoint := "ws" + strings.TrimPrefix(u.config.Realtime, "http") + "/realtime"
	grant, _ := json.Marshal(map[string]string{"Authorization": u.token, "host": "localhost"}) // strings always encode
	socket, _, err := websocket.Dial(ctx, endpoint, &websocket.DialOptions{
		Subprotocols: []string{"graphql-ws", "header-" + base64.RawURLEncoding.EncodeToString(grant)},
	})
	if err != nil {
		return nil, fmt.Errorf("subscribe: %w", err)
	}
	if err := start(ctx, socket, grant); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() {
		defer socket.CloseNow() //nolint:errcheck // it may be closed already
		for {
			_, frame, err := socket.Read(ctx)
			if err != nil {
				ended <- err
				return
			}
			if bytes.Contains(frame, []byte(`"type":"data"`)) {
				hear(u.naming.of(value(frame, `"id":"`, `"`), value(frame, `"version":`, ",}")))
			}
		}
	}()
	return ended, nil
}

// start subscribes, and waits for the acknowledgement.
func start(ctx context.Context, socket *websocket.Conn, grant json.RawMessage) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	data, _ := json.Marshal(map[string]any{"query": eventsDocument, "variables": struct{}{}})
	frame, _ := json.Marshal(map[string]any{"id": "events", "type": "start", "payload": map[string]any{
		"data": string(data), "extensions": map[string]any{"authorization": grant},
	}})
	if err := socket.Write(ctx, websocket.MessageText, frame); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	if _, answer, err := socket.Read(ctx); err != nil || !bytes.Contains(answer, []byte(`"start_ack"`)) {
		return fmt.Errorf("subscribe: got %s (%w)", answer, err)
	}
	return nil
}
