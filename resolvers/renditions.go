package resolvers

import (
	"context"

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
