package client

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/uuid"

	deployed "github.com/darkroom/darkroom/appsync"
	"github.com/darkroom/darkroom/gallery"
	publishing "github.com/darkroom/darkroom/internal/appsync"
	"github.com/darkroom/darkroom/internal/local/appsync"
	"github.com/darkroom/darkroom/internal/local/cognito"
	"github.com/darkroom/darkroom/internal/local/token"
)

const (
	demoUser     = "demo@darkroom.local"
	demoPassword = "Correct-horse-1"
	poolID       = "local_Test"
)

// engines are the user pool and the AppSync of the local cloud, beside a deployment's feed.
type engines struct {
	*deployment
	pool      *cognito.Pool
	owner     gallery.Owner
	calls     atomic.Int64 // of Cognito
	publisher publishing.Publisher
	api       *appsync.API
	endpoints struct{ cognito, appsync string }
}

func startEngines(t *testing.T) *engines {
	t.Helper()
	e := &engines{deployment: deploy(t)}
	users := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.calls.Add(1)
		e.pool.ServeHTTP(w, r)
	}))
	t.Cleanup(users.Close)
	e.endpoints.cognito = users.URL + "/"
	issuer := users.URL + "/" + poolID
	var err error
	e.pool, err = cognito.Open(filepath.Join(t.TempDir(), "users.db"), cognito.Options{
		PoolID: poolID, ClientID: "app", Issuer: issuer,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.pool.Close() })
	sub, err := e.pool.Seed(demoUser, demoPassword)
	if err != nil {
		t.Fatal(err)
	}
	e.owner = gallery.Owner(sub)
	e.startAppSync(issuer)
	return e
}

// startAppSync runs the schema and the resolvers that are deployed.
func (e *engines) startAppSync(issuer string) {
	e.t.Helper()
	verifier, err := token.NewVerifier(e.t.Context(), token.Options{
		Issuer: issuer, ClientIDs: []string{"app"}, JWKSURL: issuer + "/.well-known/jwks.json",
	})
	if err != nil {
		e.t.Fatal(err)
	}
	schema, err := deployed.Files.ReadFile("schema.graphql")
	if err != nil {
		e.t.Fatal(err)
	}
	resolvers, err := fs.Sub(deployed.Files, "resolvers")
	if err != nil {
		e.t.Fatal(err)
	}
	e.api, err = appsync.New(appsync.Options{
		Schema: string(schema), Resolvers: resolvers, Verify: verifier.Verify,
		AccessKey: "key", SecretKey: "secret", Region: "local",
		Now: time.Now, NewID: uuid.NewString, KeepAlive: 20 * time.Millisecond,
	})
	if err != nil {
		e.t.Fatal(err)
	}
	server := httptest.NewServer(e.api)
	e.t.Cleanup(server.Close)
	e.t.Cleanup(func() { e.api.Close() })
	e.endpoints.appsync = server.URL + "/graphql"
	e.publisher = publishing.Publisher{
		Endpoint: e.endpoints.appsync, Region: "local", HTTP: server.Client(), Now: time.Now,
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
}

func (e *engines) signIn(now func() time.Time, password string) (*Client, error) {
	config := e.config()
	config.Realtime = e.endpoints.appsync
	config.Cognito = Cognito{Endpoint: e.endpoints.cognito, UserPoolID: poolID, ClientID: "app"}
	config.User, config.Password = demoUser, password
	c, err := newClient(Options{Config: config, Now: now}, quickPace())
	if err != nil {
		return nil, err
	}
	e.t.Cleanup(c.Close)
	return c, c.session.signIn(e.t.Context(), config.User, config.Password)
}

func TestSignInAndRenewalAtTheLocalUserPool(t *testing.T) {
	e := startEngines(t)
	if _, err := e.signIn(time.Now, "wrong"); !errors.Is(err, gallery.ErrUnauthenticated) {
		t.Errorf("a wrong password is answered with %v, want %v", err, gallery.ErrUnauthenticated)
	}
	now := time.Now()
	c, err := e.signIn(func() time.Time { return now }, demoPassword)
	if err != nil {
		t.Fatal(err)
	}
	first, err := c.session.token(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	before := e.calls.Load()
	now = now.Add(23 * time.Hour)
	second, err := c.session.token(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if first == second || e.calls.Load() != before+1 {
		t.Errorf("an expired token was renewed by %d calls, want another token by one", e.calls.Load()-before)
	}
}

func TestFollowAtTheLocalAppSync(t *testing.T) {
	e := startEngines(t)
	c, err := e.signIn(time.Now, demoPassword)
	if err != nil {
		t.Fatal(err)
	}
	up := make(chan struct{}, 8)
	c.notify = func(err error) {
		if err == nil {
			up <- struct{}{}
		}
	}
	c.pace.silence = 20 * time.Second // the keep-alives keep it from ending
	f := follow(t, c, 0)
	<-up
	announce := func(owner gallery.Owner, seq int64) {
		t.Helper()
		event := gallery.Event{
			Owner: owner, ID: "image-1", Seq: seq, Version: seq, Status: gallery.Ready, Width: 4032, Height: 3024,
			At: gallery.Time(time.Now()),
		}
		if err := e.publisher.Announce(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the feed is read after the acknowledgement", func() bool { return e.readings() >= 2 })
	readings := e.readings()
	announce(e.owner, 1)
	announce("somebody else", 2)
	announce(e.owner, 1)
	announce(e.owner, 2)
	f.want(1, 2)
	f.end()
	if got := e.readings(); got != readings {
		t.Errorf("the feed was read %d times, want the events from the socket alone", got-readings)
	}
}
