package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

func function(t *testing.T, handler any, o Options) *Function {
	t.Helper()
	o.Name, o.Handler = "work", handler
	o.NewID = func() string { return "request-1" }
	f, err := New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(f.stop)
	return f
}

func TestAHandlerSeesWhatLambdaGivesIt(t *testing.T) {
	type key struct{}
	var got *lambdacontext.LambdaContext
	f := function(t, func(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
		got, _ = lambdacontext.FromContext(ctx)
		if until, ok := ctx.Deadline(); !ok || time.Until(until) > time.Minute || time.Until(until) < 50*time.Second {
			t.Errorf("got deadline %v, want one in a minute", until)
		}
		if ctx.Value(key{}) != nil {
			t.Error("got a value of the caller, want none")
		}
		return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: e.Records[0].Body}}}, nil
	}, Options{Timeout: time.Minute})
	ctx := context.WithValue(t.Context(), key{}, "caller")
	out, err := f.Invoke(ctx, []byte(`{"Records":[{"body":"x"}]}`))
	if want := `{"batchItemFailures":[{"itemIdentifier":"x"}]}`; string(out) != want || err != nil {
		t.Errorf("got %s, %v, want %s", out, err, want)
	}
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:work"
	if got == nil || got.AwsRequestID != "request-1" || got.InvokedFunctionArn != arn || f.ARN() != arn {
		t.Errorf("got context %+v, want request-1 of %s", got, arn)
	}
}

type custom struct{}

func noMap() map[string]int { return nil }

func (*custom) Error() string { return "of my own" }

func TestAFailureIsReportedAsLambdaDoes(t *testing.T) {
	tests := []struct {
		name    string
		handler any
		want    string
	}{
		{"an error", func() error { return errors.New("broken") },
			`{"errorType":"errorString","errorMessage":"broken"}`},
		{"a wrapped error", func() error { return fmt.Errorf("read: %w", fs.ErrNotExist) },
			`{"errorType":"wrapError","errorMessage":"read: file does not exist"}`},
		{"an error of its own type", func() error { return &custom{} },
			`{"errorType":"custom","errorMessage":"of my own"}`},
		{"an error with a chosen type", func() error { return messages.InvokeResponse_Error{Type: "NotFound", Message: "gone"} },
			`{"errorType":"NotFound","errorMessage":"gone"}`},
		{"a panic with a string", func() { panic("aargh") },
			`{"errorType":"string","errorMessage":"aargh"}`},
		{"a panic of the runtime", func() { noMap()["x"] = 1 },
			`{"errorType":"plainError","errorMessage":"assignment to entry in nil map"}`},
		{"the end of its goroutine", func() { runtime.Goexit() },
			`{"errorType":"Runtime.ExitError","errorMessage":"RequestId: request-1 Error: Runtime exited"}`},
		{"a long answer", func() (string, error) { return strings.Repeat("x", MaxPayload-1), nil },
			`{"errorType":"Function.ResponseSizeTooLarge",` +
				`"errorMessage":"Response payload size exceeded maximum allowed payload size (6291456 bytes)."}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := function(t, tt.handler, Options{Timeout: time.Minute}).Invoke(t.Context(), []byte(`{}`))
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if got, _ := json.Marshal(failed); string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAPayloadIsBoundedAndJSON(t *testing.T) {
	f := function(t, func(json.RawMessage) error { return nil }, Options{Timeout: time.Minute})
	tests := []struct{ name, payload, want string }{
		{"the largest", `"` + strings.Repeat("x", MaxPayload-2) + `"`, ""},
		{"one byte more", `"` + strings.Repeat("x", MaxPayload-1) + `"`, "RequestEntityTooLargeException"},
		{"no JSON", `{`, "InvalidRequestContentException"},
		{"nothing", ``, "InvalidRequestContentException"},
	}
	for _, tt := range tests {
		_, err := f.Invoke(t.Context(), []byte(tt.payload))
		got := ""
		if failed, ok := errors.AsType[*Error](err); ok {
			got = failed.Type
		}
		if got != tt.want {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestAHandlerThatOutlivesItsTimeoutIsReportedAndWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := function(t, func() { time.Sleep(5 * time.Second) }, Options{Timeout: 2 * time.Second, Concurrency: 1})
		start := time.Now()
		_, err := f.Invoke(t.Context(), []byte(`{}`))
		want := &Error{"Sandbox.Timedout", "RequestId: request-1 Error: Task timed out after 2.00 seconds"}
		if got, ok := errors.AsType[*Error](err); !ok || *got != *want {
			t.Errorf("got %v, want %v", err, want)
		}
		if got := time.Since(start); got != 2*time.Second {
			t.Errorf("got the report after %v, want 2s", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := f.Invoke(ctx, []byte(`{}`)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want no place while the handler runs", err)
		}
		if err := f.Close(t.Context()); err != nil {
			t.Errorf("Close: %v", err)
		}
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("Close returned after %v, want it to wait 5s", got)
		}
	})
}

func TestCloseTellsHandlersToEndWhenItsTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		f := function(t, func(ctx context.Context) { <-ctx.Done(); ended <- ctx.Err() }, Options{Timeout: time.Minute})
		invoked := make(chan error, 1)
		go func() {
			_, err := f.Invoke(t.Context(), []byte(`{}`))
			invoked <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := f.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close: got %v, want a handler still running", err)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the handler saw %v, want it cancelled", err)
		}
		if err := <-invoked; err != nil {
			t.Errorf("Invoke: %v", err)
		}
		if _, err := f.Invoke(t.Context(), []byte(`{}`)); !errors.Is(err, ErrClosed) {
			t.Errorf("Invoke after Close: got %v, want %v", err, ErrClosed)
		}
	})
}

func TestNoMoreHandlersRunThanAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most atomic.Int32
		f := function(t, func() {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Second)
			running.Add(-1)
		}, Options{Concurrency: 3})
		start := time.Now()
		var wg sync.WaitGroup
		for range 9 {
			wg.Go(func() {
				if _, err := f.Invoke(t.Context(), []byte(`{}`)); err != nil {
					t.Errorf("Invoke: %v", err)
				}
			})
		}
		wg.Wait()
		if got := time.Since(start); most.Load() != 3 || got != 3*time.Second {
			t.Errorf("got %d at once in %v, want 3 in 3s", most.Load(), got)
		}
	})
}

func TestAnAnswerIsItsCallersOwn(t *testing.T) {
	f := function(t, func(in string) (string, error) { return in, nil }, Options{Timeout: time.Minute, Concurrency: 4})
	var callers sync.WaitGroup
	for n := range 8 {
		callers.Go(func() {
			want := fmt.Sprintf("%q", strings.Repeat(fmt.Sprint(n), 100*(n+1)))
			for range 200 {
				got, err := f.Invoke(t.Context(), []byte(want))
				runtime.Gosched()
				if err != nil || string(got) != want {
					t.Errorf("got %s, %v, want %s", got, err, want)
					return
				}
			}
		})
	}
	callers.Wait()
}

func TestNewRefusesWhatLambdaWould(t *testing.T) {
	handler := func() {}
	for name, o := range map[string]Options{
		"no name":           {Handler: handler},
		"a path":            {Name: "a/b", Handler: handler},
		"no handler":        {Name: "work"},
		"an hour":           {Name: "work", Handler: handler, Timeout: time.Hour},
		"a negative number": {Name: "work", Handler: handler, Concurrency: -1},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}
