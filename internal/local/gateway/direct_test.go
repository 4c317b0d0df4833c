package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/internal/local/gateway"
	"github.com/darkroom/darkroom/internal/local/lambda"
)

// overJSON hides that a function can be asked without JSON.
type overJSON struct{ gateway.Function }

type handler = func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// TestAFunctionSeesAndAnswersTheSameWithJSONAndWithout sends each request to the same function on both ways.
func TestAFunctionSeesAndAnswersTheSameWithJSONAndWithout(t *testing.T) {
	answers := func(res events.APIGatewayV2HTTPResponse, err error) handler {
		return func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			return res, err
		}
	}
	for name, handle := range map[string]handler{
		"the event": func(_ context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			e.Headers = maps.Clone(e.Headers)
			delete(e.Headers, "host") // each way has its own
			delete(e.Headers, "x-forwarded-port")
			text, err := json.Marshal(e)
			return events.APIGatewayV2HTTPResponse{
				StatusCode: 200, Headers: map[string]string{"Content-Type": "application/json"}, Body: string(text), Cookies: []string{"a=1"},
			}, err
		},
		"the bytes of its texts": func(_ context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			texts := fmt.Sprintf("%q %q %q %q", e.Headers["x-odd"], e.Cookies, e.QueryStringParameters, e.PathParameters)
			return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: texts}, nil
		},
		"base64":              answers(events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: "/9j/", IsBase64Encoded: true}, nil),
		"base64 that is none": answers(events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: "?", IsBase64Encoded: true}, nil),
		"no status":           answers(events.APIGatewayV2HTTPResponse{}, nil),
		"an error":            answers(events.APIGatewayV2HTTPResponse{}, errors.New("broken")),
		"too much":            answers(events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: strings.Repeat("x", 6<<20)}, nil),
	} {
		f, err := lambda.New(lambda.Options{Name: "work", Handler: handle})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close(context.Background()) })
		direct := serve(t, options(gateway.Route{Path: "/{path+}", Function: f}))
		indirect := serve(t, options(gateway.Route{Path: "/{path+}", Function: overJSON{f}}))
		for kind, body := range map[string]string{
			"text": `{"a":"ü\u0001"}`, "bytes": "\xff\xfe", "none": "", "large": strings.Repeat("x", 1<<20), "too large": strings.Repeat("\xff", 5<<20),
		} {
			ask := func(url string) answer {
				return send(t, "POST", url+"/p%20q?x=%ff&y=1&y=2", body,
					"Content-Type", "application/json", "X-Odd", "caf\xe9", "Cookie", "b=\xe9; c=2", "User-Agent", "a\xe9")
			}
			got, want := ask(direct), ask(indirect)
			if got.status != want.status || got.body != want.body || got.header.Get("Set-Cookie") != want.header.Get("Set-Cookie") {
				t.Errorf("%s, %s body: got %d %.300s\nover JSON %d %.300s", name, kind, got.status, got.body, want.status, want.body)
			}
		}
	}
}
