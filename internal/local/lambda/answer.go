package lambda

import (
	"context"
	"encoding/json"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// answers is a handler of an HTTP API's events.
type answers = func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// AnswersHTTP tells whether the handler is one of an HTTP API's events, and Answer can be called.
func (f *Function) AnswersHTTP() bool {
	_, ok := f.opts.Handler.(answers)
	return ok
}

// Answer is Invoke for an event of an HTTP API, without the JSON in between: a page of images takes a tenth less. The event
// has to be what JSON can carry, UTF-8, and shorter than MaxPayload with all its escapes. All else is as with Invoke, the
// limit of an answer too.
func (f *Function) Answer(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	handle, _ := f.opts.Handler.(answers)
	a := f.invoke(ctx, func(ctx context.Context, _ lambda.Handler) answer {
		res, err := handle(ctx, e)
		switch {
		case err != nil:
			return answer{err: reported(err)}
		case overPayload(res):
			return answer{err: tooLarge()}
		}
		return answer{http: res}
	})
	return a.http, a.err
}

// overPayload tells whether an answer is too large as JSON. Only one that could be is encoded to see.
func overPayload(res events.APIGatewayV2HTTPResponse) bool {
	if worstCase(res) <= MaxPayload {
		return false
	}
	payload, err := json.Marshal(res)
	return err != nil || len(payload) > MaxPayload
}

// worstCase is the length of an answer's JSON, were every byte escaped.
func worstCase(res events.APIGatewayV2HTTPResponse) int {
	texts, lists := len(res.Body), len(res.Cookies)+len(res.Headers)+len(res.MultiValueHeaders)
	for _, cookie := range res.Cookies {
		texts += len(cookie)
	}
	for name, value := range res.Headers {
		texts += len(name) + len(value)
	}
	for name, values := range res.MultiValueHeaders {
		texts, lists = texts+len(name), lists+len(values)
		for _, value := range values {
			texts += len(value)
		}
	}
	const members, punctuation = 1 << 10, len(`"":"",`)
	return members + lists*punctuation + texts*len(`\u001f`)
}
