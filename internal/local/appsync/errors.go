package appsync

import (
	"errors"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Error types as AppSync spells them.
const (
	typeUnauthorized     = "Unauthorized" // this field, for this caller
	typeUnauthenticated  = "UnauthorizedException"
	typeBadSignature     = "InvalidSignatureException"
	typeNoSignature      = "IncompleteSignatureException"
	typeUnknownKey       = "UnrecognizedClientException"
	typeBadRequest       = "BadRequestException"
	typeMalformedRequest = "MalformedHttpRequestException"
	typeLimitExceeded    = "LimitExceededError"
	typeUnsupported      = "UnsupportedOperation"
	typeResolverLimit    = "ResolverExecutionLimitReached"
	typeResolverCode     = "Code" // the resolver itself broke
)

// graphError is one entry of a GraphQL response's errors, with all the keys AppSync always writes.
type graphError struct {
	Path      []any      `json:"path"`
	Data      any        `json:"data"`
	Type      *string    `json:"errorType"`
	Info      any        `json:"errorInfo"`
	Locations []location `json:"locations"`
	Message   string     `json:"message"`
}

// location is where in the caller's document a field stands; AppSync adds a source name that is always null.
type location struct {
	Line       int     `json:"line"`
	Column     int     `json:"column"`
	SourceName *string `json:"sourceName"`
}

func (e *graphError) Error() string { return e.Message }

// errorType is the type, or "" where AppSync leaves it null.
func (e *graphError) errorType() string {
	if e.Type == nil {
		return ""
	}
	return *e.Type
}

// typedError makes an error of a type; the executor adds path and location.
func typedError(kind, message string) *graphError {
	return &graphError{Type: &kind, Message: message}
}

// notAuthorized is what AppSync says where a caller may not see a field.
func notAuthorized(parent, field string) *graphError {
	return typedError(typeUnauthorized, "Not Authorized to access "+field+" on type "+parent)
}

// at completes an error with its place in response and document.
func (e *graphError) at(path []any, field *ast.Field) *graphError {
	e.Path = append([]any{}, path...)
	if field != nil && field.Position != nil {
		e.Locations = []location{{Line: field.Position.Line, Column: field.Position.Column}}
	}
	return e
}

// documentErrors turns a parser's or validator's complaints into response errors. They have no path and no type.
func documentErrors(err error) []*graphError {
	var list gqlerror.List
	if !errors.As(err, &list) {
		single := &gqlerror.Error{}
		if !errors.As(err, &single) {
			single = gqlerror.Wrap(err)
		}
		list = gqlerror.List{single}
	}
	out := make([]*graphError, 0, len(list))
	for _, e := range list {
		out = append(out, documentError(e))
	}
	return out
}

func documentError(e *gqlerror.Error) *graphError {
	message := e.Message
	if len(e.Path) > 0 {
		message = strings.TrimPrefix(e.Path.String(), "variable.") + ": " + message
	}
	out := &graphError{Message: "Validation error: " + message}
	for _, l := range e.Locations {
		out.Locations = append(out.Locations, location{Line: l.Line, Column: l.Column})
	}
	return out
}
