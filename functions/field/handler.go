// Package field is the Lambda by which AppSync answers the fields of Query and Mutation, so that a client may know one
// endpoint only.
//
// AppSync hands over a field and its arguments, but not what the client selects of it (its fragments come without their
// definitions). So each field has one canonical document, documents.graphql, which selects everything; gqlgen executes it
// with the field's arguments, through the same resolvers as functions/graphql, and AppSync projects what was asked for.
package field

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
	"github.com/darkroom/darkroom/internal/cognito"
	"github.com/darkroom/darkroom/resolvers"
)

// documents is written by `make generate`: an operation for each field, named TypeName_fieldName.
//
//go:embed documents.graphql
var documents string

// Event is what appsync/resolvers/field.js sends: parts of its ctx.
type Event struct {
	Info struct {
		ParentTypeName string `json:"parentTypeName"`
		FieldName      string `json:"fieldName"`
	} `json:"info"`
	Arguments json.RawMessage `json:"arguments"`
	Identity  struct {
		Claims map[string]any `json:"claims"` // as AppSync has verified them; none of an IAM identity
	} `json:"identity"`
}

// Answer is what field.js turns into the field's value and errors.
type Answer struct {
	Data   json.RawMessage `json:"data"` // null where there is no value
	Errors []Fault         `json:"errors,omitempty"`
}

// Handler answers fields. Each is a query, or a mutation that may be sent again, so an event handled twice does no harm.
type Handler struct {
	executor *executor.Executor
	log      *slog.Logger
}

// New makes a handler that executes by these resolvers.
func New(r graph.ResolverRoot, log *slog.Logger) *Handler {
	e := executor.New(graph.NewExecutableSchema(graph.Config{Resolvers: r}))
	e.SetQueryCache(lru.New[*ast.QueryDocument](1))
	e.Use(&resolvers.AtOnce{Images: r.Image()})
	e.Use(resolvers.Mutations{Tell: func(ctx context.Context, field string, image gallery.ID, outcome string) {
		log.InfoContext(ctx, "mutation", "request", requestID(ctx), "field", field, "image", image, "outcome", outcome)
	}})
	e.SetRecoverFunc(func(_ context.Context, p any) error {
		return fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	})
	e.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		shown, internal := resolvers.Present(ctx, err, requestID(ctx))
		if internal {
			log.ErrorContext(ctx, "field", "request", requestID(ctx), "path", shown.Path.String(), "error", err)
		}
		return shown
	})
	return &Handler{executor: e, log: log}
}

// Invoke is Handle from JSON to JSON, as Lambda calls it. The data, which is JSON already, is written as it is: encoding/json
// would read all of it again to see whether it is.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var e Event
	if err := json.Unmarshal(payload, &e); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	a, err := h.Handle(ctx, e)
	if err != nil {
		return nil, err
	}
	return a.fitting().json()
}

// Handle answers one field. What a client may read of a failure is in the answer: an error of the function itself would
// reach it as Lambda:Unhandled, with whatever its text is.
func (h *Handler) Handle(ctx context.Context, e Event) (Answer, error) {
	viewer, err := cognito.AppSyncViewer(e.Identity.Claims)
	if err != nil {
		h.log.WarnContext(ctx, "refused", "request", requestID(ctx), "reason", "no verified access token")
		shown, _ := resolvers.Present(ctx, err, requestID(ctx))
		return answer(e.Info.FieldName, &graphql.Response{Errors: gqlerror.List{shown}}), nil
	}
	params := &graphql.RawParams{Query: documents, OperationName: e.Info.ParentTypeName + "_" + e.Info.FieldName}
	if params.Variables, err = variables(e.Arguments); err != nil {
		return Answer{}, fmt.Errorf("read arguments of %s: %w", params.OperationName, err)
	}
	ctx = graphql.StartOperationTrace(gallery.WithViewer(ctx, viewer))
	operation, faults := h.executor.CreateOperationContext(ctx, params)
	if len(faults) > 0 {
		ctx = graphql.WithOperationContext(ctx, operation)
		return answer(e.Info.FieldName, h.executor.DispatchError(ctx, faults)), nil
	}
	respond, ctx := h.executor.DispatchOperation(ctx, operation)
	response := respond(ctx)
	if response == nil { // the deadline passed
		return Answer{}, fmt.Errorf("answer %s: %w", params.OperationName, context.Cause(ctx))
	}
	return answer(e.Info.FieldName, response), nil
}

// variables reads arguments as gqlgen reads variables, whole numbers being whole.
func variables(arguments json.RawMessage) (map[string]any, error) {
	if len(arguments) == 0 {
		return nil, nil
	}
	var all map[string]any
	d := json.NewDecoder(bytes.NewReader(arguments))
	d.UseNumber()
	return all, d.Decode(&all)
}

func requestID(ctx context.Context) string {
	if l, ok := lambdacontext.FromContext(ctx); ok {
		return l.AwsRequestID
	}
	return ""
}
