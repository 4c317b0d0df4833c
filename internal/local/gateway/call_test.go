package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/darkroom/darkroom/internal/local/gateway"
)

// verbatim is a function that answers what lambda.NewHandler would not write.
type verbatim string

func (v verbatim) Invoke(context.Context, []byte) ([]byte, error) { return []byte(v), nil }

func TestFunctionFailures(t *testing.T) {
	const failed, late = `{"message":"Internal Server Error"}`, `{"message":"Service Unavailable"}`
	released := make(chan struct{})
	t.Cleanup(func() { close(released) })
	for name, c := range map[string]struct {
		function gateway.Function
		status   int
		body     string
	}{
		"an error":     {lambda.NewHandler(func() error { return errors.New("secret detail") }), 500, failed},
		"a panic":      {lambda.NewHandler(func() error { panic("secret detail") }), 500, failed},
		"no function":  {nil, 500, failed},
		"not an event": {lambda.NewHandler(func(int) error { return nil }), 500, failed},
		"over 6 MB":    {verbatim(`{"statusCode":200,"body":"` + strings.Repeat("a", 6<<20) + `"}`), 500, failed},
		"no JSON":      {verbatim("<html>"), 500, failed},
		"no answer":    {verbatim(""), 500, failed},
		"a function that stops in time": {lambda.NewHandler(func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}), 503, late},
		"a function that does not": {lambda.NewHandler(func() { <-released }), 503, late},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			o := options(gateway.Route{Path: "/", Function: c.function})
			o.Timeout = 100 * time.Millisecond
			o.Log = slog.New(slog.NewTextHandler(&log, nil))
			if c.status != 503 {
				o.Timeout = 10 * time.Second
			}
			got := send(t, "GET", serve(t, o)+"/", "")
			if got.status != c.status || got.body != c.body {
				t.Errorf("got %d %.60s, want %d %s", got.status, got.body, c.status, c.body)
			}
			if !strings.Contains(log.String(), "request=id-1") {
				t.Errorf("log = %q, want the request id", log.String())
			}
		})
	}
}

func TestLimitsOfARequest(t *testing.T) {
	url := serve(t, options(gateway.Route{Path: "/", Function: verbatim(`{"statusCode":200}`)}))
	for name, c := range map[string]struct{ size, want int }{
		"4 MB":                     {4 << 20, 200},
		"more than Lambda carries": {5 << 20, 413},
		"over 10 MB":               {10<<20 + 1, 413},
	} {
		for form, body := range map[string]io.Reader{
			"announced": bytes.NewReader(make([]byte, c.size)), "chunked": io.LimitReader(zeros{}, int64(c.size)),
		} {
			t.Run(name+" "+form, func(t *testing.T) {
				req, err := http.NewRequestWithContext(t.Context(), "POST", url, body)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := http.DefaultTransport.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				defer resp.Body.Close()
				text, _ := io.ReadAll(resp.Body)
				if resp.StatusCode != c.want {
					t.Errorf("status %d, want %d", resp.StatusCode, c.want)
				}
				if want := `{"message":"Request Entity Too Large"}`; c.want == 413 && string(text) != want {
					t.Errorf("body %s, want %s", text, want)
				}
			})
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestFunctionSeesLambdasContext(t *testing.T) {
	f := lambda.NewHandler(func(ctx context.Context) (string, error) {
		lc, ok := lambdacontext.FromContext(ctx)
		deadline, bounded := ctx.Deadline()
		if !ok || !bounded || time.Until(deadline) > 30*time.Second {
			return "", errors.New("no Lambda context or no deadline")
		}
		return lc.AwsRequestID, nil
	})
	got := send(t, "GET", serve(t, options(gateway.Route{Path: "/", Function: f}))+"/", "")
	if want := `"id-1"`; got.status != 200 || got.body != want {
		t.Errorf("got %d %s, want %s", got.status, got.body, want)
	}
}

func TestFunctionGoesOnWhenItsClientHangsUp(t *testing.T) {
	started, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	f := lambda.NewHandler(func(ctx context.Context) error {
		close(started)
		<-goOn
		ended <- ctx.Err()
		return nil
	})
	url := serve(t, options(gateway.Route{Path: "/", Function: f}))
	ctx, hangUp := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	gone := make(chan error, 1)
	go func() {
		_, err := http.DefaultTransport.RoundTrip(req)
		gone <- err
	}()
	<-started
	hangUp()
	if err := <-gone; err == nil {
		t.Fatal("the client did not hang up")
	}
	close(goOn)
	if err := <-ended; err != nil {
		t.Errorf("context of the function: %v", err)
	}
}

func TestCallsAtOnceAreBounded(t *testing.T) {
	entered, release := make(chan struct{}, 100), make(chan struct{})
	f := lambda.NewHandler(func() {
		entered <- struct{}{}
		<-release
	})
	o := options(gateway.Route{Path: "/", Function: f})
	o.Timeout = 50 * time.Millisecond
	url := serve(t, o)
	for range 65 {
		if got := send(t, "GET", url+"/", ""); got.status != 503 {
			t.Errorf("status %d, want 503 of a function that never answers", got.status)
		}
		if len(entered) == 3 { // one by one costs 50 ms each: the rest at once
			break
		}
	}
	statuses := make(chan int, 80)
	for range 80 {
		go func() { statuses <- send(t, "GET", url+"/", "").status }()
	}
	for range 80 {
		if got := <-statuses; got != 503 {
			t.Errorf("status %d, want 503", got)
		}
	}
	deadline := time.Now().Add(time.Minute)
	for len(entered) < 64 && time.Now().Before(deadline) { // on a busy machine a client may be refused before it has a place
		send(t, "GET", url+"/", "")
	}
	if got, want := len(entered), 64; got != want {
		t.Errorf("%d calls at once, want %d", got, want)
	}
	close(release)
	for send(t, "GET", url+"/", "").status != 200 {
		if time.Now().After(deadline) {
			t.Fatal("places are not given back")
		}
	}
}
