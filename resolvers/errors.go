package resolvers

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/darkroom/darkroom/gallery"
)

// Present translates an error into what a client may read: a refusal with its code, a fault of the GraphQL request as
// gqlgen words it, and of everything else only that it happened. `internal` tells the caller to write it into the log.
func Present(ctx context.Context, err error, requestID string) (shown *gqlerror.Error, internal bool) {
	path := graphql.GetPath(ctx)
	var refusal *gallery.Error
	if errors.As(err, &refusal) {
		extensions := map[string]any{"code": refusal.Code}
		if refusal.Field != "" {
			extensions["field"] = refusal.Field
		}
		return &gqlerror.Error{Message: refusal.Message, Path: path, Extensions: extensions}, false
	}
	var fault *gqlerror.Error
	if errors.As(err, &fault) && fault.Err == nil {
		return fault, false
	}
	return &gqlerror.Error{
		Message:    "Something went wrong on our side. Try again; if it stays, report the request id.",
		Path:       path,
		Extensions: map[string]any{"code": gallery.CodeInternal, "requestId": requestID},
	}, true
}
