package faults

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// history is what a world remembers, and what nothing but the table's stream, the objects and the clients' answers told it.
type history struct {
	versions map[gallery.ID][]gallery.Image // of each image, the first one first
	holder   map[gallery.ID]*actor          // who took the image to himself last
	revived  map[gallery.Owner]int64        // images that were given up, and whose bytes came after all
	came     map[gallery.ID]bool            // the right bytes did, once
	promised map[gallery.ID]time.Time       // until then a client may begin to send
	uploads  map[string]*actor              // in parts, as S3 names them, and who began them
	seen     map[string]int                 // how often something happened that this test is about
}

func newHistory() history {
	return history{
		versions: map[gallery.ID][]gallery.Image{}, holder: map[gallery.ID]*actor{}, revived: map[gallery.Owner]int64{},
		came: map[gallery.ID]bool{}, promised: map[gallery.ID]time.Time{}, uploads: map[string]*actor{}, seen: map[string]int{},
	}
}

func (h history) saw(what string) { h.seen[what]++ }

// remember holds a version of an image against the one before it.
func (w *world) remember(i gallery.Image, writer *actor) {
	w.t.Helper()
	h, all := w.history, w.history.versions[i.ID]
	h.versions[i.ID] = append(all, i)
	if i.Version != int64(len(all))+1 {
		w.wrong("%s has version %d after %d others", i.ID, i.Version, len(all))
		return
	}
	if len(all) == 0 {
		if u := w.user(i.Owner); u.closed() {
			w.wrong("%s was let in, and %s is suspended (%v) or being removed (%v)", i.ID, i.Owner, u.suspended, u.left)
		}
		return
	}
	was := all[len(all)-1]
	if i.Status != was.Status && !was.Status.CanBecome(i.Status) {
		w.wrong("%s became %s after %s", i.ID, i.Status, was.Status)
	}
	w.checkLease(was, i, writer)
	w.checkGivenUp(was, i)
	switch {
	case i.Purged():
		h.saw("purged")
		if was.Status == gallery.Ready {
			h.saw("purged when it was READY")
		}
	case was.Deleted() && !i.Deleted():
		h.saw("restored")
	case empty(was) && i.Status == gallery.Processing:
		h.revived[i.Owner]++
		h.saw("revived")
	case was.Status != i.Status && i.Status.Ended():
		h.saw(string(i.Status) + " " + string(i.Failure))
		if was.Status == gallery.Processing && i.Failure == gallery.NeverArrived {
			h.saw("wrong bytes gone") // they were removed, and who did so could not say it any more
		}
	}
}

// checkLease: while somebody has an image to himself nobody else takes it, ends it, or gives it back; and only who claimed
// it last may make it READY.
func (w *world) checkLease(was, i gallery.Image, writer *actor) {
	w.t.Helper()
	taken := i.LeaseUntil.After(was.LeaseUntil)
	moved := i.Status != was.Status || !i.LeaseUntil.Equal(was.LeaseUntil)
	if holder := w.history.holder[i.ID]; moved && holder != writer && i.UpdatedAt.Before(was.LeaseUntil) {
		w.wrong("%s: %s made version %d of it (%s) while %s had it until %v", i.ID, name(writer), i.Version, i.Status, name(holder), was.LeaseUntil)
	} else if i.Status == gallery.Ready && was.Status != gallery.Ready && holder != writer {
		w.wrong("%s: %s has made it READY, and %s had claimed it", i.ID, name(writer), name(holder))
	}
	if taken {
		w.history.holder[i.ID] = writer
	}
}

// checkGivenUp: bytes are awaited as long as somebody was told that he may send them.
func (w *world) checkGivenUp(was, i gallery.Image) {
	w.t.Helper()
	until := w.history.promised[i.ID]
	if was.Status == gallery.Pending && i.Status == gallery.Failed && i.UpdatedAt.Before(until) {
		w.wrong("%s was given up at %v, and its signature was good until %v", i.ID, i.UpdatedAt, until)
	}
}

// checkAcknowledged: a message is not done with if all the while somebody else was at work on its image. He may die.
func (w *world) checkAcknowledged(ctx context.Context, id gallery.ID, before int) {
	w.t.Helper()
	h, all := w.history, w.history.versions[id]
	if before == 0 || h.holder[id] == ctx.Value(actorKey{}).(*actor) {
		return
	}
	for _, i := range all[before-1:] {
		if i.Status != gallery.Processing || i.Deleted() || !i.Leased(w.clock()) {
			return
		}
	}
	w.wrong("%s: the message is acknowledged, and %s is at work on the image", id, name(h.holder[id]))
}

func name(a *actor) string {
	if a == nil {
		return "nobody"
	}
	return a.name
}

// promise notes until when a client may begin to send.
func (w *world) promise(id gallery.ID, until time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if until.After(w.history.promised[id]) {
		w.history.promised[id] = until
	}
}

// opened notes an upload in parts.
func (w *world) opened(a *actor, uploadID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.history.uploads[uploadID] = a
}

// marked notes what becomes of a call.
func (w *world) marked(a *actor, v verdict) {
	if v == works {
		return
	}
	a.hurt, a.failed = true, a.failed || v != worksTwice
	w.history.saw([...]string{"", "failed", "failed after it worked", "worked twice"}[v])
}

// arrived notes that the bytes of an image are there, if they are the right ones.
func (w *world) arrived(i gallery.Image) {
	body, err := w.bucket.Original(context.Background(), i)
	if err != nil {
		w.t.Error(err)
		return
	}
	defer body.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, body)
	if err != nil {
		w.t.Error(err)
	}
	if i.InParts() && n != i.Bytes {
		w.wrong("%s was joined to %d bytes of %d", i.ID, n, i.Bytes)
	}
	if hex.EncodeToString(sum.Sum(nil)) == i.SHA256 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.history.came[i.ID] = true
	}
}

// empty and weight say once more, and on their own, what gallery's rules for accounts are.
func empty(i gallery.Image) bool {
	return i.Status == gallery.Failed && (i.Failure == gallery.NeverArrived || i.Failure == gallery.Mismatch)
}

func weight(i gallery.Image) (u gallery.Usage) {
	if !i.PurgedAt.IsZero() || empty(i) {
		return u
	}
	u.Images, u.Bytes = 1, i.Bytes
	if i.Status == gallery.Pending && i.DeletedAt.IsZero() {
		u.InFlight = 1
	}
	return u
}
