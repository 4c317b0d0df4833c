package faults

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
)

// admin is who may suspend users, and look at what is theirs.
func (w *world) admin(r *rand.Rand) session {
	return session{world: w, owner: "00000000-0000-4000-8000-000000000001", groups: []string{gallery.AdminGroup}, door: r.IntN(len(w.doors))}
}

// administer lets an admin suspend a member or end that, set his quota, look at his things, or the member try to sign in:
// also one who is being removed, or has been. There is one admin at a time: what he is told is so.
func (w *world) administer() {
	for _, u := range w.users {
		if !u.member || w.acting("admin") {
			continue
		}
		r := rand.New(rand.NewPCG(w.seed, w.rand.Uint64()))
		switch r.IntN(5) {
		case 0, 1:
			w.suspend(r, u, !u.suspended)
		case 2:
			w.inspect(r, u)
		case 3:
			w.allow(r, u)
		default:
			w.knock(u)
		}
	}
}

func (w *world) acting(name string) bool {
	for _, a := range w.actors {
		if strings.HasPrefix(a.name, name) {
			return true
		}
	}
	return false
}

// suspend has an admin suspend a user, or end that, until he is told that it is so.
func (w *world) suspend(r *rand.Rand, u *user, suspended bool) {
	s := w.admin(r)
	if len(w.picturesOf(u, func(i gallery.Image) bool { return !i.Status.Ended() && !i.Deleted() })) > 0 && suspended {
		w.history.saw("suspended in the middle of an upload")
	}
	w.start("admin", time.Minute, func(ctx context.Context) {
		again(func() error {
			err := s.ask(ctx, "Mutation", "suspendUser", map[string]any{"user": u.owner, "suspended": suspended}, nil)
			if err == nil && u.suspended != suspended {
				w.wrong("an admin is told that %s is suspended: %v", u.owner, suspended)
			}
			w.missed(u, err)
			return err
		})
	})
}

// allow has an admin set a user's quota, to what it is.
func (w *world) allow(r *rand.Rand, u *user) {
	s := w.admin(r)
	w.start("admin", time.Minute, func(ctx context.Context) {
		again(func() error {
			quota := map[string]any{"user": u.owner, "bytes": gallery.DefaultQuota().Bytes}
			err := s.ask(ctx, "Mutation", "setQuota", quota, nil)
			w.missed(u, err)
			return err
		})
	})
}

// missed judges an admin who is told that there is no such user: nothing else may be of who is still there.
func (w *world) missed(u *user, err error) {
	switch {
	case !errors.Is(err, gallery.ErrNotFound):
	case w.maySignIn(u):
		w.wrong("%s is there, and an admin is told that he is not", u.owner)
	default:
		w.history.saw("an admin came too late")
	}
}

// inspect has an admin read a user's account and images.
func (w *world) inspect(r *rand.Rand, u *user) {
	s := w.admin(r)
	w.start("admin", time.Minute, func(ctx context.Context) {
		var account struct{ SuspendedAt *time.Time }
		turns := u.turns
		err := s.ask(ctx, "Query", "user", map[string]any{"id": u.owner}, &account)
		if err == nil && u.turns == turns && (account.SuspendedAt != nil) != u.suspended && !u.left {
			w.wrong("%s is suspended: %v, and an admin reads %v", u.owner, u.suspended, account.SuspendedAt)
		}
		var page struct {
			Edges []struct{ Node gallery.Image }
		}
		if err := s.ask(ctx, "Query", "images", map[string]any{"owner": u.owner, "first": gallery.MaxPage}, &page); err != nil {
			return
		}
		for _, e := range page.Edges {
			if all := w.history.versions[e.Node.ID]; len(all) == 0 || all[0].Owner != u.owner {
				w.wrong("an admin who asks for the images of %s reads %s", u.owner, e.Node.ID)
			}
		}
		w.history.saw("an admin looked")
	})
}

// knock lets a user try to sign in, of which Cognito asks functions/auth: who is suspended is refused, and nobody else.
func (w *world) knock(u *user) {
	trigger, err := json.Marshal(cognito.Trigger{
		Version: "1", Source: "PreAuthentication_Authentication", UserName: string(u.owner),
		Request: cognito.Request{UserAttributes: map[string]string{"sub": string(u.owner)}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.start("somebody at the door", 5*time.Second, func(ctx context.Context) {
		suspended, turns := u.suspended, u.turns
		_, err := lambda.NewHandler(w.gate.Handle).Invoke(ctx, trigger)
		a := ctx.Value(actorKey{}).(*actor)
		switch {
		case a.killed() || turns != u.turns:
		case err == nil && suspended:
			w.wrong("%s is suspended, and can sign in", u.owner)
		case err != nil && !suspended && !a.failed:
			w.wrong("%s cannot sign in, and nothing failed: %v", u.owner, err)
		case err != nil && suspended:
			w.history.saw("refused at the door")
		}
	})
}

// pretend lets somebody who is no admin try what admins may: it seems to everybody else that there is nobody of that id.
func (s session) pretend(ctx context.Context) {
	for _, u := range s.users {
		if !u.member {
			continue
		}
		read := s.ask(ctx, "Query", "user", map[string]any{"id": u.owner}, nil)
		suspended := s.ask(ctx, "Mutation", "suspendUser", map[string]any{"user": u.owner}, nil)
		for _, err := range []error{read, suspended} {
			if !errors.Is(err, gallery.ErrNotFound) && !errors.Is(err, errUnheard) {
				s.wrong("%s, who is no admin, asks for another user: %v", s.owner, err)
			}
		}
	}
}

// pardon ends all suspensions.
func (w *world) pardon() {
	for _, u := range w.staying() {
		if u.suspended {
			w.suspend(w.rand, u, false)
			w.runActors()
		}
	}
}
