package sweep

import (
	"cmp"
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/gallery"
)

// maxDeletions is how many users are looked at in one run. Most of them only wait for what may still be heard of them.
const maxDeletions = 100

// everything comes after the id of every image.
const everything = gallery.ID("g")

// Deletions keeps how far the removal of users has come, and removes their records.
type Deletions interface {
	Running(ctx context.Context, after gallery.Owner, limit int) ([]gallery.Deletion, error)
	// SaveDeletion answers gallery.ErrConflict when another run has come further; so does End, which removes the account.
	SaveDeletion(ctx context.Context, d gallery.Deletion) error
	End(ctx context.Context, d gallery.Deletion) error
	// EraseRecords removes all records but the account. It answers gallery.ErrConflict while there is an image that is no
	// tombstone.
	EraseRecords(ctx context.Context, owner gallery.Owner) error
}

// Members are those who can sign in.
type Members interface {
	// Remove ends a user's sign-in. Removing who is not there is fine.
	Remove(ctx context.Context, owner gallery.Owner) error
}

// advanceDeletions goes on with the removal of users, from after the one where the last run stopped, and answers where
// this one did.
func (h Handler) advanceDeletions(ctx context.Context, after gallery.Owner) (gallery.Owner, error) {
	if h.Deletions == nil {
		return after, nil
	}
	all, err := h.Deletions.Running(ctx, after, maxDeletions)
	if err != nil {
		return after, err
	}
	for _, d := range all {
		if !h.hasTime(ctx) {
			return after, nil
		}
		outcome, err := h.remove(ctx, d)
		switch {
		case errors.Is(err, gallery.ErrConflict), errors.Is(err, gallery.ErrLeased):
			h.Log.DebugContext(ctx, "somebody else is at work", "user", d.Owner)
		case err != nil:
			h.Log.ErrorContext(ctx, "user not removed", "user", d.Owner, "error", err)
		case outcome != "":
			h.Log.InfoContext(ctx, "user removed", "user", d.Owner, "outcome", outcome)
		}
		after = d.Owner
	}
	if len(all) < maxDeletions {
		after = ""
	}
	return after, nil
}

// remove takes the removal of a user further. The images are buried one by one, as purging does, since workers may be at
// them; then all that is left is removed at once. What happened before that can be heard of for a day: a change in the
// stream puts a row into the feed, a signed upload an object into the bucket. So it is all done again after that, and only
// then the account goes, which has kept everything out until then.
func (h Handler) remove(ctx context.Context, d gallery.Deletion) (string, error) {
	now := h.Now()
	if !d.ErasedAt.IsZero() && !d.Echoed(now) {
		return "", nil
	}
	if d.ErasedAt.IsZero() {
		var finished bool
		var err error
		if d, finished, err = h.buryAll(ctx, d); err != nil || !finished {
			return "", err
		}
	}
	for _, step := range []func(context.Context, gallery.Owner) error{
		h.Members.Remove, h.Objects.EraseObjects, h.Deletions.EraseRecords,
	} {
		err := step(ctx, d.Owner)
		if errors.Is(err, gallery.ErrConflict) { // an image is there again, which cannot be: look at all of them
			return "", errors.Join(err, h.Deletions.SaveDeletion(ctx, d.Buried("")))
		}
		if err != nil {
			return "", err
		}
	}
	if d.ErasedAt.IsZero() {
		return "erased", h.Deletions.SaveDeletion(ctx, d.Erased(now))
	}
	return "forgotten", h.Deletions.End(ctx, d)
}

// buryAll makes tombstones of a user's images, some at a time, and notes how far it has come. It stops at one that somebody
// is at work on.
func (h Handler) buryAll(ctx context.Context, d gallery.Deletion) (next gallery.Deletion, finished bool, err error) {
	for h.hasTime(ctx) {
		images, err := h.Jobs.After(ctx, d.Owner, d.After, everything, page)
		if err != nil {
			return d, false, err
		}
		done, failed := h.buryPage(ctx, images)
		if done > 0 {
			d = d.Buried(images[done-1].ID)
			if err := h.Deletions.SaveDeletion(ctx, d); err != nil {
				return d, false, errors.Join(err, failed)
			}
		}
		if failed != nil || len(images) < page {
			return d, failed == nil, failed
		}
	}
	return d, false, nil
}

// buryPage works on images side by side, and answers how many of the first ones are tombstones now.
func (h Handler) buryPage(ctx context.Context, images []gallery.Image) (int, error) {
	errs := make([]error, len(images))
	var group errgroup.Group
	group.SetLimit(cmp.Or(h.Hands, hands))
	for n, i := range images {
		group.Go(func() error {
			if !i.Purged() {
				_, errs[n] = h.purge(ctx, i)
			}
			return nil
		})
	}
	_ = group.Wait() // nothing in it answers an error
	for n, err := range errs {
		if err != nil {
			return n, err
		}
	}
	return len(images), nil
}
