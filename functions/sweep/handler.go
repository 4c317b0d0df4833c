// Package sweep is the Lambda that the clock starts: it brings to an end what no event would.
package sweep

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cloudwatch"
)

// How much one run does at most. What it leaves, the next one begins with.
const (
	maxDue   = 1000 // images looked at
	page     = 50   // of them at a time
	maxCheck = 250  // images compared with the feed
	hands    = 8    // images worked on at once, if the handler does not say otherwise
	reserve  = 10 * time.Second
)

// Images keeps the records of images.
type Images interface {
	// Get answers gallery.ErrNotFound for what is not there, or only as a tombstone; Record has tombstones too.
	Get(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error)
	Record(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error)
	// Save stores an image read at the version before its own, or answers gallery.ErrConflict; so does Bury, which frees the
	// place of its bytes too.
	Save(ctx context.Context, i gallery.Image) error
	Bury(ctx context.Context, tombstone gallery.Image, sha256 string) error
}

// Agenda knows where to look. It may be out of date.
type Agenda interface {
	Parts() int
	Due(ctx context.Context, from gallery.Place, now time.Time, limit int) ([]gallery.Ref, gallery.Place, error)
	Behind(ctx context.Context, cursor gallery.Ref, before time.Time, limit int) ([]gallery.Ref, gallery.Ref, error)
}

// Rounds remembers where the last run stopped.
type Rounds interface {
	Round(ctx context.Context) (gallery.Round, error)
	SaveRound(ctx context.Context, r gallery.Round) error
}

// Objects holds the bytes.
type Objects interface {
	HasOriginal(ctx context.Context, i gallery.Image) (bool, error)
	DeleteOriginal(ctx context.Context, owner gallery.Owner, id gallery.ID) error
	// AbandonParts removes what has been sent of a multipart upload.
	AbandonParts(ctx context.Context, i gallery.Image) error
	// Tidy removes the renditions that the image does not name.
	Tidy(ctx context.Context, i gallery.Image) error
	// EraseObjects removes all that is stored of an owner.
	EraseObjects(ctx context.Context, owner gallery.Owner) error
}

// Queue takes images that are to be processed.
type Queue interface {
	Requeue(ctx context.Context, owner gallery.Owner, id gallery.ID) error
}

// Handler sweeps. It is safe at any moment, and twice at once: whatever it finds, it reads the image itself, decides by
// gallery's rules, and stores conditionally on what it read; objects are removed under a hold only. What fails is logged,
// and found again by a later run.
type Handler struct {
	Images    Images
	Agenda    Agenda
	Rounds    Rounds
	Objects   Objects
	Queue     Queue
	Jobs      Jobs
	Deletions Deletions // nil: where nobody is removed
	Members   Members
	Hands     int // images worked on at once; 0: eight
	Now       func() time.Time
	Log       *slog.Logger
}

// Event is what the schedule sends; nothing in it matters.
type Event struct{}

// Handle makes one run. An error means that it could not find out what there is to do.
func (h Handler) Handle(ctx context.Context, _ Event) error {
	r, err := h.Rounds.Round(ctx)
	if err != nil {
		return err
	}
	var errs [4]error
	var late lateness
	r.Due, errs[0] = h.sweepDue(ctx, r.Due, &late)
	r, errs[1] = h.checkFeed(ctx, r)
	errs[2] = h.advanceJobs(ctx)
	r.Removed, errs[3] = h.advanceDeletions(ctx, r.Removed)
	h.Log.InfoContext(ctx, "swept round", cloudwatch.Seconds("OldestUnfinishedSeconds", late.age()))
	return errors.Join(append(errs[:], h.Rounds.SaveRound(ctx, r))...)
}

// sweepDue goes once around all that is due, from where the last run stopped, and answers where this one did.
func (h Handler) sweepDue(ctx context.Context, at gallery.Place, late *lateness) (gallery.Place, error) {
	settle := func(ctx context.Context, ref gallery.Ref) (string, error) { return h.settle(ctx, ref, late) }
	for seen, parts := 0, 0; seen < maxDue && parts <= h.Agenda.Parts() && h.hasTime(ctx); {
		refs, next, err := h.Agenda.Due(ctx, at, h.Now(), page)
		if err != nil {
			return at, err
		}
		h.each(ctx, refs, settle)
		seen += len(refs)
		if next.Part != at.Part {
			parts++
		}
		at = next
	}
	return at, nil
}

// checkFeed compares some images with the feed, and touches those whose newest version is missing there: the change that
// makes is numbered, and says all that the missing one would have. All images are read in a few hours' time, so that an
// idle gallery costs next to nothing.
func (h Handler) checkFeed(ctx context.Context, r gallery.Round) (gallery.Round, error) {
	now := h.Now()
	if !r.Checking && now.Before(r.CheckAt) || !h.hasTime(ctx) {
		return r, nil
	}
	if !r.Checking {
		r.Checked, r.CheckAt = gallery.Ref{}, now.Add(gallery.FeedCheck)
	}
	refs, next, err := h.Agenda.Behind(ctx, r.Checked, now.Add(-gallery.FeedLag), maxCheck)
	if err != nil {
		return r, err
	}
	h.each(ctx, refs, h.touch)
	r.Checked, r.Checking = next, next != gallery.Ref{}
	return r, nil
}

// each works on images side by side.
func (h Handler) each(ctx context.Context, refs []gallery.Ref, do func(context.Context, gallery.Ref) (string, error)) {
	var group errgroup.Group
	group.SetLimit(cmp.Or(h.Hands, hands))
	for _, ref := range refs {
		group.Go(func() error {
			outcome, err := do(ctx, ref)
			switch {
			case errors.Is(err, gallery.ErrConflict), errors.Is(err, gallery.ErrLeased):
				h.Log.DebugContext(ctx, "somebody else is at work", "image", ref.ID)
			case err != nil:
				h.Log.ErrorContext(ctx, "not swept", "image", ref.ID, "outcome", "again", "error", err)
			case outcome != "":
				h.Log.InfoContext(ctx, "swept", "image", ref.ID, "outcome", outcome)
			}
			return nil
		})
	}
	_ = group.Wait() // nothing in it answers an error
}

// hasTime tells whether another page can be begun before the function's time is over.
func (h Handler) hasTime(ctx context.Context) bool {
	until, bounded := ctx.Deadline()
	return ctx.Err() == nil && (!bounded || time.Until(until) > reserve)
}
