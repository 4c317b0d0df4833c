package gateway

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// response is a function's answer as it goes to the client.
type response struct {
	status  int
	headers map[string]string
	cookies []string
	body    string
}

// loosely reads JSON as encoding/json does.
var loosely = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// answered are the members of an answer in payload format 2.0, as they stand in it.
type answered struct{ statusCode, headers, cookies, body, isBase64Encoded jsontext.Value }

// interpret reads an answer in payload format 2.0. JSON without a statusCode, spelled just so, is the body itself.
func interpret(answer []byte) (response, error) {
	in, err := members(answer)
	if err != nil {
		return response{}, fmt.Errorf("function's answer is not JSON: %w", err)
	}
	if in.statusCode == nil {
		return response{
			status: http.StatusOK, headers: map[string]string{"content-type": "application/json"}, body: string(answer),
		}, nil
	}
	var out response
	var isBase64 bool
	for _, m := range []struct {
		from jsontext.Value
		to   any
	}{{in.statusCode, &out.status}, {in.headers, &out.headers}, {in.cookies, &out.cookies}, {in.isBase64Encoded, &isBase64}} {
		if m.from == nil {
			continue
		}
		if err := json.Unmarshal(m.from, m.to, loosely); err != nil {
			return response{}, fmt.Errorf("read function's answer: %w", err)
		}
	}
	body, err := text(in.body, isBase64)
	out.body = body
	return out, errors.Join(err, out.check())
}

// answerOf is the answer of a function that was asked without JSON.
func answerOf(res events.APIGatewayV2HTTPResponse, err error) (response, error) {
	if err != nil {
		return response{}, err
	}
	out := response{status: res.StatusCode, headers: res.Headers, cookies: res.Cookies, body: res.Body}
	if res.IsBase64Encoded {
		out.body, err = decode64(out.body)
	}
	return out, errors.Join(err, out.check())
}

func (out response) check() error {
	if out.status < 200 || out.status > 599 {
		return errors.New("function's answer has no usable statusCode")
	}
	return nil
}

func decode64(body string) (string, error) {
	decoded, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return "", fmt.Errorf("decode function's body: %w", err)
	}
	return string(decoded), nil
}

// members finds the members of an answer without copying them: a body can have megabytes. What is JSON and no object has
// none.
func members(answer []byte) (answered, error) {
	var in answered
	d := jsontext.NewDecoder(bytes.NewBuffer(answer), loosely)
	if d.PeekKind() != '{' {
		if _, err := d.ReadValue(); err != nil {
			return in, err
		}
		return in, atEnd(d)
	}
	if _, err := d.ReadToken(); err != nil {
		return in, err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return in, err
		}
		member := in.named(name.String())
		value, err := d.ReadValue() // is the decoder's; the same bytes of the answer are ours
		if err != nil {
			return in, err
		}
		*member = answer[d.InputOffset()-int64(len(value)) : d.InputOffset()]
	}
	if _, err := d.ReadToken(); err != nil {
		return in, err
	}
	return in, atEnd(d)
}

func (a *answered) named(name string) *jsontext.Value {
	switch name {
	case "statusCode":
		return &a.statusCode
	case "headers":
		return &a.headers
	case "cookies":
		return &a.cookies
	case "body":
		return &a.body
	case "isBase64Encoded":
		return &a.isBase64Encoded
	}
	return new(jsontext.Value)
}

// atEnd answers an error unless there is nothing more to read.
func atEnd(d *jsontext.Decoder) error {
	_, err := d.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errors.New("something follows it")
	}
	return err
}

// text is what a JSON string says; a missing one, and null, say nothing.
func text(quoted jsontext.Value, isBase64 bool) (string, error) {
	if quoted == nil || quoted.Kind() == 'n' {
		return "", nil
	}
	body, err := jsontext.AppendUnquote(make([]byte, 0, len(quoted)), quoted)
	if err != nil {
		return "", fmt.Errorf("read function's body: %w", err)
	}
	if isBase64 {
		return decode64(string(body))
	}
	return string(body), nil
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
	if out.status == http.StatusNoContent || out.status == http.StatusNotModified {
		w.WriteHeader(out.status)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(out.body)))
	w.WriteHeader(out.status)
	body := append(g.lent.Get(), out.body...)
	w.Write(body) // in one piece, without chunks; a client that has gone is no error of ours
	g.lent.Put(body)
}

// writeMessage answers as API Gateway itself does. The message is one of its own and needs no escaping.
func writeMessage(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, `{"message":"`+message+`"}`) // a client that has gone is no error of ours
}
