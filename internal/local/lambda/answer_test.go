package lambda

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// TestAnAnswerIsTheSameWithJSONAndWithout asks the same function both ways.
func TestAnAnswerIsTheSameWithJSONAndWithout(t *testing.T) {
	say := func(res events.APIGatewayV2HTTPResponse, err error) answers {
		return func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			return res, err
		}
	}
	body := func(s string) answers { return say(events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: s}, nil) }
	const around = len(`{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":"","cookies":null}`)
	for name, handle := range map[string]answers{
		"what it was asked": func(_ context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			return events.APIGatewayV2HTTPResponse{StatusCode: 201, Headers: e.Headers, Body: e.Body, Cookies: e.Cookies}, nil
		},
		"an error": say(events.APIGatewayV2HTTPResponse{}, errors.New("broken")),
		"a panic": func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			panic("aargh")
		},
		"the longest":           body(strings.Repeat("x", MaxPayload-around)),
		"one byte too long":     body(strings.Repeat("x", MaxPayload-around+1)),
		"one escape too many":   body(strings.Repeat("x", MaxPayload-around-1) + "\n"),
		"long cookies":          say(events.APIGatewayV2HTTPResponse{StatusCode: 200, Cookies: []string{strings.Repeat("\x01", MaxPayload/6)}}, nil),
		"long headers":          say(events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{"a": strings.Repeat("\x01", MaxPayload/6)}}, nil),
		"a header of many long": say(events.APIGatewayV2HTTPResponse{StatusCode: 200, MultiValueHeaders: map[string][]string{"a": {strings.Repeat("\x01", MaxPayload/6)}}}, nil),
	} {
		f := function(t, handle, Options{Timeout: time.Minute})
		e := events.APIGatewayV2HTTPRequest{Body: "hello", Headers: map[string]string{"a": "b"}, Cookies: []string{"c"}}
		got, err := f.Answer(t.Context(), e)
		want, wantErr := overJSON(t, f, e)
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(err, wantErr) {
			t.Errorf("%s: got %.300v, %v\nover JSON %.300v, %v", name, got, err, want, wantErr)
		}
	}
}

func overJSON(t *testing.T, f *Function, e events.APIGatewayV2HTTPRequest) (res events.APIGatewayV2HTTPResponse, err error) {
	t.Helper()
	payload, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	out, err := f.Invoke(t.Context(), payload)
	if err == nil {
		err = json.Unmarshal(out, &res)
	}
	return res, err
}

func TestOnlyAHandlerOfHTTPEventsAnswersThem(t *testing.T) {
	if function(t, func() {}, Options{}).AnswersHTTP() {
		t.Error("a function of nothing says that it answers HTTP")
	}
	if !function(t, answers(nil), Options{}).AnswersHTTP() {
		t.Error("a function of HTTP events says that it does not answer them")
	}
}
