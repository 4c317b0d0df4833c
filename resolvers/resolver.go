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
	// GetAll leaves out what is not there; at most 100.
	GetAll(ctx context.Context, owner gallery.Owner, ids []gallery.ID) (map[gallery.ID]gallery.Image, error)
	// Save stores an image read at the version before its own, or answers gallery.ErrConflict.
	Save(ctx context.Context, i gallery.Image) error
	// List reads a page of a listing that has been checked.
	List(ctx context.Context, owner gallery.Owner, l gallery.Listing) (gallery.Page, error)
}

// Hashes keeps the perceptual hashes of images.
type Hashes interface {
	// Hashes reads those of the images last taken, gallery.MaxCompared at most.
	Hashes(ctx context.Context, owner gallery.Owner) ([]gallery.Hashed, error)
}

// Creator lets images into accounts.
type Creator interface {
	// Admit stores images of one owner, at most 25, all or none of them. It answers gallery.ErrQuotaExceeded, or
	// gallery.ErrConflict when one has changed, or the owner has a new one's bytes already.
	Admit(ctx context.Context, all []gallery.Admission, q gallery.Quota) error
}

// Users keeps accounts.
type Users interface {
	Account(ctx context.Context, owner gallery.Owner) (gallery.Account, error)
	// ByContents finds the owner's images of these bytes, by SHA-256; at most 100.
	ByContents(ctx context.Context, owner gallery.Owner, sha256s []string) (map[string]gallery.ID, error)
}

// Accounts changes what admins may change of a user. It answers gallery.ErrNoUser where there is no account.
type Accounts interface {
	// Warm makes one that is missing.
	Warm(ctx context.Context, owner gallery.Owner) error
	// SetQuota leaves what is zero as it is.
	SetQuota(ctx context.Context, owner gallery.Owner, q gallery.Quota) error
	// Suspend ends a suspension when since is zero.
	Suspend(ctx context.Context, owner gallery.Owner, since time.Time) error
}

// Members are those who can sign in.
type Members interface {
	Has(ctx context.Context, owner gallery.Owner) (bool, error)
	// SignOut ends all sessions of a user. Of who is not there, there are none.
	SignOut(ctx context.Context, owner gallery.Owner) error
}

// Shares keeps share links.
type Shares interface {
	Add(ctx context.Context, s gallery.Share) error
	// Revoke answers what the share was; gallery.ErrNoShare when the owner has none of that id.
	Revoke(ctx context.Context, owner gallery.Owner, id gallery.ShareID) (gallery.Share, error)
	// ListShares may be a moment behind, and has shares that have ended.
	ListShares(ctx context.Context, owner gallery.Owner, l gallery.ShareListing) (gallery.SharePage, error)
}

// Deletions are the removals of all that is kept of a user.
type Deletions interface {
	// Begin closes the account and notes that it is to be removed. That it has begun is fine.
	Begin(ctx context.Context, owner gallery.Owner, now time.Time) error
}

// Exporter reads an owner's images in the order of their ids, tombstones too: those after one and not after another.
type Exporter interface {
	After(ctx context.Context, owner gallery.Owner, after, until gallery.ID, limit int) ([]gallery.Image, error)
}

// Parts keeps uploads in parts. gallery.ErrNotFound says that there is no such upload, or no longer.
type Parts interface {
	OpenParts(ctx context.Context, i gallery.Image) (uploadID string, err error)
	Parts(ctx context.Context, i gallery.Image) ([]gallery.Part, error)
	JoinParts(ctx context.Context, i gallery.Image) error
	AbandonParts(ctx context.Context, i gallery.Image) error
	// HasOriginal tells whether the parts have been joined.
	HasOriginal(ctx context.Context, i gallery.Image) (bool, error)
}

// Jobs keeps what is asked of many images at once.
type Jobs interface {
	// Survey counts the images that a filter takes.
	Survey(ctx context.Context, owner gallery.Owner, f gallery.Filter) (gallery.Survey, error)
	// Start answers gallery.ErrConflict while the owner has a job that runs.
	Start(ctx context.Context, j gallery.Job) error
	Job(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Job, error)
	SaveJob(ctx context.Context, j gallery.Job) error
}

// Feed keeps each owner's numbered events.
type Feed interface {
	Changes(ctx context.Context, owner gallery.Owner, after int64, first int, now time.Time) (gallery.Changes, error)
}

// Signer signs requests that clients make to the object store themselves.
type Signer interface {
	SignUpload(ctx context.Context, i gallery.Image, now time.Time) (gallery.Target, error)
	SignPart(ctx context.Context, i gallery.Image, p gallery.Part, now time.Time) (gallery.PartTarget, error)
	SignRenditions(ctx context.Context, i gallery.Image, now time.Time) ([]gallery.Link, error) // in their order, to be read only
	SignOriginal(ctx context.Context, i gallery.Image, now time.Time) (gallery.Link, error)
}

// Queue takes images whose processing is to be taken up again.
type Queue interface {
	Requeue(ctx context.Context, owner gallery.Owner, id gallery.ID) error
}

// Resolver answers every field; it is made whole by main.
type Resolver struct {
	Images    Images
	Hashes    Hashes
	Creator   Creator
	Users     Users
	Accounts  Accounts
	Members   Members
	Feed      Feed
	Signer    Signer
	Queue     Queue
	Parts     Parts
	Jobs      Jobs
	Shares    Shares
	Deletions Deletions
	Exporter  Exporter
	Now       func() time.Time
	NewID     func() gallery.ID
	NewToken  func() string // gallery.TokenBytes of chance, as gallery.Named reads them
	ShareURL  string        // what share links begin with
}

// Query answers the fields of Query.
func (r *Resolver) Query() graph.QueryResolver { return queryResolver{r} }

// Mutation answers the fields of Mutation.
func (r *Resolver) Mutation() graph.MutationResolver { return mutationResolver{r} }

// Subscription refuses: AppSync serves subscriptions.
func (r *Resolver) Subscription() graph.SubscriptionResolver { return subscriptionResolver{} }

// Image answers the fields of Image that are not simply there.
func (r *Resolver) Image() graph.ImageResolver { return imageResolver{r} }

type (
	queryResolver        struct{ *Resolver }
	mutationResolver     struct{ *Resolver }
	imageResolver        struct{ *Resolver }
	subscriptionResolver struct{}
)
