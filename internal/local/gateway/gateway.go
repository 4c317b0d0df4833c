// Package gateway is an API Gateway HTTP API in front of Lambda functions.
package gateway

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/internal/local/buffer"
)

// The limits of AWS: of a request's body, of what a function may be sent or answer, and of its time.
const (
	maxBody        = 10 << 20
	maxPayload     = 6 << 20
	defaultTimeout = 30 * time.Second
	maxConcurrent  = 64 // calls at once; it bounds memory at some 2 GB when all bodies are as large as they may be
)

// Function is a Lambda function: an event in, an answer out, both JSON. lambda.NewHandler makes them. It should return
// when ctx ends; one that does not keeps its goroutine and one of the gateway's 64 places until it does.
type Function interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Direct is a Function of this process that can take an event, and answer it, without JSON. The event would be the same, and
// so is the answer; AnswersHTTP tells whether it is a function of such events.
type Direct interface {
	Function
	AnswersHTTP() bool
	Answer(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)
}

// Route says what answers a request. The most specific route wins: plain segments before {name}, {name} before the
// greedy {name+}, a method of its own before any, and $default last.
type Route struct {
	Method     string       // such as POST; empty or ANY for all
	Path       string       // such as /graphql, /s/{token}, /files/{path+}, or $default
	Function   Function     // gets the request as an event of payload format 2.0
	Authorized bool         // whether a valid access token is needed before anything else happens
	Static     http.Handler // in place of Function: serves the request itself, with its own CORS, sockets included
}

// Options are what a gateway is made of.
type Options struct {
	Routes []Route
	// Verify returns the claims of an access token, given as the Authorization header holds it. Without it every request
	// to an Authorized route is refused.
	Verify func(ctx context.Context, raw string) (map[string]any, error)

	// AllowOrigins are the web origins that may read answers of functions, "*" for all. When there is one, the gateway
	// answers preflight requests itself and drops the functions' own CORS headers, as AWS does.
	AllowOrigins []string
	AllowHeaders []string // what browsers may send; when nil, what Amplify's clients do

	Timeout time.Duration // of a function, 30 s when zero as on AWS
	Now     func() time.Time
	NewID   func() string // request ids; random UUIDs when nil
	Log     *slog.Logger  // gets functions' errors and refused tokens; silent when nil
}

// gateway is an http.Handler.
type gateway struct {
	o      Options
	routes []route
	cors   cors
	places chan struct{} // holds one value for each call under way
	lent   buffer.Pool   // what bodies are written from
}

// New makes the gateway. It needs no closing: a handler that returned has done its work, unless its function overran its
// time and does not stop.
func New(o Options) http.Handler {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &gateway{o: o, routes: sorted(o.Routes), cors: newCORS(o), places: make(chan struct{}, maxConcurrent)}
}

// ServeHTTP answers in AWS's order: preflight, route, authorizer, function.
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method, preflight := r.Method, g.cors.preflight(r)
	if preflight {
		method = r.Header.Get("Access-Control-Request-Method")
	}
	rt, parameters := match(g.routes, method, r.URL.EscapedPath())
	if rt != nil && rt.Static != nil && (preflight || !rt.Authorized) {
		rt.Static.ServeHTTP(w, r)
		return
	}
	g.cors.permit(w.Header(), r.Header.Get("Origin"))
	switch {
	case preflight:
		g.cors.answer(w)
	case rt == nil:
		writeMessage(w, http.StatusNotFound, "Not Found")
	default:
		g.serve(w, r, request{id: g.o.NewID(), route: rt, parameters: parameters})
	}
}

// serve answers a request that has a route.
func (g *gateway) serve(w http.ResponseWriter, r *http.Request, q request) {
	w.Header().Set("Apigw-Requestid", q.id)
	if q.route.Authorized {
		claims, err := g.authorize(r)
		if err != nil {
			g.o.Log.Debug("token refused", "request", q.id, "route", q.route.key(), "reason", err)
			w.Header().Set("WWW-Authenticate", "Bearer")
			writeMessage(w, http.StatusUnauthorized, "Unauthorized")
			return
		}
		q.claims = claims
	}
	if q.route.Static != nil {
		g.cors.withdraw(w.Header())
		q.route.Static.ServeHTTP(w, r)
		return
	}
	g.call(w, r, q)
}

// authorize returns the claims of the request's one token. Two Authorization headers are refused: the function might
// look at the one that was not checked.
func (g *gateway) authorize(r *http.Request) (map[string]any, error) {
	sent := r.Header.Values("Authorization")
	if len(sent) != 1 {
		return nil, errors.New("not exactly one Authorization header")
	}
	if g.o.Verify == nil {
		return nil, errors.New("gateway has no verifier")
	}
	return g.o.Verify(r.Context(), sent[0])
}

// Server is an http.Server for addr with the bounds a gateway needs: 10 s for headers of at most 16 KB, a minute for a
// request. Answers are not bounded in time, because sockets and downloads of Static routes last.
func Server(addr string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: addr, Handler: h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
}
