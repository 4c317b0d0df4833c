package sweep

import (
	"context"
	"errors"

	"github.com/darkroom/darkroom/gallery"
)

// How much of the jobs one run does: so little that what is asked for is developed before its deadline, and new uploads need
// not wait long behind it.
const (
	maxJobs  = 20
	jobAsks  = 100  // images asked for, of one job
	jobLooks = 1000 // images looked at, of one job
)

// Jobs keeps what was asked of many images at once.
type Jobs interface {
	Running(ctx context.Context, limit int) ([]gallery.Job, error)
	// SaveJob answers gallery.ErrConflict when the job has changed: it was cancelled, or another run has advanced it.
	SaveJob(ctx context.Context, j gallery.Job) error
	// After reads images in the order of their ids.
	After(ctx context.Context, owner gallery.Owner, after, until gallery.ID, limit int) ([]gallery.Image, error)
}

func (h Handler) advanceJobs(ctx context.Context) error {
	jobs, err := h.Jobs.Running(ctx, maxJobs)
	if err != nil {
		return err
	}
	for _, j := range jobs {
		if err := h.advance(ctx, j); err != nil && !errors.Is(err, gallery.ErrConflict) {
			h.Log.ErrorContext(ctx, "job not advanced", "job", j.ID, "error", err)
		}
	}
	return nil
}

// advance asks for some more of a job's images and notes how far it has come. If it dies before that, some are asked for
// once more, which costs their development and does no harm.
func (h Handler) advance(ctx context.Context, j gallery.Job) error {
	asked, to, finished := int64(0), j.After, false
	for looked := 0; !finished && asked < jobAsks && looked < jobLooks && h.hasTime(ctx); {
		images, err := h.Jobs.After(ctx, j.Owner, to, j.Until, page)
		if err != nil {
			return err
		}
		for _, i := range images {
			if err := h.ask(ctx, j, i, &asked); err != nil {
				return errors.Join(err, h.Jobs.SaveJob(ctx, j.Advance(to, asked, false, h.Now())))
			}
			to = i.ID
		}
		looked += len(images)
		finished = len(images) < page
	}
	if err := h.Jobs.SaveJob(ctx, j.Advance(to, asked, finished, h.Now())); err != nil {
		return err
	}
	h.Log.InfoContext(ctx, "job advanced", "job", j.ID, "asked", asked, "finished", finished)
	return nil
}

// ask requests an image that the job means. One that somebody changes at the same moment is left to them.
func (h Handler) ask(ctx context.Context, j gallery.Job, i gallery.Image, asked *int64) error {
	if !j.Filter.Takes(i) {
		return nil
	}
	requested, err := i.Request(h.Now())
	if err == nil {
		err = h.requeue(ctx, requested)
	}
	switch {
	case errors.Is(err, gallery.ErrConflict):
		return nil
	case err == nil:
		*asked++
	}
	return err
}
