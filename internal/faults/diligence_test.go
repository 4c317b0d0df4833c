package faults

import (
	"context"
	"math/rand/v2"

	"github.com/darkroom/darkroom/gallery"
)

// sendAgain is the proof that nothing has got stuck: who tries again when all is well is served. He tries again where S3
// kept what was there, and that were the wrong bytes that somebody else has sent.
func (w *world) sendAgain() {
	w.tight = false
	w.pardon()
	w.setQuota(1000)
	for again := true; again; {
		refused := func() int { return w.history.seen["FAILED MISMATCH"] + w.history.seen["wrong bytes gone"] }
		before := refused()
		for _, u := range w.staying() {
			w.diligent(u)
			w.runActors()
		}
		w.end()
		w.checkEnded()
		again = refused() > before
	}
	for _, u := range w.staying() {
		w.checkDiligence(u)
	}
}

// diligent is a client that nothing stops: it announces once more all that its user has ever announced, and sends what is
// asked for. Whatever has happened, each picture must end as what it is after that.
func (w *world) diligent(u *user) {
	r := rand.New(rand.NewPCG(w.seed, w.rand.Uint64()))
	w.start("the diligent client of "+string(u.owner), patience, func(ctx context.Context) {
		s := w.signIn(u, r)
		for _, p := range w.announced(u) {
			answer, err := s.createUploads(ctx, []gallery.Upload{p.announcement()})
			if err != nil {
				w.wrong("%s is not let in again: %v", p.sum(), err)
				continue
			}
			switch a := answer[0]; a.Kind {
			case "UploadTarget":
				w.put(ctx, a.Image, p.start)
			case "UploadParts":
				s.sendAllParts(ctx, a.Image, p)
			case "UploadFailure":
				w.wrong("%s is not let in again: %s", p.sum(), a.Message)
			}
		}
	})
}

// announced are the pictures of which a user has, or had, images.
func (w *world) announced(u *user) (all []picture) {
	for _, p := range pictures {
		for _, versions := range w.history.versions {
			if i := versions[0]; i.Owner == u.owner && i.Bytes == p.bytes && i.SHA256 == p.sum() {
				all = append(all, p)
				break
			}
		}
	}
	return all
}

// checkDiligence looks for an image of each picture, which ended as that must.
func (w *world) checkDiligence(u *user) {
	w.t.Helper()
	for _, p := range w.announced(u) {
		id, err := w.accounts.ByContent(w.t.Context(), u.owner, p.sum())
		if err != nil {
			w.wrong("%s was sent by %s, who waited until all was well, and there is none of it: %v", p.sum(), u.owner, err)
			continue
		}
		i, err := w.images.Get(w.t.Context(), u.owner, id)
		if err != nil || i.Status != p.status || i.Deleted() || i.Failure == gallery.TimedOut || empty(i) {
			w.wrong("%s was sent by %s, who waited until all was well: %s is %s %s (%v)", p.sum(), u.owner, id, i.Status, i.Failure, err)
		}
	}
}
