package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// lendsEvery says which worlds have share links.
const lendsEvery = 2

// link is a share link that a client was told.
type link struct {
	token   string
	share   string
	owner   *user
	image   gallery.ID
	names   []string // of the renditions that it shows; none: all
	asked   int      // the image's version when the link was asked for
	told    int      // and when it was told
	expires time.Time

	revoking, revoked bool
}

// lend lets somebody share a picture, take a link back, or open one.
func (w *world) lend() {
	w.visits++
	r := rand.New(rand.NewPCG(w.seed, uint64(100_000+w.visits)))
	u := w.someone()
	if member := w.users[len(w.users)-1]; member.member && r.IntN(2) == 0 {
		u = member // to whom more happens
	}
	links := slices.DeleteFunc(slices.Clone(w.links), func(l *link) bool { return l.owner != u })
	if len(links) == 0 {
		links = w.links
	}
	switch n := r.IntN(10); {
	case n < 4 || len(links) == 0:
		w.shareOne(r, u)
	case n < 9:
		w.visit(links[r.IntN(len(links))], w.visits)
	default:
		w.revoke(r, links[r.IntN(len(links))])
	}
}

// shareOne lets a user share one of his pictures, most often one that can be.
func (w *world) shareOne(r *rand.Rand, u *user) {
	all := w.picturesOf(u, func(gallery.Image) bool { return true })
	able := w.picturesOf(u, func(i gallery.Image) bool { return i.Status == gallery.Ready && !i.Deleted() })
	if len(able) > 0 && r.IntN(6) > 0 {
		all = able
	}
	if len(all) == 0 || !w.maySignIn(u) {
		return
	}
	id := all[r.IntN(len(all))]
	life := [...]int{3600, 7 * 24 * 3600, 365 * 24 * 3600}[r.IntN(3)]
	names := [][]string{nil, {"small"}, {"small", "large"}}[r.IntN(3)]
	w.start(fmt.Sprintf("sharer of %s", id), time.Minute, func(ctx context.Context) {
		s := w.signIn(u, r)
		again(func() error { return s.share(ctx, u, id, life, names) })
	})
	if r.IntN(2) == 0 {
		w.regret(r, u, id)
	}
}

// regret lets a user delete a picture and restore it: every link that was made before has ended, and stays so.
func (w *world) regret(r *rand.Rand, u *user, id gallery.ID) {
	w.start(fmt.Sprintf("regretter of %s", id), time.Minute, func(ctx context.Context) {
		s := w.signIn(u, r)
		again(func() error { return s.do(ctx, "deleteImage", id) })
		again(func() error { return s.do(ctx, "restoreImage", id) })
	})
}

// share asks for a link once. A picture that can be shared all the while is not refused.
func (s session) share(ctx context.Context, u *user, id gallery.ID, life int, names []string) error {
	asked, closed, turns := len(s.history.versions[id]), u.closed(), u.turns
	x, err := s.shareImage(ctx, id, life, names)
	told := len(s.history.versions[id])
	i := s.history.versions[id][told-1]
	var refusal *gallery.Error
	switch {
	case err == nil && closed && turns == u.turns:
		s.wrong("%s is suspended or being removed, and could share %s", u.owner, id)
	case err == nil:
		s.links = append(s.links, &link{
			token: x.URL[len(s.resolver.ShareURL):], share: x.ID, owner: u, image: id, names: names,
			asked: asked, told: told, expires: x.ExpiresAt,
		})
		s.history.saw("shared")
	case errors.As(err, &refusal) && asked == told && i.Status == gallery.Ready && !i.Deleted() && !closed && turns == u.turns:
		s.wrong("%s is READY, and cannot be shared: %v", id, err)
	case refusal == nil && !ctx.Value(actorKey{}).(*actor).failed:
		s.wrong("%s cannot be shared, and nothing failed: %v", id, err)
	}
	return err
}

// revoke lets the owner of a link take it back.
func (w *world) revoke(r *rand.Rand, l *link) {
	if !w.maySignIn(l.owner) {
		return
	}
	w.start("revoker of "+l.share[:8], time.Minute, func(ctx context.Context) {
		s := w.signIn(l.owner, r)
		l.revoking = true
		again(func() error {
			err := s.do(ctx, "revokeShare", gallery.ID(l.share))
			if err == nil || errors.Is(err, gallery.ErrNotFound) {
				l.revoked = true
				w.history.saw("revoked")
			}
			return err
		})
	})
}

// ended tells whether a link has ended for certain, and whether it may have: what was done while it was being made can
// have been before it or after. It goes by the stream and by the clients' answers, not by what the records say of links.
func (w *world) ended(l *link) (certain, perhaps bool) {
	over := !w.clock().Before(l.expires)
	versions := w.history.versions[l.image]
	deleted := func(i gallery.Image) bool { return i.Deleted() }
	certain = over || l.revoked || l.owner.left || slices.ContainsFunc(versions[l.told:], deleted) || versions[len(versions)-1].Deleted()
	perhaps = certain || l.revoking || l.owner.asked || slices.ContainsFunc(versions[l.asked-1:], deleted)
	return certain, perhaps
}

// checkLinks opens all links, all being quiet, and has their owners list them.
func (w *world) checkLinks() {
	w.t.Helper()
	for _, l := range w.links {
		certain, perhaps := w.ended(l)
		gone := certain || l.owner.suspended
		if status := w.look(l); gone != (status == 404) && certain == perhaps {
			w.wrong("the link %s of %s has ended: %v; it answers %d", l.share[:8], l.image, certain, status)
		}
	}
	for _, u := range w.staying() {
		w.checkListed(u)
	}
}

// checkListed: an owner is told of his links that work, and of no others.
func (w *world) checkListed(u *user) {
	w.t.Helper()
	s, listed := w.signIn(u, w.rand), map[string]int{}
	for after := ""; ; {
		page, err := s.shares(w.t.Context(), 1+w.rand.IntN(5), after)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, e := range page.Edges {
			listed[e.Node.ID]++
		}
		if !page.PageInfo.HasNextPage {
			break
		}
		after = page.PageInfo.EndCursor
	}
	for _, l := range w.links {
		certain, perhaps := w.ended(l)
		if n := listed[l.share]; l.owner == u && certain == perhaps && (n > 0) == certain || n > 1 {
			w.wrong("the link %s of %s has ended: %v; it is listed %d times", l.share[:8], l.image, certain, n)
		}
	}
}
