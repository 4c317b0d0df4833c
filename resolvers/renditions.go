package resolvers

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// Renditions is the field Image.renditions, each with a link that is signed.
func (r imageResolver) Renditions(ctx context.Context, i *gallery.Image) ([]graph.Rendition, error) {
	out := make([]graph.Rendition, len(i.Renditions))
	now := r.Now()
	for n, x := range i.Renditions {
		link, err := r.Signer.SignRendition(ctx, *i, x, now)
		if err != nil {
			return nil, err
		}
		out[n] = graph.Rendition{
			Name: x.Name, URL: link.URL, Width: x.Width, Height: x.Height, Bytes: int(x.Bytes),
			ContentType: x.ContentType, ExpiresAt: link.ExpiresAt,
		}
	}
	return out, nil
}

// RenditionsAtOnce is an extension of gqlgen's server that writes the fields of an image's renditions itself. They are four
// of five fields in a page of images, and plain values; run as fields of their own, each with its context and its closures,
// they take five times as long.
type RenditionsAtOnce struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.FieldInterceptor
} = RenditionsAtOnce{}

// ExtensionName names it to gqlgen.
func (RenditionsAtOnce) ExtensionName() string { return "RenditionsAtOnce" }

// Validate has nothing to say of the schema.
func (RenditionsAtOnce) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField answers renditions as JSON. A selection that has more than plain fields it leaves to gqlgen.
func (RenditionsAtOnce) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	res, err := next(ctx)
	all, ok := res.([]graph.Rendition)
	if err != nil || !ok {
		return res, err
	}
	selected := graphql.GetFieldContext(ctx).Field.Selections
	fields := graphql.CollectFields(graphql.GetOperationContext(ctx), selected, []string{"Rendition"})
	if slices.ContainsFunc(fields, func(f graphql.CollectedField) bool { return renditionField(f.Name) == nil }) {
		return res, nil
	}
	return graphql.WriterFunc(func(w io.Writer) { writeRenditions(w, fields, all) }), nil
}

func writeRenditions(w io.Writer, fields []graphql.CollectedField, all []graph.Rendition) {
	out, ok := w.(*bytes.Buffer) // as gqlgen has it
	if !ok {
		out = &bytes.Buffer{}
		defer func() { _, _ = out.WriteTo(w) }() // a writer of gqlgen's that fails has nobody to tell
	}
	out.WriteByte('[')
	for n := range all {
		if n > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('{')
		for f := range fields {
			if f > 0 {
				out.WriteByte(',')
			}
			out.WriteByte('"')
			out.WriteString(fields[f].Alias)
			out.WriteString(`":`)
			renditionField(fields[f].Name)(out, &all[n])
		}
		out.WriteByte('}')
	}
	out.WriteByte(']')
}

// renditionField is how one of Rendition's fields is written; nil for one that is not here.
func renditionField(name string) func(*bytes.Buffer, *graph.Rendition) {
	switch name {
	case "__typename":
		return func(out *bytes.Buffer, _ *graph.Rendition) { writeText(out, "Rendition") }
	case "name":
		return func(out *bytes.Buffer, r *graph.Rendition) { writeText(out, r.Name) }
	case "url":
		return func(out *bytes.Buffer, r *graph.Rendition) { writeText(out, r.URL) }
	case "width":
		return func(out *bytes.Buffer, r *graph.Rendition) { writeNumber(out, r.Width) }
	case "height":
		return func(out *bytes.Buffer, r *graph.Rendition) { writeNumber(out, r.Height) }
	case "bytes":
		return func(out *bytes.Buffer, r *graph.Rendition) { writeNumber(out, r.Bytes) }
	case "contentType":
		return func(out *bytes.Buffer, r *graph.Rendition) { writeText(out, r.ContentType) }
	case "expiresAt":
		return func(out *bytes.Buffer, r *graph.Rendition) { graphql.MarshalTime(r.ExpiresAt).MarshalGQL(out) }
	}
	return nil
}

func writeNumber(out *bytes.Buffer, n int) {
	out.Write(strconv.AppendInt(out.AvailableBuffer(), int64(n), 10))
}

// writeText writes what has nothing to escape, which is nearly all there is, in one piece.
func writeText(out *bytes.Buffer, s string) {
	for n := range len(s) {
		if c := s[n]; c < ' ' || c == '"' || c == '\\' {
			graphql.MarshalString(s).MarshalGQL(out)
			return
		}
	}
	out.WriteByte('"')
	out.WriteString(s)
	out.WriteByte('"')
}
