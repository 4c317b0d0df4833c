package graphql

import (
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// maxAnswer bounds what the function answers, in bytes of JSON: Lambda takes 6 MB, ends the process that answers with more,
// and tells the client of a failure. What is kept free is for the rest of the event.
const maxAnswer = 6<<20 - 16<<10

// fitting is an answer that Lambda takes: in the place of one that is too large, a refusal that says so. A page of images
// never is; many pages in one request can be.
func fitting(res events.APIGatewayV2HTTPResponse) events.APIGatewayV2HTTPResponse {
	if written(res.Body) <= maxAnswer {
		return res
	}
	return events.APIGatewayV2HTTPResponse{
		StatusCode: http.StatusOK,
		Headers:    map[string]string{"content-type": "application/json"},
		Body: `{"errors":[{"message":"The answer has more than 6 MB. Ask for less at a time.","extensions":{"code":"INVALID_INPUT"}}],` +
			`"data":null}`,
	}
}

// written is how long a text is as a string of JSON, or a little less than that.
func written(body string) int {
	n := len(body)
	if n < maxAnswer/6 { // no escape takes more
		return n
	}
	for i := range len(body) {
		switch c := body[i]; {
		case c == '"' || c == '\\':
			n++
		case c < ' ' || c == '<' || c == '>' || c == '&':
			n += 5
		}
	}
	return n
}
