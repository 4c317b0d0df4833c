package cognito

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

const (
	maxBody      = 64 << 10
	maxAge       = "86400" // seconds a browser may keep a preflight answer
	jwksPath     = "/.well-known/jwks.json"
	openIDPath   = "/.well-known/openid-configuration"
	targetPrefix = "AWSCognitoIdentityProviderService."
	jsonType     = "application/x-amz-json-1.1"
)

// ServeHTTP answers the operations, POST on any path with X-Amz-Target naming one, and GET on the pool's public
// documents: /{PoolID}/.well-known/jwks.json and openid-configuration. Any origin may call, as with AWS. The inbox, on
// /inbox, is for browsers of this machine alone.
func (p *Pool) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, inboxPath) {
		p.serveInbox(w, r)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "x-amzn-ErrorType, x-amzn-ErrorMessage, Date")
	switch {
	case r.Method == http.MethodOptions:
		h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "content-type, x-amz-target, x-amz-user-agent, cache-control, "+
			"amz-sdk-invocation-id, amz-sdk-request")
		h.Set("Access-Control-Max-Age", maxAge)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && r.URL.Path == "/"+p.o.PoolID+jwksPath:
		p.writeDocument(w, p.keys.keySet())
	case r.Method == http.MethodGet && r.URL.Path == "/"+p.o.PoolID+openIDPath:
		p.writeDocument(w, p.discovery())
	case r.Method == http.MethodPost:
		p.serveOperation(w, r)
	default:
		http.NotFound(w, r)
	}
}

// serveOperation answers a POST. Of an error that is not the caller's they learn nothing; the log does.
func (p *Pool) serveOperation(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)
	answer, err := p.answer(name, w, r)
	var no *refusal
	switch {
	case err == nil:
		p.writeJSON(w, http.StatusOK, jsonType, answer)
	case errors.As(err, &no):
		p.writeRefusal(w, http.StatusBadRequest, no)
	default:
		p.o.Log.Error("user pool call", "operation", name, "error", err)
		p.writeRefusal(w, http.StatusInternalServerError, &refusal{kind: "InternalErrorException", message: "Internal error"})
	}
}

func (p *Pool) answer(name string, w http.ResponseWriter, r *http.Request) (any, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != jsonType {
		// A content type that forms cannot send makes browsers ask first.
		return nil, refuse("SerializationException", "Content type must be %s.", jsonType)
	}
	operation, ofAdministrators := p.operation(name), p.administration(name)
	if operation == nil && ofAdministrators == nil {
		return nil, refuse("UnknownOperationException", "")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, refuse("SerializationException", "The request could not be read, or is longer than %d bytes.", maxBody)
	}
	if ofAdministrators != nil {
		if err := p.checkSignature(r, body); err != nil {
			return nil, err
		}
		operation = ofAdministrators
	}
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	default:
		return nil, refuse("TooManyRequestsException", "Rate exceeded")
	}
	return operation(r.Context(), body)
}

func (p *Pool) writeRefusal(w http.ResponseWriter, status int, no *refusal) {
	w.Header().Set("X-Amzn-Errortype", no.kind)
	w.Header().Set("X-Amzn-Errormessage", no.message)
	p.writeJSON(w, status, jsonType, struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}{no.kind, no.message})
}

func (p *Pool) writeDocument(w http.ResponseWriter, v any) {
	w.Header().Set("Cache-Control", "public, max-age=60")
	p.writeJSON(w, http.StatusOK, "application/json", v)
}

func (p *Pool) writeJSON(w http.ResponseWriter, status int, contentType string, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		p.o.Log.Error("user pool answer", "error", err)
		status, text = http.StatusInternalServerError, []byte(`{"__type":"InternalErrorException"}`)
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	w.Write(text) // a client that has gone is no error of ours
}
