package appsync

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/darkroom/darkroom/internal/local/sigv4"
)

// maxBody is AppSync's limit of a request.
const maxBody = 1 << 20

// servePost answers POST /graphql.
func (a *API) servePost(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		a.writeError(w, http.StatusRequestEntityTooLarge, &protocolError{
			Type: typeMalformedRequest, Message: "The request cannot be read, or is larger than 1 MB.",
		})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	signed := sigv4.Request{Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Body: body}
	who, err := a.authenticate(ctx, requestCredentials(r), signed, remoteIP(r))
	if err != nil {
		a.writeRefusal(w, err)
		return
	}
	var request graphRequest
	if err := json.Unmarshal(body, &request); err != nil || request.Query == "" {
		a.writeError(w, http.StatusBadRequest, &protocolError{
			Type: typeMalformedRequest, Message: "Unable to parse GraphQL query.",
		})
		return
	}
	a.writeJSON(w, http.StatusOK, a.execute(ctx, request, who))
}

// writeRefusal answers a failed authentication.
func (a *API) writeRefusal(w http.ResponseWriter, err error) {
	refusal := &refused{Type: typeUnauthenticated, Status: http.StatusUnauthorized}
	errors.As(err, &refusal)
	a.writeError(w, refusal.Status, &protocolError{Type: refusal.Type, Message: refusal.Message})
}

// writeError answers a request that never became GraphQL.
func (a *API) writeError(w http.ResponseWriter, status int, e *protocolError) {
	w.Header().Set("X-Amzn-ErrorType", e.Type)
	a.writeJSON(w, status, map[string]any{"errors": []*protocolError{e}})
}

func (a *API) writeJSON(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		a.opts.Log.Error("appsync: response not written", "error", err)
		status, text = http.StatusInternalServerError, []byte(`{"errors":[{"errorType":"InternalFailure"}]}`)
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("X-Amzn-RequestId", a.opts.NewID())
	w.WriteHeader(status)
	if _, err := w.Write(text); err != nil {
		a.opts.Log.Debug("appsync: response not sent", "error", err)
	}
}

// allowOrigins lets pages of any origin call: what authorises is a header they must know, never a cookie. The headers
// are listed since a wildcard would not cover Authorization.
func allowOrigins(h http.Header) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "authorization, content-type, host, x-amz-date, x-amz-security-token, "+
		"x-amz-user-agent, x-api-key")
	h.Set("Access-Control-Expose-Headers", "x-amzn-RequestId, x-amzn-ErrorType")
	h.Set("Access-Control-Max-Age", "172800")
}
