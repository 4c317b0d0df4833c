// Package lambda invokes handlers as AWS Lambda does.
//
// A handler gets JSON bytes, or what they would say (Answer), a deadline and a
// request id, and nothing else of its caller; whatever it answers with, be it a panic, comes back as Lambda
// reports it. Unlike on AWS all invocations share a process, so that a handler
// that outlives its timeout cannot be killed: it keeps its place among the
// concurrent invocations until it returns.
package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/uuid"
)

const (
	// MaxPayload bounds what goes into and comes out of an invocation, in bytes.
	MaxPayload = 6 << 20
	// DefaultTimeout is Lambda's own.
	DefaultTimeout = 3 * time.Second
	// DefaultConcurrency is what AWS gives a new account.
	DefaultConcurrency = 10

	maxTimeout     = 15 * time.Minute
	maxConcurrency = 1000
)

// Options are what a function is.
type Options struct {
	// Name is 1 to 64 letters, digits, hyphens and underscores.
	Name string
	// Handler is the Go function, the same that lambda.Start would run.
	Handler any
	// Timeout is how long an invocation may take. Zero: DefaultTimeout.
	Timeout time.Duration
	// Concurrency is how many invocations may run at once; more wait for their
	// turn. Zero: DefaultConcurrency.
	Concurrency int
	// Region is what the function's ARN names. Empty: us-east-1.
	Region string
	// NewID makes request ids. Nil: random UUIDs.
	NewID func() string
	// Log hears of panics, with their stack, and of timeouts. Nil: nobody does.
	Log *slog.Logger
}

// Function is a handler that can be invoked, by many callers at once.
type Function struct {
	opts Options
	arn  string
	idle chan *place // those that do not run; as many as may run at once
	base context.Context
	stop context.CancelFunc
}

var functionName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// New makes a function.
func New(o Options) (*Function, error) {
	if !functionName.MatchString(o.Name) || o.Handler == nil {
		return nil, fmt.Errorf("make function %q: a name and a handler are required", o.Name)
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Concurrency == 0 {
		o.Concurrency = DefaultConcurrency
	}
	if o.Timeout < 0 || o.Timeout > maxTimeout || o.Concurrency < 0 || o.Concurrency > maxConcurrency {
		return nil, fmt.Errorf("make function %s: timeout %v or concurrency %d out of range",
			o.Name, o.Timeout, o.Concurrency)
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	f := &Function{
		opts: o,
		arn:  "arn:aws:lambda:" + o.Region + ":000000000000:function:" + o.Name,
		idle: make(chan *place, o.Concurrency),
	}
	for range o.Concurrency {
		f.idle <- &place{handler: lambda.NewHandler(o.Handler)}
	}
	f.base, f.stop = context.WithCancel(context.Background())
	return f, nil
}

// ARN is the function's Amazon Resource Name.
func (f *Function) ARN() string { return f.arn }

// Invoke runs the handler on a JSON payload and returns the JSON it answers.
// An *Error is what Lambda would report of the function; any other error means
// that ctx ended first, or that the function is closed. The end of ctx ends the
// wait for an answer, not the handler, which does not know its caller.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if err := checkPayload(payload); err != nil {
		return nil, err
	}
	a := f.invoke(ctx, func(ctx context.Context, h lambda.Handler) answer { return asJSON(ctx, h, payload) })
	return a.payload, a.err
}

// asJSON calls the handler as Lambda does.
func asJSON(ctx context.Context, handler lambda.Handler, payload []byte) answer {
	out, err := handler.Invoke(ctx, payload)
	switch {
	case err != nil:
		return answer{err: reported(err)}
	case len(out) > MaxPayload:
		return answer{err: tooLarge()}
	}
	return answer{payload: bytes.Clone(out)}
}

// invoke has a place run the work, and waits for its answer as long as ctx and the function's timeout let it.
func (f *Function) invoke(ctx context.Context, run work) answer {
	p, err := f.acquire(ctx)
	if err != nil {
		return answer{err: fmt.Errorf("invoke %s: %w", f.opts.Name, err)}
	}
	id := f.opts.NewID()
	answered := make(chan answer, 1)
	select {
	case f.start(p) <- call{id, run, answered}:
	case <-f.base.Done():
		return answer{err: fmt.Errorf("invoke %s: %w", f.opts.Name, ErrClosed)}
	}
	timeout := time.NewTimer(f.opts.Timeout)
	defer timeout.Stop()
	select {
	case a := <-answered:
		return a
	case <-timeout.C:
		f.opts.Log.Error("function timed out", "function", f.opts.Name, "request", id, "timeout", f.opts.Timeout)
		return answer{err: timedOut(id, f.opts.Timeout)}
	case <-ctx.Done():
		return answer{err: fmt.Errorf("invoke %s: %w", f.opts.Name, ctx.Err())}
	}
}

// place is one of the invocations that may run at once: a sandbox, were this AWS. What a lambda.Handler answers lies in a
// buffer that it uses again, so each serves one invocation at a time. It has a goroutine of its own from its first
// invocation on, whose stack has grown to what the handler needs. Who has taken it from idle owns it.
type place struct {
	handler lambda.Handler
	calls   chan call // nil without a goroutine
}

type call struct {
	id       string
	run      work
	answered chan<- answer
}

// work is what one invocation has the handler do.
type work func(ctx context.Context, handler lambda.Handler) answer

// start gives a place its goroutine, if it has none.
func (f *Function) start(p *place) chan<- call {
	if p.calls == nil {
		p.calls = make(chan call)
		go f.serve(p, p.calls)
	}
	return p.calls
}

// serve runs one call after another until the function is closed, or until a handler ends the goroutine.
func (f *Function) serve(p *place, calls <-chan call) {
	defer func() {
		if f.base.Err() == nil {
			p.calls = nil
			f.idle <- p
		}
	}()
	for {
		select {
		case c := <-calls:
			f.run(p.handler, c)
			f.idle <- p
		case <-f.base.Done():
			return
		}
	}
}

// acquire waits for a place that is idle.
func (f *Function) acquire(ctx context.Context) (*place, error) {
	select {
	case p := <-f.idle:
		if f.base.Err() != nil {
			f.idle <- p
			return nil, ErrClosed
		}
		return p, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-f.base.Done():
		return nil, ErrClosed
	}
}

// Close refuses further invocations and waits for the running handlers. When
// ctx ends, they are told to end by their contexts, and Close answers with an
// error at once.
func (f *Function) Close(ctx context.Context) error {
	defer f.stop()
	for range cap(f.idle) {
		select {
		case <-f.idle:
		case <-f.base.Done():
			return nil // closed before
		case <-ctx.Done():
			return fmt.Errorf("close function %s with handlers still running: %w", f.opts.Name, ctx.Err())
		}
	}
	return nil
}

// answer is how a handler ended.
type answer struct {
	payload []byte
	http    events.APIGatewayV2HTTPResponse // of Answer, in place of a payload
	err     error
}

// run calls the handler and answers exactly once, also if the handler panics or
// ends its goroutine.
func (f *Function) run(handler lambda.Handler, c call) {
	ctx, cancel := context.WithTimeout(f.base, f.opts.Timeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: c.id, InvokedFunctionArn: f.arn})
	a := answer{err: &Error{Type: "Runtime.ExitError", Message: "RequestId: " + c.id + " Error: Runtime exited"}}
	defer func() { c.answered <- a }()
	defer func() {
		if value := recover(); value != nil {
			f.opts.Log.Error("function panicked", "function", f.opts.Name, "request", c.id,
				"panic", value, "stack", string(debug.Stack()))
			a = answer{err: &Error{Type: typeName(value), Message: fmt.Sprint(value)}}
		}
	}()
	a = c.run(ctx, handler)
}

func checkPayload(payload []byte) error {
	if len(payload) > MaxPayload {
		return &Error{
			Type: "RequestEntityTooLargeException",
			Message: fmt.Sprintf("%d byte payload is too large for the RequestResponse invocation type (limit %d bytes)",
				len(payload), MaxPayload),
		}
	}
	if !json.Valid(payload) {
		return &Error{Type: "InvalidRequestContentException", Message: "Could not parse request body into json."}
	}
	return nil
}

// reported is how Lambda reports an error that a handler returned: by the name
// of its type, without what it wraps.
func reported(err error) *Error {
	if chosen, ok := errors.AsType[messages.InvokeResponse_Error](err); ok {
		return &Error{Type: chosen.Type, Message: chosen.Message}
	}
	return &Error{Type: typeName(err), Message: err.Error()}
}
