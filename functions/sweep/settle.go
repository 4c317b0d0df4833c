package sweep

import (
	"context"
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/gallery"
)

// requeued is the outcome after which an image is on its way as before.
const requeued = "requeued"

// settle brings an image further that was said to be due, if it still is. How old it is by then is noted if it has not ended.
func (h Handler) settle(ctx context.Context, ref gallery.Ref, late *lateness) (outcome string, err error) {
	i, err := h.Images.Get(ctx, ref.Owner, ref.ID)
	if errors.Is(err, gallery.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	now := h.Now()
	if due := i.Due(); due.IsZero() || now.Before(due) {
		return "", nil // the index was behind
	}
	defer func() {
		if err != nil || outcome == requeued {
			late.note(i, now)
		}
	}()
	switch {
	case i.Deleted():
		return h.purge(ctx, i)
	case i.Status == gallery.Pending:
		return h.awaited(ctx, i)
	case i.Status == gallery.Processing && now.Before(i.Deadline):
		return h.again(ctx, i)
	case i.Status == gallery.Processing:
		return h.giveUp(ctx, i)
	}
	return h.tidy(ctx, i)
}

// awaited looks for the bytes of an image whose signed upload has expired. If they are there their event was lost; if not,
// the image ends. Should they come yet, their event revives it. Parts are abandoned before that: after it nobody joins them.
func (h Handler) awaited(ctx context.Context, i gallery.Image) (string, error) {
	if err := h.Objects.AbandonParts(ctx, i); err != nil {
		return "", err
	}
	there, err := h.Objects.HasOriginal(ctx, i)
	if err != nil {
		return "", err
	}
	if there {
		requested, err := i.Request(h.Now())
		if err != nil {
			return "", err
		}
		return "arrived unheard", h.requeue(ctx, requested)
	}
	failed, err := i.Fail(gallery.NeverArrived, h.Now())
	if err != nil {
		return "", err
	}
	return string(gallery.NeverArrived), h.Images.Save(ctx, failed)
}

// again asks for an image to be processed whose worker has died, and whose event has not come back.
func (h Handler) again(ctx context.Context, i gallery.Image) (string, error) {
	return requeued, h.requeue(ctx, i.Touch(h.Now()))
}

// requeue stores an image that is owed processing, then asks for it. If the latter fails, the image is due again.
func (h Handler) requeue(ctx context.Context, i gallery.Image) error {
	if err := h.Images.Save(ctx, i); err != nil {
		return err
	}
	return h.Queue.Requeue(ctx, i.Owner, i.ID)
}

// giveUp ends an image that could not be finished in time, and removes what was made of it.
func (h Handler) giveUp(ctx context.Context, i gallery.Image) (string, error) {
	held, err := h.hold(ctx, i)
	if err != nil {
		return "", err
	}
	if err := h.Objects.Tidy(ctx, held); err != nil {
		return "", err
	}
	held.Untidy = false
	code := gallery.TimedOut
	if there, err := h.Objects.HasOriginal(ctx, held); err != nil {
		return "", err
	} else if !there {
		code = gallery.NeverArrived // or were others than announced, and removed
	}
	failed, err := held.Fail(code, h.Now())
	if err != nil {
		return "", err
	}
	return string(code), h.Images.Save(ctx, failed)
}

// tidy removes the renditions that newer ones have replaced.
func (h Handler) tidy(ctx context.Context, i gallery.Image) (string, error) {
	held, err := h.hold(ctx, i)
	if err != nil {
		return "", err
	}
	if err := h.Objects.Tidy(ctx, held); err != nil {
		return "", err
	}
	return "tidied", h.Images.Save(ctx, held.Tidied(h.Now()))
}

// purge removes everything of an image, then gives its place in the account back. From the first step on nothing brings the
// image back; a run that dies in between is repeated by another.
func (h Handler) purge(ctx context.Context, i gallery.Image) (string, error) {
	if !i.Purging {
		i = i.Purge(h.Now())
		if err := h.Images.Save(ctx, i); err != nil {
			return "", err
		}
	}
	held, err := h.hold(ctx, i)
	if err != nil {
		return "", err
	}
	if err := h.Objects.AbandonParts(ctx, held); err != nil {
		return "", err
	}
	if err := h.Objects.DeleteOriginal(ctx, held.Owner, held.ID); err != nil {
		return "", err
	}
	held.Renditions = nil
	if err := h.Objects.Tidy(ctx, held); err != nil {
		return "", err
	}
	return "purged", h.Images.Bury(ctx, held.Bury(h.Now()), i.SHA256)
}

func (h Handler) hold(ctx context.Context, i gallery.Image) (gallery.Image, error) {
	held, err := i.Hold(h.Now())
	if err != nil {
		return i, err
	}
	if err := h.Images.Save(ctx, held); err != nil {
		return i, fmt.Errorf("hold: %w", err)
	}
	return held, nil
}

// touch tells the feed of an image whose newest version it has missed, if it still has not changed since.
func (h Handler) touch(ctx context.Context, ref gallery.Ref) (string, error) {
	i, err := h.Images.Record(ctx, ref.Owner, ref.ID)
	if err != nil || h.Now().Sub(i.UpdatedAt) < gallery.FeedLag {
		return "", err
	}
	return "told again", h.Images.Save(ctx, i.Touch(h.Now()))
}
