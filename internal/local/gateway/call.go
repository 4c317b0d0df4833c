package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
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
	ask, problem := g.question(w, r, q)
	if problem != nil {
		g.leavePlace()
		writeMessage(w, problem.status, problem.message)
		return
	}
	out, err := g.invoke(r.Context(), ask)
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

// question asks a route's function, and reads its answer.
type question func(ctx context.Context) (response, error)

// question reads the request, and makes it an event for the route's function.
func (g *gateway) question(w http.ResponseWriter, r *http.Request, q request) (question, *problem) {
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
	event := q.event(r, body, g.o.Now())
	if f, ok := direct(q.route.Function, event); ok {
		return func(ctx context.Context) (response, error) { return answerOf(f.Answer(ctx, event)) }, nil
	}
	payload, err := json.Marshal(event)
	if err != nil {
		g.o.Log.Error("encode event", "request", q.id, "error", err)
		return nil, &problem{http.StatusInternalServerError, "Internal Server Error"}
	}
	// The gateway takes 10 MB, Lambda 6: with JSON's escapes and base64, less than that of a body.
	if len(payload) > maxPayload {
		return nil, tooLarge
	}
	return func(ctx context.Context) (response, error) { return ask(ctx, q.route.Function, payload) }, nil
}

// direct tells whether a function takes an event as it is: one that JSON would not change, nor Lambda refuse for its length.
func direct(f Function, e events.APIGatewayV2HTTPRequest) (Direct, bool) {
	d, ok := f.(Direct)
	return d, ok && d.AnswersHTTP() && len(e.Body) < maxPayload/8 && isText(e)
}

func isText(e events.APIGatewayV2HTTPRequest) bool {
	for _, texts := range []map[string]string{e.Headers, e.QueryStringParameters, e.PathParameters} {
		for name, value := range texts {
			if !utf8.ValidString(name) || !utf8.ValidString(value) {
				return false
			}
		}
	}
	return utf8.ValidString(e.RawQueryString) && utf8.ValidString(strings.Join(e.Cookies, ";"))
}

// ask invokes a function with JSON.
func ask(ctx context.Context, f Function, payload []byte) (response, error) {
	if f == nil {
		return response{}, errors.New("route has no function")
	}
	answer, err := f.Invoke(ctx, payload)
	switch {
	case err != nil:
		return response{}, err
	case len(answer) > maxPayload:
		return response{}, fmt.Errorf("%w: %d bytes", errTooLarge, len(answer))
	}
	return interpret(answer)
}

// invoke asks the function in the place taken for it and waits for it at most as long as it may take. As on AWS a
// function goes on when its client hangs up.
func (g *gateway) invoke(ctx context.Context, ask question) (response, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.o.Timeout)
	defer cancel()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: g.o.NewID()})
	type outcome struct {
		answer response
		err    error
	}
	// The goroutine ends with the function; it can always leave its outcome, so none waits for a handler that has gone.
	done := make(chan outcome, 1)
	go func() {
		defer g.leavePlace()
		answer, err := guarded(ctx, ask)
		done <- outcome{answer, err}
	}()
	select {
	case o := <-done:
		if o.err != nil && ctx.Err() != nil {
			return response{}, fmt.Errorf("%w: %w", errTimeout, o.err)
		}
		return o.answer, o.err
	case <-ctx.Done():
		return response{}, fmt.Errorf("%w: %v", errTimeout, g.o.Timeout.Round(time.Millisecond))
	}
}

// guarded asks the function; its panic ends that call alone, as Lambda loses one sandbox.
func guarded(ctx context.Context, ask question) (answer response, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("function panicked: %v", v)
		}
	}()
	return ask(ctx)
}
