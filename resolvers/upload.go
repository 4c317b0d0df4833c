package resolvers

import (
	"context"
	"errors"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// known finds the owner's image of these bytes, out of the trash; gallery.ErrNotFound when there is none.
func (r *Resolver) known(ctx context.Context, owner gallery.Owner, sha256 string) (gallery.Image, error) {
	id, err := r.Users.ByContent(ctx, owner, sha256)
	if err != nil {
		return gallery.Image{}, err
	}
	i, err := r.change(ctx, string(id), func(i gallery.Image) gallery.Image {
		switch {
		case i.Deleted():
			return i.Restore(r.Now())
		case i.Status == gallery.Pending:
			return i.Renew(r.Now())
		}
		return i
	})
	if err != nil {
		return i, err
	}
	return i, r.resume(ctx, i)
}

// create makes a PENDING image. If the same bytes were announced at the same moment, theirs is the image.
func (r *Resolver) create(ctx context.Context, owner gallery.Owner, u gallery.Upload) (gallery.Image, error) {
	account, err := r.Users.Account(ctx, owner)
	if err != nil {
		return gallery.Image{}, err
	}
	i := gallery.New(owner, r.NewID(), u, r.Now())
	err = r.Creator.Create(ctx, i, account.Quota)
	if errors.Is(err, gallery.ErrConflict) {
		return r.known(ctx, owner, u.SHA256)
	}
	return i, err
}

// answer tells a client to send the bytes of an image that waits for them, or that they are here.
func (r *Resolver) answer(ctx context.Context, i gallery.Image) (graph.CreateUploadResult, error) {
	if i.Status != gallery.Pending && i.Failure != gallery.NeverArrived {
		return graph.AlreadyHave{Image: &i}, nil
	}
	t, err := r.Signer.SignUpload(ctx, i, r.Now())
	if err != nil {
		return nil, err
	}
	return graph.UploadTarget{Image: &i, URL: t.URL, Method: t.Method, Headers: t.Headers, ExpiresAt: t.ExpiresAt}, nil
}

// resume puts work back into the queue that may have been dropped while the image was in the trash. The processor finds
// out by itself whether there is anything to do.
func (r *Resolver) resume(ctx context.Context, i gallery.Image) error {
	if i.Status.Ended() {
		return nil
	}
	return r.Queue.Requeue(ctx, i.Owner, i.ID)
}
