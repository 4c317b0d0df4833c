package resolvers

import (
	"context"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// Renditions is the field Image.renditions, each with a link that is signed.
func (r imageResolver) Renditions(ctx context.Context, i *gallery.Image) ([]graph.Rendition, error) {
	links, err := r.Signer.SignRenditions(ctx, *i, r.Now())
	if err != nil {
		return nil, err
	}
	out := make([]graph.Rendition, len(i.Renditions))
	for n, x := range i.Renditions {
		out[n] = graph.Rendition{
			Name: x.Name, URL: links[n].URL, Width: x.Width, Height: x.Height, Bytes: int(x.Bytes),
			ContentType: x.ContentType, ExpiresAt: links[n].ExpiresAt,
		}
	}
	return out, nil
}

// Original is the field Image.original.
func (r imageResolver) Original(ctx context.Context, i *gallery.Image) (*graph.Original, error) {
	if i.Status == gallery.Pending || i.Empty() {
		return nil, nil
	}
	link, err := r.Signer.SignOriginal(ctx, *i, r.Now())
	if err != nil {
		return nil, err
	}
	return &graph.Original{URL: link.URL, ExpiresAt: link.ExpiresAt}, nil
}

// connection is a page in Relay's form.
func connection(p gallery.Page) *graph.ImageConnection {
	c := &graph.ImageConnection{
		Edges:    make([]graph.ImageEdge, len(p.Images)),
		PageInfo: &graph.PageInfo{HasNextPage: p.More, EndCursor: some(p.End)},
	}
	for n := range p.Images {
		c.Edges[n] = graph.ImageEdge{Node: &p.Images[n], Cursor: p.Cursors[n]}
	}
	return c
}

func some[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// or is what a nullable argument says, or the default.
func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
