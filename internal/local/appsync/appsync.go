// Package appsync is a local AWS AppSync: GraphQL endpoint, realtime protocol, and resolver files run as deployed.
package appsync

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/darkroom/darkroom/internal/local/sigv4"
)

// What AppSync itself does, where Options leaves it open.
const (
	defaultKeepAlive         = 60 * time.Second
	defaultConnectionTimeout = 300 * time.Second
	defaultMaxConnections    = 10_000
	defaultResolverLimit     = 10_000
)

// errClosed ends connections when the API is closed.
var errClosed = errors.New("appsync is closed")

// Options is what an API is made of. Its functions are called concurrently.
type Options struct {
	// Schema is SDL in AppSync's form: with its directives and scalars, and without declaring them.
	Schema string
	// Resolvers holds TypeName.fieldName.js at its root. They are run as AppSync would, on a NONE data source: what
	// request returns as payload is what response finds as ctx.result.
	Resolvers fs.FS
	// Shared names the file in Resolvers that resolves every field of Query and Mutation without a file of its own, on a
	// Lambda data source; where it is empty, those fields have no resolver.
	Shared string
	// Invoke calls the function of that data source with its payload. Any error is ctx.error to the resolver.
	Invoke func(ctx context.Context, payload []byte) ([]byte, error)
	// Verify checks a user pool's token, given as the caller sent it, and answers its claims. Any error refuses the caller.
	Verify func(ctx context.Context, token string) (claims map[string]any, err error)
	// ResolverLimit is how many resolvers one request may run: 10,000 where it is zero.
	ResolverLimit int
	// AccessKey and SecretKey are the one IAM identity; without them there is none. Its requests are signed
	// (Signature Version 4) for the service "appsync" in Region, and the signature is checked.
	AccessKey, SecretKey, Region string
	// Now is the clock: a signature lives for five minutes of it.
	Now func() time.Time
	// NewID makes request ids, and what util.autoId answers.
	NewID func() string
	// Log receives what is dropped and what breaks; nil for nowhere.
	Log *slog.Logger
	// KeepAlive is how often an idle socket hears from the server: 60 s where it is zero.
	KeepAlive time.Duration
	// ConnectionTimeout is the silence after which clients are told to give up: 300 s where it is zero.
	ConnectionTimeout time.Duration
	// MaxConnections is how many sockets may be open: 10,000 where it is zero. One more is answered 429.
	MaxConnections int
}

// API serves one AppSync API. Make it with New; its methods may be called concurrently.
type API struct {
	opts     Options
	schema   *ast.Schema
	fires    map[string][]string // the subscription fields that a mutation fires
	runtime  *runtime
	signer   sigv4.Identity
	registry *registry
	slots    chan struct{} // one a socket

	ctx    context.Context // ends when the API is closed
	end    context.CancelCauseFunc
	mu     sync.Mutex // guards closed and open, and requests.Add against Wait
	closed bool
	open   map[*connection]struct{}
	// requests are those being served, sockets included.
	requests sync.WaitGroup
}

// New checks schema and resolvers, and compiles them. The error says which of them is wrong, and how.
func New(o Options) (*API, error) {
	if o.Resolvers == nil || o.Verify == nil || o.Now == nil || o.NewID == nil {
		return nil, errors.New("appsync: Resolvers, Verify, Now and NewID are needed")
	}
	o = o.withDefaults()
	schema, err := loadSchema(o.Schema)
	if err != nil {
		return nil, err
	}
	fires, err := subscribers(schema)
	if err != nil {
		return nil, err
	}
	runtime, err := newRuntime(o.Resolvers, schema, o)
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancelCause(context.Background())
	return &API{
		opts: o, schema: schema, fires: fires, runtime: runtime, registry: newRegistry(),
		signer: sigv4.Identity{AccessKey: o.AccessKey, SecretKey: o.SecretKey, Region: o.Region, Service: "appsync"},
		slots:  make(chan struct{}, o.MaxConnections),
		ctx:    ctx, end: end, open: map[*connection]struct{}{},
	}, nil
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.KeepAlive <= 0 {
		o.KeepAlive = defaultKeepAlive
	}
	if o.ConnectionTimeout <= 0 {
		o.ConnectionTimeout = defaultConnectionTimeout
	}
	if o.MaxConnections <= 0 {
		o.MaxConnections = defaultMaxConnections
	}
	if o.ResolverLimit <= 0 {
		o.ResolverLimit = defaultResolverLimit
	}
	return o
}

// ServeHTTP answers POST /graphql, its CORS preflight, and WebSocket handshakes on /graphql, /graphql/connect,
// /graphql/realtime and /graphql/realtime/connect: clients differ in which they use. A socket goes on when it returns, until
// Close.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !a.begin() {
		http.Error(w, errClosed.Error(), http.StatusServiceUnavailable)
		return
	}
	defer a.requests.Done()
	allowOrigins(w.Header())
	socket := strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
	switch r.URL.Path {
	case "/graphql":
	case "/graphql/connect", "/graphql/realtime", "/graphql/realtime/connect":
		if !socket && r.Method != http.MethodOptions {
			http.Error(w, "this is a WebSocket endpoint", http.StatusUpgradeRequired)
			return
		}
	default:
		http.NotFound(w, r)
		return
	}
	switch {
	case r.Method == http.MethodOptions:
		w.WriteHeader(http.StatusNoContent)
	case socket:
		a.serveSocket(w, r)
	case r.Method == http.MethodPost:
		a.servePost(w, r)
	default:
		w.Header().Set("Allow", "POST, OPTIONS")
		http.Error(w, "POST a GraphQL request", http.StatusMethodNotAllowed)
	}
}

// begin counts a request in, unless the API is closed.
func (a *API) begin() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return false
	}
	a.requests.Add(1)
	return true
}

// Close closes every socket with "going away", and returns when all requests and goroutines have ended. It waits some
// seconds for clients that do not answer. The error is always nil.
func (a *API) Close() error {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.end(errClosed)
	a.leaveAll()
	a.requests.Wait()
	a.registry.deliverers.wait()
	return nil
}
