package cognito_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/local/cognito"
	"github.com/darkroom/darkroom/internal/local/token"
)

const (
	poolID   = "local_Dev0001"
	poolName = "Dev0001"
	clientID = "web"
	email    = "ada@example.com"
	password = "correct horse battery"
)

// world is a pool behind a real socket, and what a test moves or sees of it.
type world struct {
	t     *testing.T
	pool  *cognito.Pool
	path  string
	url   string
	clock atomic.Int64 // nanoseconds
	log   lockedBuffer
	how   []func(*cognito.Options)
}

func (w *world) now() time.Time          { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) advance(d time.Duration) { w.clock.Add(int64(d)) }

// newWorld opens a pool in which ada has signed up, a copy of one made before: keys take long to make.
func newWorld(t *testing.T, how ...func(*cognito.Options)) *world {
	t.Helper()
	w := &world{t: t, how: how, path: filepath.Join(t.TempDir(), "users.db")}
	if err := os.WriteFile(w.path, seeded(), 0o600); err != nil {
		t.Fatal(err)
	}
	w.clock.Store(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.pool.ServeHTTP(rw, r) }))
	t.Cleanup(srv.Close)
	w.url = srv.URL
	w.open()
	t.Cleanup(func() { w.pool.Close() })
	return w
}

// seeded is the file of a pool with ada in it, made once.
var seeded = sync.OnceValue(func() []byte {
	dir, err := os.MkdirTemp("", "cognito")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "users.db")
	p, err := cognito.Open(path, cognito.Options{PoolID: poolID, ClientID: clientID, Issuer: "http://127.0.0.1/" + poolID})
	if err != nil {
		panic(err)
	}
	if _, err := p.Seed(email, password); err != nil {
		panic(err)
	}
	if err := p.Close(); err != nil {
		panic(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return text
})

func (w *world) options() cognito.Options {
	o := cognito.Options{
		PoolID: poolID, ClientID: clientID, Issuer: w.url + "/" + poolID, Now: w.now,
		Log: slog.New(slog.NewTextHandler(&w.log, nil)),
	}
	for _, set := range w.how {
		set(&o)
	}
	return o
}

func (w *world) open() {
	w.t.Helper()
	p, err := cognito.Open(w.path, w.options())
	if err != nil {
		w.t.Fatal(err)
	}
	w.pool = p
}

func (w *world) reopen() {
	w.t.Helper()
	if err := w.pool.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

func (w *world) verifier() *token.Verifier {
	w.t.Helper()
	v, err := token.NewVerifier(w.t.Context(), token.Options{
		Issuer: w.url + "/" + poolID, JWKSURL: w.url + "/" + poolID + "/.well-known/jwks.json",
		ClientIDs: []string{clientID}, Now: w.now,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

// lockedBuffer is a log that can be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// object is decoded JSON; at walks into it by names separated by dots.
type object map[string]any

func (o object) at(path string) string {
	var v any = map[string]any(o)
	for name := range strings.SplitSeq(path, ".") {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	s, _ := v.(string)
	return s
}

// call runs an operation as Amplify does, and returns its answer and its error's kind, "" on success.
func (w *world) call(operation string, in object) (object, string) {
	w.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, w.url+"/", bytes.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	out := object{}
	if err := json.Unmarshal(body, &out); err != nil {
		w.t.Fatalf("%s answered %s: %v", operation, body, err)
	}
	kind := resp.Header.Get("X-Amzn-Errortype")
	if got, want := out.at("__type"), kind; got != want {
		w.t.Errorf("%s: __type is %q, header %q", operation, got, want)
	}
	if ok := resp.StatusCode == http.StatusOK; ok != (kind == "") || (!ok && resp.StatusCode != http.StatusBadRequest) {
		w.t.Errorf("%s: status %d with error %q", operation, resp.StatusCode, kind)
	}
	return out, kind
}

func (w *world) passwordSignIn(name, password string) (object, string) {
	w.t.Helper()
	return w.call("InitiateAuth", object{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": clientID,
		"AuthParameters": object{"USERNAME": name, "PASSWORD": password}})
}

// tokens signs ada in and returns her tokens.
func (w *world) tokens() (access, id, refresh string) {
	w.t.Helper()
	out, kind := w.passwordSignIn(email, password)
	if kind != "" {
		w.t.Fatalf("sign-in: %s", kind)
	}
	result := "AuthenticationResult."
	return out.at(result + "AccessToken"), out.at(result + "IdToken"), out.at(result + "RefreshToken")
}
