package graphql

import (
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// answer is what is written in reply to an event: JSON, or a message of net/http, so always text. The adapter's own writer
// copies a body once more to make it a string, and reads it to see whether it is one.
type answer struct {
	header http.Header
	status int
	body   strings.Builder
}

// Header is that of the answer.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write adds to the body.
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// event is the answer as API Gateway takes it, or a refusal in its place when Lambda would not carry it.
func (a *answer) event() events.APIGatewayV2HTTPResponse {
	headers := make(map[string]string, len(a.header))
	for name, values := range a.header {
		headers[name] = strings.Join(values, ",")
	}
	return fitting(events.APIGatewayV2HTTPResponse{StatusCode: a.status, Headers: headers, Body: a.body.String()})
}
