package resolvers

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// maxQuotaBytes is the most that every client can read exactly: a Float has 53 bits for it.
const maxQuotaBytes = 1 << 53

// reading says whose images the viewer asks for: their own, or those of an owner named by an admin. Of anybody else who
// names one, what is read is their own, too, and then seems not to be there: nothing tells them whether the other exists.
func reading(v gallery.Viewer, owner *string) (whose gallery.Owner, hidden bool, err error) {
	if owner == nil || gallery.Owner(*owner) == v.Owner {
		return v.Owner, false, nil
	}
	if !v.Admin() {
		return v.Owner, true, nil
	}
	whose, err = gallery.ParseOwner(*owner)
	return whose, false, err
}

// administered answers whom an admin means. Everybody else is told that there is no such user, whoever it is.
func administered(ctx context.Context, id string) (gallery.Viewer, gallery.Owner, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return v, "", err
	}
	if !v.Admin() {
		return v, "", gallery.ErrNoUser
	}
	owner, err := gallery.ParseOwner(id)
	return v, owner, err
}

// User is the field Query.user.
func (r queryResolver) User(ctx context.Context, id string) (*graph.User, error) {
	_, owner, err := administered(ctx, id)
	if err != nil {
		return nil, err
	}
	return r.user(ctx, owner)
}

func (r *Resolver) user(ctx context.Context, owner gallery.Owner) (*graph.User, error) {
	a, err := r.Users.Account(ctx, owner)
	if err != nil {
		return nil, err
	}
	return &graph.User{
		ID: string(owner), Usage: usage(a.Usage), Quota: quota(a.Quota), SuspendedAt: some(a.SuspendedAt), Deletion: deletion(a),
	}, nil
}

// SetQuota is the field Mutation.setQuota.
func (r mutationResolver) SetQuota(ctx context.Context, user string, images *int, bytes *float64, inFlight *int) (*graph.User, error) {
	_, owner, err := administered(ctx, user)
	if err != nil {
		return nil, err
	}
	switch b := or(bytes, 1); {
	case or(images, 1) < 1:
		return nil, gallery.Invalid("images", "a quota is 1 at least")
	case !(b >= 1 && b <= maxQuotaBytes) || b != math.Trunc(b):
		return nil, gallery.Invalid("bytes", "a quota is a whole number, 1 to 2^53")
	case or(inFlight, 1) < 1:
		return nil, gallery.Invalid("inFlight", "a quota is 1 at least")
	case images == nil && bytes == nil && inFlight == nil:
		return nil, gallery.Invalid("images", "say what is to be set: images, bytes or inFlight")
	}
	q := gallery.Quota{Images: int64(or(images, 0)), Bytes: int64(or(bytes, 0)), InFlight: int64(or(inFlight, 0))}
	if err := r.changeAccount(ctx, owner, func() error { return r.Accounts.SetQuota(ctx, owner, q) }); err != nil {
		return nil, err
	}
	return r.user(ctx, owner)
}

// changeAccount changes an account. A member may have none yet; one is made then. Who has been removed is a member no
// longer, for a day before the account goes: it is never made again.
func (r *Resolver) changeAccount(ctx context.Context, owner gallery.Owner, do func() error) error {
	err := do()
	if !errors.Is(err, gallery.ErrNoUser) {
		return err
	}
	there, err := r.Members.Has(ctx, owner)
	if err != nil {
		return err
	}
	if !there {
		return gallery.ErrNoUser
	}
	if err := r.Accounts.Warm(ctx, owner); err != nil {
		return err
	}
	return do()
}

// SuspendUser is the field Mutation.suspendUser. functions/auth refuses the sign-in of who is suspended. It is not asked when
// tokens are renewed, so the user's sessions end here: last, or one could begin in between; and again when asked again,
// since that may have failed.
func (r mutationResolver) SuspendUser(ctx context.Context, user string, suspended *bool) (*graph.User, error) {
	v, owner, err := administered(ctx, user)
	if err != nil {
		return nil, err
	}
	suspend := or(suspended, true)
	if suspend && owner == v.Owner {
		return nil, gallery.Invalid("user", "nobody would be left to let you in again: another admin can suspend you")
	}
	a, err := r.Users.Account(ctx, owner)
	if err != nil {
		return nil, err
	}
	if suspend == a.SuspendedAt.IsZero() { // it is not so yet
		var since time.Time
		if suspend {
			since = gallery.Time(r.Now())
		}
		if err := r.changeAccount(ctx, owner, func() error { return r.Accounts.Suspend(ctx, owner, since) }); err != nil {
			return nil, err
		}
	}
	if suspend {
		if err := r.Members.SignOut(ctx, owner); err != nil {
			return nil, err
		}
	}
	return r.user(ctx, owner)
}
