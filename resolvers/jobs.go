package resolvers

import (
	"context"
	"errors"

	"github.com/darkroom/darkroom/gallery"
)

// ReprocessImages is the field Mutation.reprocessImages. The sweeper advances the job.
func (r mutationResolver) ReprocessImages(ctx context.Context, filter *gallery.Filter, dryRun *bool) (*gallery.Job, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	f, err := or(filter, gallery.Filter{}).Checked()
	if err != nil {
		return nil, err
	}
	survey, err := r.Jobs.Survey(ctx, v.Owner, f)
	if err != nil {
		return nil, err
	}
	now, id := gallery.Time(r.Now()), r.NewID()
	j := gallery.Job{
		Owner: v.Owner, ID: id, State: gallery.JobEstimate, Filter: f, Survey: survey, Until: id, Version: 1,
		CreatedAt: now, UpdatedAt: now,
	}
	if or(dryRun, true) {
		return &j, nil
	}
	j.State = gallery.JobRunning
	err = r.Jobs.Start(ctx, j)
	if errors.Is(err, gallery.ErrConflict) {
		return nil, &gallery.Error{Code: gallery.CodeConflict, Message: "Images are being processed again already. Wait, or cancel that job."}
	}
	if err != nil {
		return nil, err
	}
	return &j, nil
}

// CancelReprocess is the field Mutation.cancelReprocess.
func (r mutationResolver) CancelReprocess(ctx context.Context, id string) (*gallery.Job, error) {
	for range saveAttempts {
		j, err := r.ownJob(ctx, id)
		if err != nil {
			return nil, err
		}
		next := j.Cancel(r.Now())
		if next.Version == j.Version {
			return &j, nil
		}
		if err := r.Jobs.SaveJob(ctx, next); !errors.Is(err, gallery.ErrConflict) {
			return &next, err
		}
	}
	return nil, gallery.ErrConflict
}

// Reprocess is the field Query.reprocess.
func (r queryResolver) Reprocess(ctx context.Context, id string) (*gallery.Job, error) {
	j, err := r.ownJob(ctx, id)
	if err != nil {
		return nil, err
	}
	return &j, nil
}

func (r *Resolver) ownJob(ctx context.Context, id string) (gallery.Job, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return gallery.Job{}, err
	}
	parsed, err := gallery.ParseID(id)
	if err != nil {
		return gallery.Job{}, err
	}
	j, err := r.Jobs.Job(ctx, v.Owner, parsed)
	if errors.Is(err, gallery.ErrNotFound) {
		return j, &gallery.Error{Code: gallery.CodeNotFound, Message: "There is no such job."}
	}
	return j, err
}
