package graphql_test

import (
	"strings"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// BenchmarkPage is a warm call for a page of 50 images with five links each, the table engine included.
func BenchmarkPage(b *testing.B) {
	a := open(b, false)
	var renditions []gallery.Rendition
	for _, s := range gallery.Specs() {
		renditions = append(renditions, gallery.Rendition{
			Name: s.Name, Width: s.Edge, Height: s.Edge / 2, Bytes: 99, ContentType: "image/jpeg", Digest: "0123456789abcdef",
		})
	}
	facts := gallery.Facts{Format: "jpeg", Width: 4000, Height: 3000, Placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI"}
	for n := range 50 {
		a.developed("ann", n, facts, renditions)
	}
	const query = `{"query":"{ images(first: 50) { edges { node { id version status filename contentType bytes width height placeholder createdAt updatedAt renditions { name url width height bytes contentType expiresAt } } } pageInfo { hasNextPage endCursor } } }"}`
	b.ReportAllocs()
	for b.Loop() {
		if res := a.send(claims("ann"), query, nil); strings.Count(res.Body, `"name":"xlarge"`) != 50 {
			b.Fatalf("got %d %.500s", res.StatusCode, res.Body)
		}
	}
}
