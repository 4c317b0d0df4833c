package client

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/darkroom/darkroom/gallery"
)

// problem is one refusal in any of the shapes that a deployment writes: GraphQL with extensions, AppSync's errorType with
// errorInfo, Cognito's __type, and the {"message"} of the HTTP API's authorizer. Their meaning is the same.
type problem struct {
	Message    string          `json:"message"`
	Extensions json.RawMessage `json:"extensions"` // GraphQL over HTTP
	ErrorType  string          `json:"errorType"`  // AppSync
	ErrorInfo  json.RawMessage `json:"errorInfo"`
	Type       string          `json:"__type"` // Cognito
}

// detail is what extensions and errorInfo say beside the code. A stranger's may have any shape: what does not fit is unknown.
type detail struct {
	Code      string `json:"code"`
	Field     string `json:"field"`
	RequestID string `json:"requestId"` // what an operator finds the reason of INTERNAL by
}

func (p problem) err() *gallery.Error {
	var inside detail
	if json.Unmarshal(p.Extensions, &inside) != nil {
		_ = json.Unmarshal(p.ErrorInfo, &inside)
	}
	said := inside.Code
	if said == "" {
		said = p.ErrorType
	}
	if said == "" {
		said = p.Type
	}
	e := &gallery.Error{Code: codeOf(said), Field: inside.Field, Message: p.Message}
	if e.Message == "" {
		e.Message = "refused with " + said
	}
	if inside.RequestID != "" {
		e.Message += " (request " + inside.RequestID + ")"
	}
	return e
}

// fault is what the API could not do for a reason of its own, and may do if it is asked once more.
type fault struct{ said *gallery.Error }

func (f *fault) Error() string { return f.said.Error() }
func (f *fault) Unwrap() error { return f.said }

// refusal is err of the API. Only what calls itself so is a fault: a document that the schema does not know is none.
func (p problem) refusal() error {
	e := p.err()
	var inside detail
	_ = json.Unmarshal(p.Extensions, &inside)
	// Lambda: is AppSync's word for a function that broke, or took too long.
	if said := cmp.Or(inside.Code, p.ErrorType); said == string(gallery.CodeInternal) || strings.HasPrefix(said, "Lambda:") {
		return &fault{e}
	}
	return e
}

// codeOf translates what a deployment calls a refusal. What it does not know is INTERNAL: not the caller's fault.
func codeOf(said string) gallery.Code {
	said = said[strings.LastIndexByte(said, '#')+1:] // Cognito may write a namespace first
	switch code := gallery.Code(said); code {
	case gallery.CodeUnauthenticated, gallery.CodeNotFound, gallery.CodeInvalidInput, gallery.CodeQuotaExceeded,
		gallery.CodeConflict, gallery.CodeInternal:
		return code
	}
	switch said {
	case "Unauthorized", "UnauthorizedException", "NotAuthorizedException", "UserNotFoundException",
		"UserNotConfirmedException", "PasswordResetRequiredException":
		return gallery.CodeUnauthenticated
	case "InvalidParameterException":
		return gallery.CodeInvalidInput
	}
	return gallery.CodeInternal
}
