package faults

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// memberEvery says which worlds have a third user: a member of the user pool, who leaves in the middle of it all.
const memberEvery = 4

// standing is what a user may do, as the accounts table says after every write.
type standing struct {
	member bool // of the user pool
	asked  bool // to be removed
	left   bool // it has begun: nothing is let in any more

	suspended bool
	turns     int // how often he became, or was no longer, suspended or being removed
}

// closed tells whether nothing may be let in, nor shown to strangers.
func (s standing) closed() bool { return s.left || s.suspended }

// staying are the users who have not asked to be removed.
func (w *world) staying() []*user {
	return slices.DeleteFunc(slices.Clone(w.users), func(u *user) bool { return u.asked })
}

// readStanding looks at the accounts of members.
func (w *world) readStanding() {
	for _, u := range w.users {
		if !u.member {
			continue
		}
		a, err := w.accounts.Account(w.t.Context(), u.owner)
		if err != nil {
			w.t.Fatal(err)
		}
		left, suspended := u.left || !a.DeletingAt.IsZero(), !a.SuspendedAt.IsZero()
		if left != u.left || suspended != u.suspended {
			u.turns++
		}
		u.left, u.suspended = left, suspended
	}
}

// someoneLeaves lets a member leave, if there is one who has not.
func (w *world) someoneLeaves() {
	for _, u := range w.staying() {
		if u.member {
			w.leave(u)
		}
	}
}

// someoneLeft tells whether there is somebody to be removed: then the sweeper comes more often, and to two at once.
func (w *world) someoneLeft() bool {
	return slices.ContainsFunc(w.users, func(u *user) bool { return u.left })
}

// leave lets a user ask to be removed, until he is told that he is. He follows his pictures no longer.
func (w *world) leave(u *user) {
	u.asked = true
	w.unsubscribe(u)
	s := w.signIn(u, w.rand)
	w.start("leaver", time.Minute, func(ctx context.Context) {
		again(func() error {
			err := s.ask(ctx, "Mutation", "deleteAccount", map[string]any{"confirm": u.owner}, nil)
			if err == nil && !u.left {
				w.wrong("%s is told to be removed, and it has not begun", u.owner)
			}
			return err
		})
	})
	if len(w.picturesOf(u, func(i gallery.Image) bool { return !i.Status.Ended() })) > 0 {
		w.history.saw("left in the middle of an upload")
	}
}

// picturesOf are a user's images whose last version is so.
func (w *world) picturesOf(u *user, is func(gallery.Image) bool) (ids []gallery.ID) {
	for _, id := range slices.Sorted(maps.Keys(w.history.versions)) {
		if all := w.history.versions[id]; all[0].Owner == u.owner && is(all[len(all)-1]) {
			ids = append(ids, id)
		}
	}
	return ids
}

// insist has those ask again who were not heard.
func (w *world) insist() {
	for _, u := range w.users {
		if u.asked && !u.left {
			w.leave(u)
			w.runActors()
		}
	}
}

// removing tells whether there is a user of whom something is still to be removed, but for the note that he was there.
func (w *world) removing() bool {
	w.t.Helper()
	all, err := w.deletions.Running(w.t.Context(), "", 10)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.ContainsFunc(all, func(d gallery.Deletion) bool { return d.ErasedAt.IsZero() })
}

// maySignIn tells whether somebody can begin a session: who is no longer in the pool has none.
func (w *world) maySignIn(u *user) bool {
	if !u.left {
		return true
	}
	_, err := w.pool.Owner(w.t.Context(), string(u.owner))
	return err == nil
}

// elsewhere takes another user's place where one is gone.
func (w *world) elsewhere(r *rand.Rand, u *user) *user {
	for !w.maySignIn(u) {
		u = w.users[r.IntN(len(w.users))]
	}
	return u
}

// checkGone: of a user who was removed nothing is left anywhere.
func (w *world) checkGone(u *user) {
	w.t.Helper()
	for _, change := range []func(*rand.Rand, *user){w.allow, func(r *rand.Rand, u *user) { w.suspend(r, u, true) }} {
		change(w.rand, u)
		w.runActors()
	}
	if w.maySignIn(u) {
		w.wrong("%s is removed, and can sign in", u.owner)
	}
	for table, keys := range map[string][2]string{
		w.tables.Images: {"owner", "id"}, w.tables.Feed: {"owner", "key"}, w.tables.Users: {"owner", "key"}, w.tables.Shares: {"owner", "id"},
	} {
		var rows []map[string]any
		if err := w.images.DB.Table(table).Scan().Consistent(true).All(w.t.Context(), &rows); err != nil {
			w.t.Fatal(err)
		}
		for _, r := range rows {
			if r[keys[0]] == string(u.owner) || r[keys[1]] == string(u.owner) {
				w.wrong("%s is removed, and left in %s: %v", u.owner, table, r)
			}
		}
	}
	for _, bucket := range []string{w.bucket.Uploads, w.bucket.Renditions} {
		for key := range w.objects(bucket) {
			if strings.Contains(key, "/"+string(u.owner)+"/") {
				w.wrong("%s is removed, and %s is left", u.owner, key)
			}
		}
	}
	w.history.saw("removed")
}
