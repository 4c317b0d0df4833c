package resolvers

import (
	"context"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// Renditions is the field Image.renditions, each with a link signed now.
func (r imageResolver) Renditions(ctx context.Context, i *gallery.Image) ([]graph.Rendition, error) {
	out := make([]graph.Rendition, len(i.Renditions))
	for n, x := range i.Renditions {
		link, err := r.Signer.SignRendition(ctx, *i, x, r.Now())
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

// Original is the field Image.original.
func (r imageResolver) Original(ctx context.Context, i *gallery.Image) (*graph.Original, error) {
	if i.Status == gallery.Pending || i.Failure == gallery.NeverArrived {
		return nil, nil
	}
	link, err := r.Signer.SignOriginal(ctx, *i, r.Now())
	if err != nil {
		return nil, err
	}
	return &graph.Original{URL: link.URL, ExpiresAt: link.ExpiresAt}, nil
}

// Capture is the field Image.capture: there once the picture has been read.
func (imageResolver) Capture(_ context.Context, i *gallery.Image) (*gallery.Capture, error) {
	if i.Facts.Format == "" {
		return nil, nil
	}
	return &i.Facts.Capture, nil
}

func (imageResolver) ID(_ context.Context, i *gallery.Image) (string, error) {
	return string(i.ID), nil
}

func (imageEventResolver) ID(_ context.Context, e *gallery.Event) (string, error) {
	return string(e.ID), nil
}

func (imageEventResolver) Owner(_ context.Context, e *gallery.Event) (string, error) {
	return string(e.Owner), nil
}

// What follows is there or null: zero means unknown in gallery.

func (imageResolver) Stage(_ context.Context, i *gallery.Image) (*gallery.Stage, error) {
	return some(i.Stage), nil
}

func (imageResolver) Failure(_ context.Context, i *gallery.Image) (*gallery.FailureCode, error) {
	return some(i.Failure), nil
}

func (imageResolver) FailureMessage(_ context.Context, i *gallery.Image) (*string, error) {
	return some(i.Failure.Message()), nil
}

func (imageResolver) Format(_ context.Context, i *gallery.Image) (*string, error) {
	return some(i.Facts.Format), nil
}

func (imageResolver) Width(_ context.Context, i *gallery.Image) (*int, error) {
	return some(i.Facts.Width), nil
}

func (imageResolver) Height(_ context.Context, i *gallery.Image) (*int, error) {
	return some(i.Facts.Height), nil
}

func (imageResolver) Placeholder(_ context.Context, i *gallery.Image) (*string, error) {
	return some(i.Facts.Placeholder), nil
}

func (captureResolver) Make(_ context.Context, c *gallery.Capture) (*string, error) {
	return some(c.Make), nil
}

func (captureResolver) Model(_ context.Context, c *gallery.Capture) (*string, error) {
	return some(c.Model), nil
}

func (captureResolver) Lens(_ context.Context, c *gallery.Capture) (*string, error) {
	return some(c.Lens), nil
}

func (captureResolver) Exposure(_ context.Context, c *gallery.Capture) (*float64, error) {
	return some(c.Exposure), nil
}

func (captureResolver) Aperture(_ context.Context, c *gallery.Capture) (*float64, error) {
	return some(c.Aperture), nil
}

func (captureResolver) Iso(_ context.Context, c *gallery.Capture) (*int, error) {
	return some(c.ISO), nil
}

func (captureResolver) FocalLength(_ context.Context, c *gallery.Capture) (*float64, error) {
	return some(c.FocalLength), nil
}

func (imageEventResolver) Stage(_ context.Context, e *gallery.Event) (*gallery.Stage, error) {
	return some(e.Stage), nil
}

func (imageEventResolver) Failure(_ context.Context, e *gallery.Event) (*gallery.FailureCode, error) {
	return some(e.Failure), nil
}

func (imageEventResolver) Width(_ context.Context, e *gallery.Event) (*int, error) {
	return some(e.Width), nil
}

func (imageEventResolver) Height(_ context.Context, e *gallery.Event) (*int, error) {
	return some(e.Height), nil
}

func (imageEventResolver) Placeholder(_ context.Context, e *gallery.Event) (*string, error) {
	return some(e.Placeholder), nil
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
