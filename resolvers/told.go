package resolvers

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// Mutations is an extension of gqlgen's server that tells what became of each field of Mutation: of which images, and OK or
// the code of the refusal. It writes nothing itself.
type Mutations struct {
	Tell func(ctx context.Context, field string, image gallery.ID, outcome string)
}

var _ interface {
	graphql.HandlerExtension
	graphql.FieldInterceptor
} = Mutations{}

// ExtensionName names it to gqlgen.
func (Mutations) ExtensionName() string { return "Mutations" }

// Validate has nothing to say of the schema.
func (Mutations) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField looks at the fields of Mutation alone.
func (m Mutations) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if field.Object != "Mutation" {
		return next(ctx)
	}
	res, err := next(ctx)
	images := imagesIn(res)
	if named, _ := field.Args["id"].(string); len(images) == 0 {
		if id, err := gallery.ParseID(named); err == nil { // a job's, too: whoever looks for it finds this
			images = []gallery.ID{id}
		}
	}
	if len(images) == 0 {
		images = []gallery.ID{""}
	}
	for _, id := range images {
		m.Tell(ctx, field.Field.Name, id, outcomeOf(err))
	}
	return res, err
}

func outcomeOf(err error) string {
	var refusal *gallery.Error
	switch {
	case err == nil:
		return "OK"
	case errors.As(err, &refusal):
		return string(refusal.Code)
	}
	return string(gallery.CodeInternal)
}

// imagesIn are the images that a mutation answers.
func imagesIn(res any) []gallery.ID {
	switch r := res.(type) {
	case *gallery.Image:
		if r != nil {
			return []gallery.ID{r.ID}
		}
	case graph.AlreadyHave:
		return imagesIn(r.Image)
	case graph.UploadTarget:
		return imagesIn(r.Image)
	case graph.UploadParts:
		return imagesIn(r.Image)
	case []graph.CreateUploadsResult:
		var all []gallery.ID
		for _, one := range r {
			all = append(all, imagesIn(one)...)
		}
		return all
	}
	return nil
}
