package gateway

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// response is a function's answer as it goes to the client.
type response struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
}

// loosely reads JSON as encoding/json does.
var loosely = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// interpret reads an answer in payload format 2.0. JSON without a statusCode, spelled just so, is the body itself. It looks
// at a body, which can have megabytes, twice: to find its end, and to unquote it.
func interpret(answer []byte) (response, error) {
	var in struct {
		StatusCode      jsontext.Value `json:"statusCode"`
		Headers         jsontext.Value `json:"headers"`
		Cookies         jsontext.Value `json:"cookies"`
		Body            jsontext.Value `json:"body"`
		IsBase64Encoded jsontext.Value `json:"isBase64Encoded"`
	}
	if err := json.Unmarshal(answer, &in, loosely); err != nil && !jsontext.Value(answer).IsValid(loosely) {
		return response{}, fmt.Errorf("function's answer is not JSON: %w", err)
	}
	if in.StatusCode == nil {
		return response{
			status: http.StatusOK, headers: map[string]string{"content-type": "application/json"}, body: answer,
		}, nil
	}
	var out response
	var isBase64 bool
	for _, m := range []struct {
		from jsontext.Value
		to   any
	}{{in.StatusCode, &out.status}, {in.Headers, &out.headers}, {in.Cookies, &out.cookies}, {in.IsBase64Encoded, &isBase64}} {
		if m.from == nil {
			continue
		}
		if err := json.Unmarshal(m.from, m.to, loosely); err != nil {
			return response{}, fmt.Errorf("read function's answer: %w", err)
		}
	}
	if out.status < 200 || out.status > 599 {
		return response{}, errors.New("function's answer has no usable statusCode")
	}
	body, err := text(in.Body, isBase64)
	out.body = body
	return out, err
}

// text is what a JSON string says; a missing one, and null, say nothing.
func text(quoted jsontext.Value, isBase64 bool) ([]byte, error) {
	if quoted == nil || quoted.Kind() == 'n' {
		return nil, nil
	}
	body, err := jsontext.AppendUnquote(nil, quoted)
	if err == nil && isBase64 {
		body, err = base64.StdEncoding.AppendDecode(nil, body)
	}
	if err != nil {
		return nil, fmt.Errorf("decode function's body: %w", err)
	}
	return body, nil
}

// write sends a function's answer. The gateway's own CORS headers win over the function's.
func (g *gateway) write(w http.ResponseWriter, out response) {
	h := w.Header()
	for name, value := range out.headers {
		name = textproto.CanonicalMIMEHeaderKey(name)
		switch {
		case ofConnection(name), name == "Content-Length", name == "Apigw-Requestid":
		case g.cors.on() && strings.HasPrefix(name, corsPrefix):
		case name == "Vary":
			h.Add(name, value)
		default:
			h.Set(name, value)
		}
	}
	for _, cookie := range out.cookies {
		h.Add("Set-Cookie", cookie)
	}
	if h.Get("Content-Type") == "" && len(out.body) > 0 {
		h.Set("Content-Type", "text/plain; charset=utf-8")
	}
	w.WriteHeader(out.status)
	if out.status != http.StatusNoContent && out.status != http.StatusNotModified {
		w.Write(out.body) // a client that has gone is no error of ours
	}
}

// writeMessage answers as API Gateway itself does. The message is one of its own and needs no escaping.
func writeMessage(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, `{"message":"`+message+`"}`) // a client that has gone is no error of ours
}
