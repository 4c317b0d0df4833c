package resolvers

import (
	"bytes"
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// AtOnce is an extension of gqlgen's server that writes images, and pages of them, itself. Their fields are plain values; run
// as fields of their own, each with its context and its closures, they take five times as long. What it does not know it
// leaves to gqlgen, and all around it.
type AtOnce struct {
	Images graph.ImageResolver

	idle sync.Pool // of *bytes.Buffer, to write into
}

var _ interface {
	graphql.HandlerExtension
	graphql.FieldInterceptor
} = (*AtOnce)(nil)

// ExtensionName names it to gqlgen.
func (*AtOnce) ExtensionName() string { return "AtOnce" }

// Validate has nothing to say of the schema.
func (*AtOnce) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField answers what it can write as JSON.
func (a *AtOnce) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	res, err := next(ctx)
	if err != nil {
		return res, err
	}
	s := selection{ctx, graphql.GetOperationContext(ctx), a.Images}
	switch v := res.(type) {
	case *graph.ImageConnection:
		return atOnce(a, s, connections, v), nil
	case *gallery.Image:
		return atOnce(a, s, images, v), nil
	}
	return res, nil
}

// atOnce writes an object; what cannot be written it answers as it is, for gqlgen to write, or to say why not.
func atOnce[T any](a *AtOnce, s selection, o *object[T], v *T) any {
	if v == nil {
		return v
	}
	write, ok := o.writer(s, graphql.GetFieldContext(s.ctx).Field.Selections)
	if !ok {
		return v
	}
	out, ok := a.idle.Get().(*bytes.Buffer)
	if !ok {
		out = new(bytes.Buffer)
	}
	if err := write(out, v); err != nil {
		return v
	}
	return &written{out, &a.idle}
}
