package resolvers

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// announceAttempts bounds how often announcing is tried anew because somebody else announced, or changed, the same.
const announceAttempts = 8

// outcome is what became of one announced upload: an image, or a refusal.
type outcome struct {
	image gallery.Image
	err   error
}

// plan is what becomes of bytes that are announced.
type plan struct {
	upload   gallery.Upload
	image    gallery.Image
	changed  bool // or new
	restored bool
	replaces gallery.ID
	refused  error
}

// announce lets the pictures of one owner in, all in one transaction. Each has its own outcome: those that cannot be
// accepted, or do not fit the quota, keep nobody else out. The same bytes twice are one image.
func (r *Resolver) announce(ctx context.Context, owner gallery.Owner, uploads []gallery.Upload) ([]outcome, error) {
	outcomes := make([]outcome, len(uploads))
	place := map[string]int{} // of bytes among those that are different
	var different []gallery.Upload
	for n, u := range uploads {
		if uploads[n], outcomes[n].err = u.Checked(); outcomes[n].err != nil {
			continue
		}
		if _, known := place[uploads[n].SHA256]; !known {
			place[uploads[n].SHA256] = len(different)
			different = append(different, uploads[n])
		}
	}
	plans, err := r.admit(ctx, owner, different)
	if err != nil {
		return nil, err
	}
	for n, u := range uploads {
		if outcomes[n].err == nil {
			p := plans[place[u.SHA256]]
			outcomes[n] = outcome{p.image, p.refused}
		}
	}
	return outcomes, nil
}

// admit plans, and stores what was planned; who loses against another plans anew.
func (r *Resolver) admit(ctx context.Context, owner gallery.Owner, uploads []gallery.Upload) ([]plan, error) {
	for attempt := range announceAttempts {
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
		plans, err := r.plan(ctx, owner, uploads)
		if err != nil {
			return nil, err
		}
		account, err := r.fit(ctx, owner, plans)
		if err != nil {
			return nil, err
		}
		var all []gallery.Admission
		for _, p := range plans {
			if p.changed && p.refused == nil {
				all = append(all, gallery.Admission{Image: p.image, Replaces: p.replaces})
			}
		}
		if len(all) > 0 {
			err = r.Creator.Admit(ctx, all, account.Quota)
		}
		if err == nil {
			return plans, r.resumeAll(ctx, plans)
		}
		if !errors.Is(err, gallery.ErrConflict) && !errors.Is(err, gallery.ErrQuotaExceeded) {
			return nil, err
		}
	}
	return nil, gallery.ErrConflict
}

// plan reads which of the bytes the owner has, and decides what becomes of each.
func (r *Resolver) plan(ctx context.Context, owner gallery.Owner, uploads []gallery.Upload) ([]plan, error) {
	sums := make([]string, len(uploads))
	for n, u := range uploads {
		sums[n] = u.SHA256
	}
	ids, err := r.Users.ByContents(ctx, owner, sums)
	if err != nil {
		return nil, err
	}
	var known []gallery.ID
	for _, id := range ids {
		known = append(known, id)
	}
	images, err := r.Images.GetAll(ctx, owner, known)
	if err != nil {
		return nil, err
	}
	plans := make([]plan, len(uploads))
	for n, u := range uploads {
		was, there := images[ids[u.SHA256]]
		if !there || was.Purging {
			i := gallery.New(owner, r.NewID(), u, r.Now())
			plans[n] = plan{upload: u, image: i, changed: true, replaces: ids[u.SHA256]}
			continue
		}
		next := was.Announce(u, r.Now())
		plans[n] = plan{upload: u, image: next, changed: next.Version > was.Version, restored: was.Deleted()}
	}
	return plans, nil
}

// fit refuses those that the account has no room for, in their order.
func (r *Resolver) fit(ctx context.Context, owner gallery.Owner, plans []plan) (gallery.Account, error) {
	grows := false
	for _, p := range plans {
		grows = grows || p.image.Change.Grows() && p.changed
	}
	if !grows {
		return gallery.Account{}, nil
	}
	account, err := r.Users.Account(ctx, owner)
	if err != nil {
		return account, err
	}
	if err := account.Closed(); err != nil {
		return account, err
	}
	used := account.Usage
	for n, p := range plans {
		if !p.changed || !p.image.Change.Grows() {
			continue
		}
		if more := used.Plus(p.image.Change); account.Quota.Fits(more) {
			used = more
		} else {
			plans[n].refused = gallery.ErrQuotaExceeded
		}
	}
	return account, nil
}

// resumeAll takes up the work on images that came out of the trash, or were given up too early.
func (r *Resolver) resumeAll(ctx context.Context, plans []plan) error {
	for _, p := range plans {
		if p.changed && p.refused == nil && (p.restored || p.image.Status == gallery.Processing) {
			if err := r.resume(ctx, p.image); err != nil {
				return err
			}
		}
	}
	return nil
}

// resume puts work back into the queue that may have been dropped while the image was in the trash. The processor finds
// out by itself whether there is anything to do.
func (r *Resolver) resume(ctx context.Context, i gallery.Image) error {
	if i.Status.Ended() {
		return nil
	}
	return r.Queue.Requeue(ctx, i.Owner, i.ID)
}

// welcome is an answer to either way of announcing.
type welcome interface {
	graph.CreateUploadResult
	graph.CreateUploadsResult
}

// answer tells a client to send the bytes of an image that waits for them, or that they are here.
func (r *Resolver) answer(ctx context.Context, i gallery.Image) (welcome, error) {
	if i.Status != gallery.Pending {
		return graph.AlreadyHave{Image: &i}, nil
	}
	if i.InParts() {
		return r.inParts(ctx, i)
	}
	t, err := r.Signer.SignUpload(ctx, i, r.Now())
	if err != nil {
		return nil, err
	}
	return graph.UploadTarget{Image: &i, URL: t.URL, Method: t.Method, Headers: t.Headers, ExpiresAt: t.ExpiresAt}, nil
}

// failure is the answer for an upload that was refused.
func failure(u gallery.Upload, err error) graph.UploadFailure {
	f := graph.UploadFailure{Filename: u.Filename, Code: string(gallery.CodeInternal), Message: err.Error()}
	var refusal *gallery.Error
	if errors.As(err, &refusal) {
		f.Code, f.Field = string(refusal.Code), some(refusal.Field)
	}
	return f
}

// pause waits before another attempt, not before the first: a random time that grows, up to 10 ms, 20 ms, … 640 ms.
func pause(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(5 * time.Millisecond << min(attempt, 7))):
		return nil
	}
}
