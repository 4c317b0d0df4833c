package resolvers

import (
	"context"
	"errors"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// saveAttempts bounds how often a change is tried again on the record as somebody else left it.
const saveAttempts = 5

// Image is the field Query.image.
func (r queryResolver) Image(ctx context.Context, id string, owner *string) (*gallery.Image, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	parsed, err := gallery.ParseID(id)
	if err != nil {
		return nil, err
	}
	whose, hidden, err := reading(v, owner)
	if err != nil {
		return nil, err
	}
	i, err := r.Resolver.Images.Get(ctx, whose, parsed)
	if err == nil && hidden {
		err = gallery.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &i, nil
}

// Images is the field Query.images.
func (r queryResolver) Images(
	ctx context.Context, first *int, after *string, order *gallery.Order, status *gallery.Status, owner *string,
) (*graph.ImageConnection, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	l, err := gallery.Listing{
		First: or(first, gallery.DefaultPage), After: or(after, ""), Order: or(order, gallery.Uploaded), Status: or(status, ""),
	}.Checked()
	if err != nil {
		return nil, err
	}
	whose, hidden, err := reading(v, owner)
	if err != nil {
		return nil, err
	}
	page, err := r.Resolver.Images.List(ctx, whose, l)
	if err == nil && hidden {
		err = gallery.ErrNoUser
	}
	if err != nil {
		return nil, err
	}
	return connection(page), nil
}

// Trash is the field Query.trash.
func (r queryResolver) Trash(ctx context.Context, first *int, after *string) (*graph.ImageConnection, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	l, err := gallery.Listing{First: or(first, gallery.DefaultPage), After: or(after, ""), Order: gallery.TrashedAt}.Checked()
	if err != nil {
		return nil, err
	}
	page, err := r.Resolver.Images.List(ctx, v.Owner, l)
	if err != nil {
		return nil, err
	}
	return connection(page), nil
}

// Changes is the field Query.changes.
func (r queryResolver) Changes(ctx context.Context, after int, first *int) (*gallery.Changes, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	n := or(first, gallery.MaxPage)
	if n < 1 || n > gallery.MaxPage {
		return nil, gallery.Invalid("first", "a stretch has 1 to %d events", gallery.MaxPage)
	}
	if after < 0 {
		return nil, gallery.Invalid("after", "events are numbered from 1; ask after 0 for all")
	}
	c, err := r.Feed.Changes(ctx, v.Owner, int64(after), n, r.Now())
	if err != nil {
		return nil, err
	}
	return &c, nil
}

// CreateUpload is the field Mutation.createUpload: the same bytes are one image, whoever asks how often.
func (r mutationResolver) CreateUpload(
	ctx context.Context, filename, contentType string, bytes int, sha256 string,
) (graph.CreateUploadResult, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	one := []gallery.Upload{{Filename: filename, ContentType: contentType, Bytes: int64(bytes), SHA256: sha256}}
	outcomes, err := r.announce(ctx, v.Owner, one)
	if err == nil {
		err = outcomes[0].err
	}
	if err != nil {
		return nil, err
	}
	return r.answer(ctx, outcomes[0].image)
}

// CreateUploads is the field Mutation.createUploads: one transaction, and an answer for each.
func (r mutationResolver) CreateUploads(ctx context.Context, uploads []gallery.Upload) ([]graph.CreateUploadsResult, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	if len(uploads) < 1 || len(uploads) > gallery.MaxBatch {
		return nil, gallery.Invalid("uploads", "1 to %d uploads are announced together", gallery.MaxBatch)
	}
	outcomes, err := r.announce(ctx, v.Owner, uploads)
	if err != nil {
		return nil, err
	}
	answers := make([]graph.CreateUploadsResult, len(uploads))
	for n, o := range outcomes {
		if o.err != nil {
			answers[n] = failure(uploads[n], o.err)
			continue
		}
		if answers[n], err = r.answer(ctx, o.image); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// DeleteImage is the field Mutation.deleteImage.
func (r mutationResolver) DeleteImage(ctx context.Context, id string) (*gallery.Image, error) {
	i, err := r.change(ctx, id, func(i gallery.Image) gallery.Image { return i.Trash(r.Now()) })
	if err != nil {
		return nil, err
	}
	return &i, nil
}

// RestoreImage is the field Mutation.restoreImage.
func (r mutationResolver) RestoreImage(ctx context.Context, id string) (*gallery.Image, error) {
	i, err := r.change(ctx, id, func(i gallery.Image) gallery.Image { return i.Restore(r.Now()) })
	if err != nil {
		return nil, err
	}
	if i.Deleted() {
		return nil, gallery.ErrNotFound // it is being purged
	}
	if err := r.resume(ctx, i); err != nil {
		return nil, err
	}
	return &i, nil
}

// PurgeImage is the field Mutation.purgeImage. The sweeper removes what there is.
func (r mutationResolver) PurgeImage(ctx context.Context, id string) (*gallery.Image, error) {
	i, err := r.change(ctx, id, func(i gallery.Image) gallery.Image { return i.Purge(r.Now()) })
	if err != nil {
		return nil, err
	}
	return &i, nil
}

// RetryImage is the field Mutation.retryImage. Until a worker has the image the queue is asked for it each time, since it may
// have failed the time before.
func (r mutationResolver) RetryImage(ctx context.Context, id string) (*gallery.Image, error) {
	i, err := r.attempt(ctx, id, func(i gallery.Image) (gallery.Image, error) { return i.Retry(r.Now()) })
	if err == nil && i.Unclaimed() {
		err = r.Queue.Requeue(ctx, i.Owner, i.ID)
	}
	if err != nil {
		return nil, err
	}
	return &i, nil
}

// ImageEvents is the field Subscription.imageEvents, which this endpoint cannot serve.
func (subscriptionResolver) ImageEvents(context.Context) (<-chan *gallery.Event, error) {
	return nil, gallery.Invalid("imageEvents", "subscriptions are served by AppSync: connect to the realtime endpoint")
}

// own reads one of the viewer's images.
func (r *Resolver) own(ctx context.Context, id string) (gallery.Viewer, gallery.Image, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return v, gallery.Image{}, err
	}
	parsed, err := gallery.ParseID(id)
	if err != nil {
		return v, gallery.Image{}, err
	}
	i, err := r.Images.Get(ctx, v.Owner, parsed)
	return v, i, err
}

// change is attempt for what is never refused.
func (r *Resolver) change(ctx context.Context, id string, changed func(gallery.Image) gallery.Image) (gallery.Image, error) {
	return r.attempt(ctx, id, func(i gallery.Image) (gallery.Image, error) { return changed(i), nil })
}

// attempt stores one of the viewer's images as changed says, trying again on what another writer left. Where nothing
// changes, nothing is written.
func (r *Resolver) attempt(
	ctx context.Context, id string, changed func(gallery.Image) (gallery.Image, error),
) (gallery.Image, error) {
	for range saveAttempts {
		_, i, err := r.own(ctx, id)
		if err != nil {
			return i, err
		}
		next, err := changed(i)
		if err != nil || next.Version == i.Version {
			return i, err
		}
		if err := r.Images.Save(ctx, next); !errors.Is(err, gallery.ErrConflict) {
			return next, err
		}
	}
	return gallery.Image{}, gallery.ErrConflict
}
