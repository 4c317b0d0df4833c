package graphql

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
	"github.com/darkroom/darkroom/resolvers"
)

// The bounds of a GraphQL request. The dearest sensible one, 100 images with everything, weighs about 10,000.
const (
	maxTokens     = 4_000
	maxDepth      = 12
	maxFields     = 2_000 // after all fragments are spread
	maxComplexity = 20_000
	cached        = 200 // parsed queries, and persisted ones
)

// server is the gqlgen server: POST only, bounded, with automatic persisted queries.
func server(o Options) http.Handler {
	config := graph.Config{Resolvers: o.Resolvers}
	weigh(&config.Complexity)
	s := handler.New(graph.NewExecutableSchema(config))
	s.AddTransport(post{})
	s.SetParserTokenLimit(maxTokens)
	s.SetQueryCache(lru.New[*ast.QueryDocument](cached))
	s.SetDisableSuggestion(!o.Introspection)
	s.Use(extension.AutomaticPersistedQuery{Cache: lru.New[string](cached)})
	s.Use(shapeLimit{depth: maxDepth, fields: maxFields, introspection: o.Introspection})
	s.Use(extension.FixedComplexityLimit(maxComplexity))
	s.Use(&resolvers.AtOnce{Images: o.Resolvers.Image()})
	s.Use(resolvers.Mutations{Tell: func(ctx context.Context, field string, image gallery.ID, outcome string) {
		o.Log.InfoContext(ctx, "mutation", "request", requestFrom(ctx), "field", field, "image", image, "outcome", outcome)
	}})
	if o.Introspection {
		s.Use(extension.Introspection{})
	}
	s.SetRecoverFunc(func(_ context.Context, p any) error {
		return fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	})
	s.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		shown, internal := resolvers.Present(ctx, err, requestFrom(ctx))
		if internal {
			o.Log.ErrorContext(ctx, "request", "request", requestFrom(ctx), "path", shown.Path.String(), "error", err)
		}
		return shown
	})
	return bounded(s)
}

// bounded refuses what is larger than any request, and answers other methods than POST as API Gateway would.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, `{"message":"Method Not Allowed"}`, http.StatusMethodNotAllowed)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// weigh makes lists cost as much as they may hold.
func weigh(c *graph.ComplexityRoot) {
	c.Query.Images = func(child int, first *int, _ *string, _ *gallery.Order, _ *gallery.Status, _ *string) int {
		return times(child, first, gallery.DefaultPage)
	}
	c.Query.Trash = func(child int, first *int, _ *string) int { return times(child, first, gallery.DefaultPage) }
	c.Query.Shares = func(child int, _ *string, first *int, _ *string) int { return times(child, first, gallery.DefaultPage) }
	c.Query.ExportAccount = func(child int, first *int, _ *string) int { return times(child, first, gallery.DefaultPage) }
	c.Query.Changes = func(child int, _ int, first *int) int { return times(child, first, gallery.MaxPage) }
	c.Image.Renditions = func(child int) int { return 1 + child*len(gallery.Specs()) }
}

// times is the cost of a list; one that asks for more than a page may hold is refused later, and dear until then.
func times(child int, first *int, otherwise int) int {
	n := otherwise
	if first != nil {
		n = min(max(*first, 1), gallery.MaxPage)
	}
	return 1 + n*child
}
