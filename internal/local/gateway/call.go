package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

var (
	errTimeout  = errors.New("function did not answer in time")
	errTooLarge = errors.New("function answered more than Lambda carries")
)

// call runs the route's function and writes its answer, or what AWS says in its place.
func (g *gateway) call(w http.ResponseWriter, r *http.Request, q request) {
	if !g.takePlace(r.Context()) {
		writeMessage(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	}
	payload, problem := g.payload(w, r, q)
	if problem != nil {
		g.leavePlace()
		writeMessage(w, problem.status, problem.message)
		return
	}
	answer, err := g.invoke(r.Context(), q, payload)
	var out response
	if err == nil {
		out, err = interpret(answer)
	}
	switch {
	case err == nil:
		g.write(w, out)
	case errors.Is(err, errTimeout):
		g.o.Log.Error("function timed out", "request", q.id, "route", q.route.key(), "error", err)
		writeMessage(w, http.StatusServiceUnavailable, "Service Unavailable")
	default:
		g.o.Log.Error("function failed", "request", q.id, "route", q.route.key(), "error", err)
		writeMessage(w, http.StatusInternalServerError, "Internal Server Error")
	}
}

// takePlace waits for one of the gateway's places, as long as a function may take at most.
func (g *gateway) takePlace(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, g.o.Timeout)
	defer cancel()
	select {
	case g.places <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (g *gateway) leavePlace() { <-g.places }

// problem is an answer in place of the function's.
type problem struct {
	status  int
	message string
}

// payload reads the request and encodes its event.
func (g *gateway) payload(w http.ResponseWriter, r *http.Request, q request) ([]byte, *problem) {
	tooLarge := &problem{http.StatusRequestEntityTooLarge, "Request Entity Too Large"}
	if r.ContentLength > maxBody {
		return nil, tooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, tooLarge
	case err != nil:
		return nil, &problem{http.StatusBadRequest, "Bad Request"}
	}
	payload, err := json.Marshal(q.event(r, body, g.o.Now()))
	if err != nil {
		g.o.Log.Error("encode event", "request", q.id, "error", err)
		return nil, &problem{http.StatusInternalServerError, "Internal Server Error"}
	}
	// The gateway takes 10 MB, Lambda 6: with JSON's escapes and base64, less than that of a body.
	if len(payload) > maxPayload {
		return nil, tooLarge
	}
	return payload, nil
}

// invoke runs the function in the place taken for it and waits for it at most as long as it may take. As on AWS a
// function goes on when its client hangs up.
func (g *gateway) invoke(ctx context.Context, q request, payload []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.o.Timeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: g.o.NewID()})
	type outcome struct {
		answer []byte
		err    error
	}
	// The goroutine ends with the function; it can always leave its outcome, so none waits for a handler that has gone.
	done := make(chan outcome, 1)
	go func() {
		defer g.leavePlace()
		answer, err := guarded(ctx, q.route.Function, payload)
		done <- outcome{answer, err}
	}()
	select {
	case o := <-done:
		if o.err != nil && ctx.Err() != nil {
			return nil, fmt.Errorf("%w: %w", errTimeout, o.err)
		}
		if len(o.answer) > maxPayload {
			return nil, fmt.Errorf("%w: %d bytes", errTooLarge, len(o.answer))
		}
		return o.answer, o.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %v", errTimeout, g.o.Timeout.Round(time.Millisecond))
	}
}

// guarded invokes the function; its panic ends that call alone, as Lambda loses one sandbox.
func guarded(ctx context.Context, f Function, payload []byte) (answer []byte, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("function panicked: %v", v)
		}
	}()
	if f == nil {
		return nil, errors.New("route has no function")
	}
	return f.Invoke(ctx, payload)
}
