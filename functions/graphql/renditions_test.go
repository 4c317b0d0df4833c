package graphql_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
	"github.com/darkroom/darkroom/resolvers"
)

// ready uploads an image and finishes it.
func (a api) ready(sub string, renditions []gallery.Rendition) gallery.ID {
	a.t.Helper()
	id := a.uploaded(sub)
	i, err := a.images.Get(a.t.Context(), gallery.Owner(sub), id)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, step := range []func(gallery.Image) (gallery.Image, error){
		func(i gallery.Image) (gallery.Image, error) { return i.Claim(noon) },
		func(i gallery.Image) (gallery.Image, error) { return i.Finish(gallery.Facts{}, renditions, noon) },
	} {
		if i, err = step(i); err != nil {
			a.t.Fatal(err)
		}
		if err := a.images.Save(a.t.Context(), i); err != nil {
			a.t.Fatal(err)
		}
	}
	return id
}

// TestRenditionsAtOnceAreWhatGqlgenWouldWrite asks the same of two servers, of which one leaves everything to gqlgen.
func TestRenditionsAtOnceAreWhatGqlgenWouldWrite(t *testing.T) {
	a := open(t, false)
	id := a.ready("ann", []gallery.Rendition{
		{Name: "large", Width: 1024, Height: 683, Bytes: 99, ContentType: "image/jpeg", Digest: "ab"},
		{Name: `odd"\name`, Width: 1, Height: 2, Bytes: 3, ContentType: "image/png", Digest: "cd"},
	})
	server := func() *handler.Server {
		s := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: a.resolvers}))
		s.AddTransport(transport.POST{})
		return s
	}
	plain, quick := server(), server()
	quick.Use(resolvers.RenditionsAtOnce{})
	ctx := gallery.WithViewer(t.Context(), gallery.Viewer{Owner: "ann"})
	ask := func(h http.Handler, query string) string {
		body, _ := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"id": id, "no": false}})
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Body.String()
	}
	for _, selection := range []string{
		"name url width height bytes contentType expiresAt __typename",
		"expiresAt a: name name ...F",
		"... @include(if: $no) { name } url @skip(if: $no) w: width @include(if: $no)",
	} {
		query := "query($id: ID!, $no: Boolean!) { image(id: $id) { renditions { " + selection +
			" } none: renditions { name @include(if: $no) } } } fragment F on Rendition { url height }"
		if !strings.Contains(selection, "...F") {
			query = query[:strings.Index(query, "fragment")]
		}
		want, got := ask(plain, query), ask(quick, query)
		if got != want || !strings.Contains(got, `"renditions":[{`) {
			t.Errorf("%s:\ngot  %s\nwant %s", selection, got, want)
		}
	}
}
