// Package share is the Lambda behind share links: who has one sees an image's renditions, as a page or as JSON, and
// nothing else of it, or of whom it belongs to.
package share

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
)

// Shares keeps share links.
type Shares interface {
	// Share answers gallery.ErrNoShare for one that is not there, or was revoked.
	Share(ctx context.Context, id gallery.ShareID) (gallery.Share, error)
}

// Images keeps the records of images.
type Images interface {
	// Get answers gallery.ErrNotFound for what is not there, or only as a tombstone.
	Get(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error)
}

// Accounts keeps the accounts of users.
type Accounts interface {
	Account(ctx context.Context, owner gallery.Owner) (gallery.Account, error)
}

// Signer signs GETs of renditions, which nothing else may be fetched by.
type Signer interface {
	// SignRenditionUntil makes a link that no longer works at a moment, if it would have until then.
	SignRenditionUntil(ctx context.Context, i gallery.Image, r gallery.Rendition, now, until time.Time) (gallery.Link, error)
}

// Handler answers GET and HEAD of /s/{token}, events of the HTTP API. It only reads, so an event handled twice does no harm.
type Handler struct {
	Shares   Shares
	Images   Images
	Accounts Accounts
	Signer   Signer
	Now      func() time.Time
	Log      *slog.Logger
}

// Handle answers one event. Whatever is not shown, or no longer, gets the same answer as what never was.
func (h Handler) Handle(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	asked := request{json: wantsJSON(e.Headers["accept"]), head: e.RequestContext.HTTP.Method == http.MethodHead}
	v, err := h.view(ctx, e.PathParameters["token"])
	switch {
	case errors.Is(err, gallery.ErrNotFound): // and every other NOT_FOUND: refusals compare by their code
		return asked.missing()
	case err != nil:
		h.Log.ErrorContext(ctx, "share", "request", e.RequestContext.RequestID, "error", err)
		return asked.broken()
	}
	h.Log.InfoContext(ctx, "share", "request", e.RequestContext.RequestID, "share", v.id, "image", v.image, "outcome", "shown")
	return asked.shown(v)
}

// view gathers what the link of a token shows.
func (h Handler) view(ctx context.Context, token string) (view, error) {
	id, err := gallery.Named(token)
	if err != nil {
		return view{}, err
	}
	s, err := h.Shares.Share(ctx, id)
	if err != nil {
		return view{}, err
	}
	i, err := h.Images.Get(ctx, s.Owner, s.Image)
	if err != nil {
		return view{}, err
	}
	account, err := h.Accounts.Account(ctx, s.Owner)
	if err != nil {
		return view{}, err
	}
	now := h.Now()
	shown := s.Shows(i)
	if !s.Works(i, now) || account.Closed() != nil || len(shown) == 0 {
		return view{}, gallery.ErrNoShare
	}
	v := newView(s, i)
	for _, r := range shown {
		link, err := h.Signer.SignRenditionUntil(ctx, i, r, now, s.ExpiresAt)
		if err != nil {
			return view{}, err
		}
		v.Renditions = append(v.Renditions, rendition{
			Name: r.Name, URL: link.URL, Width: r.Width, Height: r.Height, Bytes: r.Bytes, ContentType: r.ContentType,
			ExpiresAt: link.ExpiresAt,
		})
	}
	return v, nil
}
