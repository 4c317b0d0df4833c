package gateway

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
)

// response is a function's answer as it goes to the client.
type response struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
}

// interpret reads an answer in payload format 2.0. JSON without a statusCode is the body itself.
func interpret(answer []byte) (response, error) {
	if !json.Valid(answer) {
		return response{}, errors.New("function's answer is not JSON")
	}
	if !hasStatus(answer) {
		return response{
			status: http.StatusOK, headers: map[string]string{"content-type": "application/json"}, body: answer,
		}, nil
	}
	var in struct {
		StatusCode      *int              `json:"statusCode"`
		Headers         map[string]string `json:"headers"`
		Cookies         []string          `json:"cookies"`
		Body            string            `json:"body"`
		IsBase64Encoded bool              `json:"isBase64Encoded"`
	}
	if err := json.Unmarshal(answer, &in); err != nil {
		return response{}, fmt.Errorf("read function's answer: %w", err)
	}
	if in.StatusCode == nil || *in.StatusCode < 200 || *in.StatusCode > 599 {
		return response{}, errors.New("function's answer has no usable statusCode")
	}
	out := response{status: *in.StatusCode, headers: in.Headers, cookies: in.Cookies, body: []byte(in.Body)}
	if in.IsBase64Encoded {
		body, err := base64.StdEncoding.DecodeString(in.Body)
		if err != nil {
			return response{}, fmt.Errorf("decode function's body: %w", err)
		}
		out.body = body
	}
	return out, nil
}

// hasStatus says whether the answer is an object with a statusCode, spelled just so.
func hasStatus(answer []byte) bool {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(answer, &members); err != nil {
		return false
	}
	_, ok := members["statusCode"]
	return ok
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
