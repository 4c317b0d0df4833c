// Package resolvers answers the fields of schema.graphqls from the nouns of gallery, through the small interfaces below.
// Whose images they are is decided here and nowhere else: the viewer in the context, never an argument.
package resolvers

import (
	"context"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// Images keeps the records of images.
type Images interface {
	// Get answers gallery.ErrNotFound for what is not there or not the owner's.
	Get(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error)
	// Save stores an image read at the version before its own, or answers gallery.ErrConflict.
	Save(ctx context.Context, i gallery.Image) error
	// List reads a page of a listing that has been checked.
	List(ctx context.Context, owner gallery.Owner, l gallery.Listing) (gallery.Page, error)
}

// Creator stores new images.
type Creator interface {
	// Create answers gallery.ErrQuotaExceeded, or gallery.ErrConflict when the owner has these bytes already.
	Create(ctx context.Context, i gallery.Image, q gallery.Quota) error
}

// Users keeps accounts.
type Users interface {
	Account(ctx context.Context, owner gallery.Owner) (gallery.Account, error)
	// ByContent answers gallery.ErrNotFound when the owner has no image of these bytes.
	ByContent(ctx context.Context, owner gallery.Owner, sha256 string) (gallery.ID, error)
}

// Feed keeps each owner's numbered events.
type Feed interface {
	Changes(ctx context.Context, owner gallery.Owner, after int64, first int, now time.Time) (gallery.Changes, error)
}

// Signer signs requests that clients make to the object store themselves.
type Signer interface {
	SignUpload(ctx context.Context, i gallery.Image, now time.Time) (gallery.Target, error)
	SignRendition(ctx context.Context, i gallery.Image, r gallery.Rendition, now time.Time) (gallery.Link, error)
	SignOriginal(ctx context.Context, i gallery.Image, now time.Time) (gallery.Link, error)
}

// Queue takes images whose processing is to be taken up again.
type Queue interface {
	Requeue(ctx context.Context, owner gallery.Owner, id gallery.ID) error
}

// Resolver answers every field; it is made whole by main.
type Resolver struct {
	Images  Images
	Creator Creator
	Users   Users
	Feed    Feed
	Signer  Signer
	Queue   Queue
	Now     func() time.Time
	NewID   func() gallery.ID
}

// Query answers the fields of Query.
func (r *Resolver) Query() graph.QueryResolver { return queryResolver{r} }

// Mutation answers the fields of Mutation.
func (r *Resolver) Mutation() graph.MutationResolver { return mutationResolver{r} }

// Subscription refuses: AppSync serves subscriptions.
func (r *Resolver) Subscription() graph.SubscriptionResolver { return subscriptionResolver{} }

// Image answers the fields of Image that are not simply there.
func (r *Resolver) Image() graph.ImageResolver { return imageResolver{r} }

// ImageEvent answers the fields of ImageEvent that are not simply there.
func (r *Resolver) ImageEvent() graph.ImageEventResolver { return imageEventResolver{} }

type (
	queryResolver        struct{ *Resolver }
	mutationResolver     struct{ *Resolver }
	imageResolver        struct{ *Resolver }
	subscriptionResolver struct{}
	imageEventResolver   struct{}
)
