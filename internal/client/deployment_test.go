package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/darkroom/darkroom/gallery"
)

const unauthorized = `{"errors":[{"errorType":"UnauthorizedException","errorCode":401}]}`

// deployment speaks the wire of Cognito, the GraphQL API, AppSync's sockets and S3, with the feed of one user behind it.
type deployment struct {
	*httptest.Server
	t *testing.T

	mu      sync.Mutex
	issued  int             // access tokens so far; the last one is valid
	events  []gallery.Event // of the feed: number n at n-1
	floor   int64           // events up to here are no longer kept
	asked   int             // readings of the feed
	unheard int             // readings after which something happens that is announced to nobody
	failing int             // readings to answer with 503
	sockets []*websocket.Conn
	opened  int // sockets so far
	barring int // handshakes to refuse as unauthorized
	noAck   bool

	login http.HandlerFunc // nil for the normal answer
	api   http.HandlerFunc // nil for the feed
	put   http.HandlerFunc
}

func deploy(t *testing.T) *deployment {
	t.Helper()
	d := &deployment{t: t}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /cognito/", d.cognito)
	mux.HandleFunc("POST /graphql", d.graphql)
	mux.HandleFunc("GET /graphql/realtime", d.realtime)
	mux.HandleFunc("PUT /upload", func(w http.ResponseWriter, r *http.Request) { d.put(w, r) })
	d.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		d.drop()
		d.Server.Close()
	})
	return d
}

func (d *deployment) config() Config {
	return Config{
		GraphQL: d.URL + "/graphql", Realtime: d.URL + "/graphql",
		Cognito: Cognito{Endpoint: d.URL + "/cognito/", UserPoolID: "local_Test", ClientID: "app"},
		User:    "demo@darkroom.local", Password: "correct horse",
	}
}

// quickPace waits for nothing by itself: each test shortens what it is about.
func quickPace() pace {
	return pace{
		request: patient, stall: patient, silence: time.Hour,
		settle: time.Hour, busy: time.Hour, idle: 100 * time.Hour,
		retry: time.Millisecond, retryMax: 5 * time.Millisecond, attempts: 3,
	}
}

func (d *deployment) client(change func(*pace)) *Client {
	d.t.Helper()
	p := quickPace()
	if change != nil {
		change(&p)
	}
	c, err := newClient(Options{Config: d.config(), Now: time.Now}, p)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := c.session.signIn(d.t.Context(), "demo@darkroom.local", "correct horse"); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(c.Close)
	return c
}

func (d *deployment) cognito(w http.ResponseWriter, r *http.Request) {
	if d.login != nil {
		d.login(w, r)
		return
	}
	d.mu.Lock()
	d.issued++
	token := fmt.Sprintf("token-%d", d.issued)
	d.mu.Unlock()
	writeJSON(w, http.StatusOK, fmt.Sprintf(
		`{"AuthenticationResult":{"AccessToken":%q,"RefreshToken":"refresh","ExpiresIn":3600,"TokenType":"Bearer"}}`, token))
}

func (d *deployment) valid() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprintf("token-%d", d.issued)
}

func (d *deployment) graphql(w http.ResponseWriter, r *http.Request) {
	if d.api != nil {
		d.api(w, r)
		return
	}
	var body struct {
		Query     string
		Variables struct {
			After int64
			First int
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !strings.HasPrefix(body.Query, "query Changes") {
		http.Error(w, "only changes is answered here", http.StatusBadRequest)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	if d.failing > 0 {
		d.failing--
		writeJSON(w, http.StatusServiceUnavailable, `{"message":"Service Unavailable"}`)
		return
	}
	head := int64(len(d.events))
	after := body.Variables.After
	startOver := after < d.floor || after > head
	var run []gallery.Event
	if !startOver {
		run = d.events[after:min(head, after+int64(body.Variables.First))]
	}
	b, _ := json.Marshal(map[string]any{"data": map[string]any{
		"changes": map[string]any{"events": wires(run), "head": head, "startOver": startOver},
	}})
	if d.asked == d.unheard {
		d.events = append(d.events, gallery.Event{ID: "unheard", Seq: head + 1, Version: 1, Status: gallery.Ready})
	}
	writeJSON(w, http.StatusOK, string(b))
}

func (d *deployment) realtime(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"graphql-ws"}})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	ctx := r.Context()
	d.mu.Lock()
	d.opened++
	bar := d.barring > 0
	if bar {
		d.barring--
	}
	silent := d.noAck
	d.mu.Unlock()
	for {
		_, b, err := conn.Read(ctx)
		if err != nil {
			return
		}
		var f frame
		_ = json.Unmarshal(b, &f)
		switch {
		case f.Type == "connection_init" && bar:
			send(ctx, conn, `{"type":"connection_error","payload":`+unauthorized+`}`)
		case f.Type == "connection_init" && !silent:
			send(ctx, conn, `{"type":"connection_ack","payload":{"connectionTimeoutMs":300000}}`)
			send(ctx, conn, `{"type":"ka"}`)
		case f.Type == "start":
			if why := startProblem(f, r, d.valid()); why != "" {
				d.t.Logf("a start frame with a wrong %s", why)
				send(ctx, conn, `{"id":"`+f.ID+`","type":"error","payload":`+unauthorized+`}`)
				continue
			}
			d.mu.Lock()
			d.sockets = append(d.sockets, conn)
			d.mu.Unlock()
			send(ctx, conn, `{"id":"`+f.ID+`","type":"start_ack"}`)
		}
	}
}

// startProblem tells what is wrong with a start frame, if anything is: data is a string of JSON, the grant is complete.
func startProblem(f frame, r *http.Request, token string) string {
	var payload struct {
		Data       string
		Extensions struct{ Authorization grant }
	}
	if err := json.Unmarshal(f.Payload, &payload); err != nil {
		return "payload"
	}
	var inside request
	if err := json.Unmarshal([]byte(payload.Data), &inside); err != nil || !strings.Contains(inside.Query, "imageEvents") {
		return "data"
	}
	if got := payload.Extensions.Authorization; got.Authorization != token || got.Host != r.Host {
		return "authorization"
	}
	return ""
}

// happen appends events of the given statuses to the feed, one image each, and answers the number of the last.
func (d *deployment) happen(statuses ...gallery.Status) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range statuses {
		n := int64(len(d.events) + 1)
		d.events = append(d.events, gallery.Event{
			Owner: "me", ID: gallery.ID(fmt.Sprintf("image-%d", n)), Seq: n, Version: 1, Status: s,
			At: time.Date(2026, 11, 23, 14, 1, 41, 0, time.UTC),
		})
	}
	return int64(len(d.events))
}

// announce sends events that have happened to every subscriber.
func (d *deployment) announce(seqs ...int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, seq := range seqs {
		b, _ := json.Marshal(map[string]any{
			"id": subscriptionID, "type": "data",
			"payload": map[string]any{"data": map[string]any{"imageEvents": wires(d.events[seq-1 : seq])[0]}},
		})
		for _, conn := range d.sockets {
			send(d.t.Context(), conn, string(b))
		}
	}
}

func (d *deployment) say(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, conn := range d.sockets {
		send(d.t.Context(), conn, text)
	}
}

// drop cuts every socket.
func (d *deployment) drop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, conn := range d.sockets {
		conn.CloseNow()
	}
	d.sockets = nil
}

func (d *deployment) readings() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked
}

func (d *deployment) connections() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.opened
}

// wires writes events as the schema does: lower-case names, null for what is unknown.
func wires(events []gallery.Event) []map[string]any {
	out := []map[string]any{}
	for _, e := range events {
		out = append(out, map[string]any{
			"owner": e.Owner, "id": e.ID, "seq": e.Seq, "version": e.Version, "status": e.Status, "stage": nil,
			"failure": nil, "width": nil, "height": nil, "placeholder": nil, "deletedAt": nil, "at": e.At,
		})
	}
	return out
}

func send(ctx context.Context, conn *websocket.Conn, text string) {
	_ = conn.Write(ctx, websocket.MessageText, []byte(text))
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}
