package graphql_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gqlgen "github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
	"github.com/darkroom/darkroom/resolvers"
)

// announced is the nth image of somebody.
func (a api) announced(sub gallery.Owner, n int) gallery.ID {
	a.t.Helper()
	id := gallery.ID(fmt.Sprintf("019353ab-9c4e-7def-8123-%012d", n))
	i := gallery.New(sub, id, gallery.Upload{Filename: "a.jpg", ContentType: "image/jpeg", Bytes: 3, SHA256: fmt.Sprintf("%064x", n)}, noon)
	if err := a.images.Create(a.t.Context(), i, gallery.DefaultQuota()); err != nil {
		a.t.Fatal(err)
	}
	return id
}

// developed is the nth image, finished.
func (a api) developed(sub gallery.Owner, n int, facts gallery.Facts, renditions []gallery.Rendition) gallery.ID {
	a.t.Helper()
	id := a.announced(sub, n)
	a.change(sub, id, func(i gallery.Image) (gallery.Image, error) { return i.Claim(noon) })
	a.change(sub, id, func(i gallery.Image) (gallery.Image, error) { return i.Finish(facts, renditions, noon) })
	return id
}

func (a api) change(sub gallery.Owner, id gallery.ID, step func(gallery.Image) (gallery.Image, error)) {
	a.t.Helper()
	i, err := a.images.Get(a.t.Context(), sub, id)
	if err == nil {
		i, err = step(i)
	}
	if err == nil {
		err = a.images.Save(a.t.Context(), i)
	}
	if err != nil {
		a.t.Fatal(err)
	}
}

// counted tells how many fields of images gqlgen has run one by one.
type counted struct{ images *atomic.Int64 }

func (counted) ExtensionName() string                  { return "counted" }
func (counted) Validate(gqlgen.ExecutableSchema) error { return nil }

func (c counted) InterceptField(ctx context.Context, next gqlgen.Resolver) (any, error) {
	if gqlgen.GetFieldContext(ctx).Object == "Image" {
		c.images.Add(1)
	}
	return next(ctx)
}

// twoServers are one that leaves everything to gqlgen, and one that writes images at once. An answer comes with how many
// fields of images gqlgen has run for it.
type twoServers struct {
	t            *testing.T
	plain, quick http.Handler
	images       *atomic.Int64
}

func (a api) twoServers(t *testing.T) twoServers {
	s := twoServers{t: t, images: new(atomic.Int64)}
	server := func(extensions ...gqlgen.HandlerExtension) http.Handler {
		h := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: a.resolvers}))
		h.AddTransport(transport.POST{})
		for _, e := range append(extensions, counted{s.images}) {
			h.Use(e)
		}
		return h
	}
	s.plain, s.quick = server(), server(&resolvers.AtOnce{Images: a.resolvers.Image()})
	return s
}

func (s twoServers) ask(h http.Handler, query string, variables map[string]any) (string, int) {
	s.t.Helper()
	s.images.Store(0)
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx := gallery.WithViewer(s.t.Context(), gallery.Viewer{Owner: "ann"})
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String(), int(s.images.Load())
}

// same asks both; it answers what they said, and how many fields of images the quick one has left to gqlgen.
func (s twoServers) same(query string, variables map[string]any) (string, int) {
	s.t.Helper()
	want, ran := s.ask(s.plain, query, variables)
	if ran == 0 {
		s.t.Fatalf("%s: gqlgen ran no field of an image, so nothing is compared: %s", query, want)
	}
	got, left := s.ask(s.quick, query, variables)
	if got != want {
		s.t.Errorf("%s:\ngot  %s\nwant %s", query, got, want)
	}
	return got, left
}

// everything selects all there is of a type, as far as fields without arguments lead.
func everything(schema *ast.Schema, name string) string {
	var fields []string
	for _, f := range schema.Types[name].Fields {
		of := schema.Types[f.Type.Name()]
		switch {
		case of.Kind == ast.Object:
			fields = append(fields, f.Name+" "+everything(schema, of.Name))
		default:
			fields = append(fields, f.Name)
		}
	}
	return "{ __typename " + strings.Join(fields, " ") + " }"
}

// album uploads images of which everything is known, nothing is, some have failed and some are in the trash.
func (a api) album() (known gallery.ID) {
	a.t.Helper()
	offset, direction, altitude := -90, 0.0, 12.5
	known = a.developed("ann", 1, gallery.Facts{
		Format: "jpeg", Width: 6000, Height: 4000, Frames: 1, Profile: "Display \"P3\"", Placeholder: "1QcS",
		Capture: gallery.Capture{
			TakenAt: time.Date(2026, 11, 23, 11, 0, 0, 120e6, time.UTC), Offset: &offset, Make: "Nikon", Model: "Z\\8", Lens: "50\tmm",
			Exposure: 1.0 / 3, Aperture: 1.8, ISO: 64, FocalLength: 1e-7, Direction: &direction,
			Location: &gallery.Location{Latitude: -33.5, Longitude: 0, Altitude: &altitude},
		},
		Description: gallery.Description{Title: "<a> ü\u2028", Caption: "line\nline", Copyright: "c\x7f", Keywords: []string{"k", "l\x01"}, Rating: -1},
		Looks:       gallery.Looks{Colours: []string{"#aabbcc", "#000000"}, Hash: "00ff00ff00ff00ff", Sharpness: 0.5, Exposure: 1, Quality: 1e21},
	}, []gallery.Rendition{
		{Name: "large", Width: 1024, Height: 683, Bytes: 99, ContentType: "image/jpeg", Digest: "ab"},
		{Name: "odd\"\\name", Width: 1, Height: 2, Bytes: 3, ContentType: "image/png", Digest: "cd"},
	})
	a.developed("ann", 2, gallery.Facts{Format: "png"}, nil)
	a.announced("ann", 3)
	a.change("ann", a.announced("ann", 4), func(i gallery.Image) (gallery.Image, error) { return i.Claim(noon) })
	a.change("ann", a.announced("ann", 5), func(i gallery.Image) (gallery.Image, error) { return i.Fail(gallery.NeverArrived, noon) })
	return known
}

// TestAnImageInTheTrashIsWrittenAtOnceToo: by itself, and in a page of the trash.
func TestAnImageInTheTrashIsWrittenAtOnceToo(t *testing.T) {
	a := open(t, false)
	id := a.announced("ann", 1)
	a.change("ann", id, func(i gallery.Image) (gallery.Image, error) { return i.Trash(noon), nil })
	said, left := a.twoServers(t).same("query($id: ID!) { image(id: $id) { deletedAt purgeAt } }", map[string]any{"id": id})
	if left != 0 || strings.Contains(said, "null") {
		t.Errorf("got %s, of which %d fields were left to gqlgen", said, left)
	}
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: a.resolvers}).Schema()
	said, left = a.twoServers(t).same("{ trash "+everything(schema, "ImageConnection")+" }", nil)
	if left != 0 || strings.Count(said, `"cursor"`) != 1 {
		t.Errorf("of the page, %d fields were left to gqlgen: %s", left, said)
	}
}

// TestImagesAtOnceAreWhatGqlgenWouldWrite asks for everything that the schema has of an image.
func TestImagesAtOnceAreWhatGqlgenWouldWrite(t *testing.T) {
	a := open(t, false)
	id := a.album()
	s := a.twoServers(t)
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: a.resolvers}).Schema()
	page, left := s.same("{ images(first: 50) "+everything(schema, "ImageConnection")+" }", nil)
	if left != 0 || strings.Count(page, `"cursor"`) != 5 {
		t.Errorf("%d fields of images were left to gqlgen, and %s", left, page)
	}
	variables := map[string]any{"id": id, "no": false}
	for _, selection := range []string{
		everything(schema, "Image"),
		"{ id id again: id renditions { name } renditions { url } capture { location { altitude } } }",
		"{ ... @include(if: $no) { id } version @skip(if: $no) w: width @include(if: $no) renditions { name @include(if: $no) } }",
		"{ ...F original { ... on Original { url } } } fragment F on Image { status ...G } fragment G on Image { looks { hash } }",
	} {
		query, fragments, _ := strings.Cut(selection, " fragment")
		if fragments != "" {
			fragments = "fragment" + fragments
		}
		if strings.Contains(query, "$no") {
			query = "query($id: ID!, $no: Boolean!) { image(id: $id) " + query + " }"
		} else {
			query = "query($id: ID!) { image(id: $id) " + query + " }"
		}
		if _, left := s.same(query+fragments, variables); left != 0 {
			t.Errorf("%s: %d fields were left to gqlgen", query, left)
		}
	}
}

// unsigned is a signer that has lost its key.
type unsigned struct{ resolvers.Signer }

func (unsigned) SignRenditions(context.Context, gallery.Image, time.Time) ([]gallery.Link, error) {
	return nil, errors.New("no key")
}

func TestALinkThatCannotBeSignedIsLeftToGqlgenToTell(t *testing.T) {
	a := open(t, false)
	a.album()
	root := *a.resolvers.(*resolvers.Resolver)
	root.Signer = unsigned{root.Signer}
	a.resolvers = &root
	said, _ := a.twoServers(t).same("{ images(first: 50) { edges { node { id renditions { url } } } } }", nil)
	if !strings.Contains(said, `"path":["images","edges",`) {
		t.Errorf("got %s, want where the links are missing", said)
	}
}

// TestWhatIsWrittenAtOnceIsNobodyElses: answers that are made at the same time, and parts of one, share what they are written
// into only one after another.
func TestWhatIsWrittenAtOnceIsNobodyElses(t *testing.T) {
	a := open(t, false)
	id := a.album()
	s := a.twoServers(t)
	var asking sync.WaitGroup
	for n := range 8 {
		query := fmt.Sprintf(`query($id: ID!) { one: image(id: $id) { id looks { hash } } two: images(first: %d) { edges { node { id
			filename renditions { url } } } } three: image(id: $id) { description { title caption } } }`, n%5+1)
		variables := map[string]any{"id": id}
		want, _ := s.ask(s.plain, query, variables)
		asking.Go(func() {
			for range 20 {
				if got, _ := s.ask(s.quick, query, variables); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			}
		})
	}
	asking.Wait()
}
