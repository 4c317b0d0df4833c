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

func TestSeedIsIdempotentAndLeavesThePassword(t *testing.T) {
	w := newWorld(t)
	first, err := w.pool.Seed(email, password)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.pool.Seed("ADA@example.com", "another password")
	if err != nil {
		t.Fatal(err)
	}
	if second != first || first == "" {
		t.Errorf("sub = %q, want %q", second, first)
	}
	if _, kind := w.passwordSignIn(email, "another password"); kind != "NotAuthorizedException" {
		t.Errorf("the second password: %q, want NotAuthorizedException", kind)
	}
	if _, kind := w.passwordSignIn(email, password); kind != "" {
		t.Errorf("the first password: %s", kind)
	}
	for _, bad := range []string{"", "ada", "Ada <ada@example.com>", "a@b c", strings.Repeat("a", 300) + "@example.com"} {
		if _, err := w.pool.Seed(bad, password); err == nil {
			t.Errorf("seeding %q: no error", bad)
		}
	}
}

func TestSeedingInParallelMakesOneUser(t *testing.T) {
	w := newWorld(t)
	subs := make([]string, 8)
	var wg sync.WaitGroup
	for i := range subs {
		wg.Go(func() {
			sub, err := w.pool.Seed("grace@example.com", password)
			if err != nil {
				t.Error(err)
			}
			subs[i] = sub
		})
	}
	wg.Wait()
	for _, sub := range subs[1:] {
		if sub != subs[0] {
			t.Errorf("subs %v differ", subs)
		}
	}
}

func TestPoolSurvivesARestart(t *testing.T) {
	w := newWorld(t)
	access, _, refresh := w.tokens()
	w.reopen()
	if _, err := w.verifier().Verify(t.Context(), access); err != nil {
		t.Errorf("access token from before: %v", err)
	}
	if _, kind := w.call("GetUser", object{"AccessToken": access}); kind != "" {
		t.Errorf("GetUser with it: %s", kind)
	}
	if _, kind := w.call("GetTokensFromRefreshToken", object{"ClientId": clientID, "RefreshToken": refresh}); kind != "" {
		t.Errorf("refresh token from before: %s", kind)
	}
	if _, kind := w.srpSignIn(email, password); kind != "" {
		t.Errorf("signing in: %s", kind)
	}
}

func TestFileHoldsNoSecretInPlain(t *testing.T) {
	w := newWorld(t)
	_, _, refresh := w.tokens()
	text, err := os.ReadFile(w.path)
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"password": password, "refresh token": refresh} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the file holds the %s", name)
		}
	}
	info, err := os.Stat(w.path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := info.Mode().Perm(), os.FileMode(0o600); got != want {
		t.Errorf("mode = %v, want %v", got, want)
	}
}

func TestOpenRefusesWhatCannotWork(t *testing.T) {
	w := newWorld(t)
	other := w.options()
	other.PoolID = "local_Other"
	if err := w.pool.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := cognito.Open(w.path, other); err == nil {
		t.Error("opening the file as another pool: no error")
	}
	w.open()
	if _, err := cognito.Open(w.path, w.options()); err == nil {
		t.Error("opening the file twice: no error")
	}
	for name, o := range map[string]cognito.Options{
		"no id":                     {ClientID: clientID, Issuer: "http://x/local_A"},
		"an id with no underscore":  {PoolID: "local", ClientID: clientID, Issuer: "http://x/local"},
		"an id with two of them":    {PoolID: "local_A_B", ClientID: clientID, Issuer: "http://x/local_A_B"},
		"no client":                 {PoolID: poolID, Issuer: "http://x/" + poolID},
		"no issuer":                 {PoolID: poolID, ClientID: clientID},
		"an id that leaves its URL": {PoolID: "local_../A", ClientID: clientID, Issuer: "http://x"},
	} {
		if _, err := cognito.Open(filepath.Join(t.TempDir(), "users.db"), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	notBolt := filepath.Join(t.TempDir(), "users.db")
	if err := os.WriteFile(notBolt, bytes.Repeat([]byte("text"), 8<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cognito.Open(notBolt, w.options()); err == nil {
		t.Error("opening another kind of file: no error")
	}
}
