// Package graphql is the Lambda behind the HTTP API: an API Gateway event becomes a GraphQL request and its answer.
package graphql

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/core"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
	"github.com/darkroom/darkroom/internal/cognito"
)

// maxBody bounds a GraphQL request in bytes; pictures never travel through here.
const maxBody = 256 << 10

// Handler answers events of the HTTP API (payload format 2.0). Every request is a query, or a mutation that may be sent
// again, so an event handled twice does no harm.
type Handler struct {
	server http.Handler
	log    *slog.Logger
}

// Options are what a Handler is made of.
type Options struct {
	Resolvers     graph.ResolverRoot
	Introspection bool // whether clients may ask for the schema
	Log           *slog.Logger
}

// New builds the GraphQL server once, for all events.
func New(o Options) *Handler {
	return &Handler{server: server(o), log: o.Log}
}

// Handle answers one event. Who the viewer is comes from the claims that API Gateway's authorizer has verified, and from
// nowhere else: without them the answer is 401.
func (h *Handler) Handle(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	viewer, err := viewerOf(e)
	if err != nil {
		h.log.WarnContext(ctx, "refused", "request", e.RequestContext.RequestID, "reason", "no verified access token")
		return message(http.StatusUnauthorized, "Unauthorized"), nil
	}
	if len(e.Body) > maxBody*4/3+4 {
		return message(http.StatusRequestEntityTooLarge, "Request Entity Too Large"), nil
	}
	e.Headers = trusted(e.Headers)
	ctx = gallery.WithViewer(ctx, viewer)
	ctx = withRequest(ctx, e.RequestContext.RequestID)
	r, err := (&core.RequestAccessorV2{}).EventToRequestWithContext(ctx, e)
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, fmt.Errorf("read event: %w", err)
	}
	a := &answer{header: http.Header{}, status: http.StatusOK}
	h.server.ServeHTTP(a, r)
	return a.event(), nil
}

func viewerOf(e events.APIGatewayV2HTTPRequest) (gallery.Viewer, error) {
	a := e.RequestContext.Authorizer
	if a == nil || a.JWT == nil {
		return gallery.Viewer{}, gallery.ErrUnauthenticated
	}
	return cognito.Viewer(a.JWT.Claims)
}

// trusted drops the headers in which the adapter would otherwise let a client pretend to be API Gateway.
func trusted(headers map[string]string) map[string]string {
	kept := make(map[string]string, len(headers))
	for name, value := range headers {
		if !strings.HasPrefix(strings.ToLower(name), "x-golambdaproxy-") {
			kept[name] = value
		}
	}
	return kept
}

func message(status int, text string) events.APIGatewayV2HTTPResponse {
	return events.APIGatewayV2HTTPResponse{
		StatusCode: status,
		Headers:    map[string]string{"content-type": "application/json"},
		Body:       `{"message":"` + text + `"}`,
	}
}

type requestKey struct{}

func withRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

func requestFrom(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
