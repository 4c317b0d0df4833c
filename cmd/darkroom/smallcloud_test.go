package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// smallCloud speaks just as much of a deployment's wire as the commands need. An upload is developed at once, by a clock
// that only it knows; bytes that say "broken" fail, and bytes that say "stuck" stay where they are.
type smallCloud struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	images  []map[string]any
	events  []map[string]any
	sockets []*websocket.Conn
	clock   time.Time
	stuck   chan struct{} // receives a value for each image that gets stuck
}

func startSmallCloud(t *testing.T) *smallCloud {
	t.Helper()
	c := &smallCloud{t: t, clock: time.Date(2026, 11, 23, 14, 1, 41, 0, time.UTC), stuck: make(chan struct{}, 8)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /cognito/", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(b), `"correct horse"`) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type":"NotAuthorizedException","message":"Incorrect username or password."}`)
			return
		}
		fmt.Fprint(w, `{"AuthenticationResult":{"AccessToken":"token","RefreshToken":"r","ExpiresIn":3600}}`)
	})
	mux.HandleFunc("POST /graphql", c.graphql)
	mux.HandleFunc("GET /graphql/realtime", c.realtime)
	mux.HandleFunc("PUT /originals/{id}", c.put)
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.close)
	return c
}

func (c *smallCloud) close() {
	c.mu.Lock()
	for _, conn := range c.sockets {
		conn.CloseNow()
	}
	c.mu.Unlock()
	c.Server.Close()
}

// config writes a configuration file and answers its path.
func (c *smallCloud) config(password string) string {
	path := filepath.Join(c.t.TempDir(), "client.json")
	text := fmt.Sprintf(`{"graphql":"%[1]s/graphql","realtime":"%[1]s/graphql","user":"demo@darkroom.local",
		"cognito":{"endpoint":"%[1]s/cognito/","region":"local","userPoolId":"local_Test","clientId":"app"},"password":%[2]q}`,
		c.URL, password)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	return path
}

func (c *smallCloud) graphql(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Query     string
		Variables map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	name := strings.Fields(strings.ReplaceAll(body.Query, "(", " "))[1]
	b, _ := json.Marshal(map[string]any{"data": map[string]any{
		strings.ToLower(name[:1]) + name[1:]: c.answer(name, body.Variables),
	}})
	_, _ = w.Write(b)
}

func (c *smallCloud) answer(operation string, v map[string]any) any {
	switch operation {
	case "Changes":
		after := int(v["after"].(float64))
		return map[string]any{"head": len(c.events), "events": c.events[after:], "startOver": false}
	case "Image":
		return c.find("id", v["id"])
	case "Images":
		edges := []any{}
		for i := len(c.images) - 1; i >= 0; i-- {
			if v["status"] == nil || v["status"] == c.images[i]["status"] {
				edges = append(edges, map[string]any{"node": c.images[i]})
			}
		}
		return map[string]any{"edges": edges, "pageInfo": map[string]any{"hasNextPage": false}}
	case "CreateUpload":
		return c.create(v)
	}
	return nil
}

func (c *smallCloud) create(v map[string]any) any {
	if old := c.find("sha256", v["sha256"]); old != nil {
		return map[string]any{"__typename": "AlreadyHave", "image": old}
	}
	image := map[string]any{
		"id": fmt.Sprintf("0199-%d", len(c.images)+1), "version": 0, "createdAt": c.clock,
		"filename": v["filename"], "contentType": v["contentType"], "bytes": v["bytes"], "sha256": v["sha256"],
	}
	c.images = append(c.images, image)
	c.change(image, "PENDING", 0)
	return map[string]any{
		"__typename": "UploadTarget", "image": image, "method": "PUT",
		"url": fmt.Sprintf("%s/originals/%s", c.URL, image["id"]), "headers": []any{},
	}
}

func (c *smallCloud) put(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	image := c.find("id", r.PathValue("id"))
	if strings.Contains(string(b), "stuck") {
		c.stuck <- struct{}{}
		return
	}
	c.change(image, "PROCESSING", 840*time.Millisecond)
	if strings.Contains(string(b), "broken") {
		image["failure"], image["failureMessage"] = "CORRUPT", "This picture is damaged or cut short."
		c.change(image, "FAILED", 120*time.Millisecond)
		return
	}
	image["format"], image["width"], image["height"] = "jpeg", 4032, 3024
	image["capture"] = map[string]any{"takenAt": "2024-05-01T12:33:00.000Z", "make": "Apple", "model": "iPhone 12"}
	image["renditions"] = []any{
		map[string]any{"name": "large", "width": 1024, "height": 768, "bytes": 91234, "url": "http://pictures/large"},
		map[string]any{"name": "square", "width": 200, "height": 200, "bytes": 9100, "url": "http://pictures/square"},
	}
	c.change(image, "READY", 610*time.Millisecond)
}

// change moves an image on, numbers that in the feed, and announces it.
func (c *smallCloud) change(image map[string]any, status string, after time.Duration) {
	c.clock = c.clock.Add(after)
	image["status"], image["updatedAt"], image["version"] = status, c.clock, image["version"].(int)+1
	event := map[string]any{
		"owner": "me", "id": image["id"], "seq": len(c.events) + 1, "version": image["version"], "status": status,
		"failure": image["failure"], "width": image["width"], "height": image["height"], "at": c.clock,
	}
	c.events = append(c.events, event)
	b, _ := json.Marshal(map[string]any{"id": "events", "type": "data", "payload": map[string]any{
		"data": map[string]any{"imageEvents": event},
	}})
	for _, conn := range c.sockets {
		_ = conn.Write(c.t.Context(), websocket.MessageText, b)
	}
}

func (c *smallCloud) find(key string, value any) map[string]any {
	for _, image := range c.images {
		if image[key] == value {
			return image
		}
	}
	return nil
}

func (c *smallCloud) realtime(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-ws"}})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	for {
		_, b, err := conn.Read(r.Context())
		if err != nil {
			return
		}
		if strings.Contains(string(b), `"connection_init"`) {
			_ = conn.Write(r.Context(), websocket.MessageText, []byte(`{"type":"connection_ack"}`))
			continue
		}
		c.mu.Lock()
		c.sockets = append(c.sockets, conn)
		_ = conn.Write(r.Context(), websocket.MessageText, []byte(`{"id":"events","type":"start_ack"}`))
		c.mu.Unlock()
	}
}
