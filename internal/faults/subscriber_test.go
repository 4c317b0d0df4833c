package faults

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/darkroom/darkroom/gallery"
)

// subscriber is a client that follows a user's feed as docs/clients-feed.md says: it takes what its socket tells when that
// is the next number, and reads the feed when it is not, and whenever it has subscribed.
type subscriber struct {
	socket *socket // nil while it is down
	took   []gallery.Event
	heard  map[int64]bool // by the socket since the world is quiet
	quiet  int64          // the feed's head at that moment
}

// subscribe opens a user's socket, and lets him read what he has missed.
func (w *world) subscribe(u *user) {
	w.t.Helper()
	s, err := w.realtime.subscribe(u.owner)
	if err != nil {
		w.t.Fatalf("seed %d: subscribe: %v", w.seed, err)
	}
	u.socket = s
	w.heal(u)
}

func (w *world) unsubscribe(u *user) {
	if u.socket != nil {
		u.socket.close()
		u.socket = nil
		w.history.saw("socket lost")
	}
}

// heal reads the feed after what the user has. A call that fails leaves him behind until the next occasion.
func (w *world) heal(u *user) {
	s := w.signIn(u, w.rand)
	w.start("changes of "+string(u.owner), patience, func(ctx context.Context) {
		for {
			c, err := s.changes(ctx, len(u.took))
			if err != nil || len(c.Events) == 0 {
				return
			}
			for _, e := range c.Events {
				w.take(u, e)
			}
		}
	})
}

// take appends an event that is the next one, and tells whether there is a gap before it.
func (w *world) take(u *user, e gallery.Event) (gap bool) {
	if e.Seq == int64(len(u.took))+1 {
		u.took = append(u.took, e)
	}
	return e.Seq > int64(len(u.took))
}

// listen takes what a user's socket has told since. All of it must be his own, and in his feed by now.
func (w *world) listen(u *user) {
	w.t.Helper()
	if u.socket == nil {
		return
	}
	events, err := u.socket.heard()
	if err != nil {
		w.t.Fatalf("seed %d: %s's socket: %v", w.seed, u.owner, err)
	}
	w.checkHeard(u, events)
	gap := false
	for _, e := range events {
		gap = w.take(u, e) || gap
		if u.heard != nil {
			u.heard[e.Seq] = true
		}
	}
	if gap {
		w.history.saw("gap healed")
		w.heal(u)
	}
}

// checkHeard compares announcements with the rows of their numbers.
func (w *world) checkHeard(u *user, events []gallery.Event) {
	w.t.Helper()
	if len(events) == 0 {
		return
	}
	w.history.saw("announced")
	from := slices.MinFunc(events, func(a, b gallery.Event) int { return cmp.Compare(a.Seq, b.Seq) }).Seq
	c, err := w.feed.Changes(w.t.Context(), u.owner, max(0, from-1), gallery.MaxPage, noon)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range events {
		if n := e.Seq - from; e.Seq < 1 || n >= int64(len(c.Events)) && n < gallery.MaxPage {
			w.wrong("%s heard %+v, and his feed ends at %d", u.owner, e, c.Head)
		} else if n < gallery.MaxPage && e != c.Events[n] {
			w.wrong("%s heard %+v, and his feed has %+v", u.owner, e, c.Events[n])
		}
	}
}

// checkFollowed: at the end the subscriber has taken every change once; and of those since the world is quiet, he has heard.
func (w *world) checkFollowed(u *user) {
	w.t.Helper()
	w.listen(u)
	w.heal(u)
	w.runActors()
	versions := map[gallery.ID]int64{}
	for n, e := range u.took {
		all := w.history.versions[e.ID]
		if e.Version != versions[e.ID]+1 || e.Version > int64(len(all)) {
			w.wrong("%s took version %d of %s after version %d of %d", u.owner, e.Version, e.ID, versions[e.ID], len(all))
			continue
		}
		versions[e.ID] = e.Version
		want := all[e.Version-1].Event()
		want.Seq = int64(n) + 1
		if e != want {
			w.wrong("%s took %+v, and the change was %+v", u.owner, e, want)
		}
		if e.Seq > u.quiet && !u.heard[e.Seq] {
			w.wrong("%s never heard of event %d, and nothing failed", u.owner, e.Seq)
		}
	}
	for id, all := range w.history.versions {
		if all[0].Owner == u.owner && versions[id] != int64(len(all)) {
			w.wrong("%s took %s up to version %d of %d", u.owner, id, versions[id], len(all))
		}
	}
}

// attend begins the quiet time of a user's socket.
func (w *world) attend(u *user) {
	w.t.Helper()
	if u.socket == nil {
		w.subscribe(u)
	}
	w.runActors()
	w.listen(u)
	c, err := w.feed.Changes(w.t.Context(), u.owner, 0, 1, noon)
	if err != nil {
		w.t.Fatal(err)
	}
	u.quiet, u.heard = c.Head, map[int64]bool{}
}

func (w *world) user(owner gallery.Owner) *user {
	for _, u := range w.users {
		if u.owner == owner {
			return u
		}
	}
	panic(fmt.Sprintf("%s is nobody here", owner))
}
