package faults

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/local/sqs"
)

var (
	seeds = flag.Int("seeds", 150, "how many worlds")
	first = flag.Uint64("seed", 1, "the first one's seed")
)

// chaos is how many steps a world is unkind for.
const chaos = 300

func TestWhateverFailsEveryUploadEndsAndEverythingAddsUp(t *testing.T) {
	e := openEngines(t)
	t.Run("worlds", func(t *testing.T) {
		for n := range *seeds {
			seed := *first + uint64(n)
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, e, seed)
				defer w.close()
				w.misbehave()
				w.becomeQuiet()
				w.check()
			})
		}
	})
}

// misbehave lets everything happen in an order that the seed decides.
func (w *world) misbehave() {
	clients := 2 + w.rand.IntN(4)
	if w.rand.IntN(4) == 0 {
		w.setQuota(2)
	}
	for n := range chaos {
		w.sendEvents()
		w.reap()
		switch d := w.rand.IntN(100); {
		case d < 70 && len(w.actors) > 0:
			w.step(w.actors[w.rand.IntN(len(w.actors))])
		case d < 76 && clients > 0 || len(w.actors) == 0 && clients > 0:
			clients--
			w.client(clients)
		case d < 82:
			w.deliver()
		case d < 88:
			w.publishSome()
		case d < 91 && w.clock().Sub(w.swept) >= gallery.SweepEvery:
			w.sweepOnce()
		case d < 97:
			w.pass(time.Duration(w.rand.IntN(4000)) * time.Millisecond)
		case d < 99:
			w.pass(time.Duration(w.rand.IntN(120)) * time.Second)
		default:
			w.pass(time.Duration(w.rand.IntN(40)) * time.Minute)
		}
		if n%50 == 49 {
			w.noHalfSets()
		}
	}
	for ; clients > 0; clients-- {
		w.client(clients - 1)
	}
}

// becomeQuiet ends the faults, and lets pass what time it takes until nothing is owed any more.
func (w *world) becomeQuiet() {
	w.kind = true
	w.say("QUIET")
	w.redrive()
	bound := w.clock().Add(patience + gallery.UploadLife + gallery.UploadGrace + gallery.FinishWithin + gallery.QueueVisibility + gallery.Lease)
	w.runAll()
	for !w.nothingOwed() {
		w.noHalfSets()
		w.pass(w.untilNext())
		w.sweepOnce()
		w.runAll()
		if w.clock().After(bound) {
			w.t.Fatalf("seed %d: not everything has ended by %v:%s", w.seed, w.clock(), w.summary())
		}
	}
	w.checkEnded()
	w.pass(gallery.TrashLife)
	for range 3 {
		w.sweepOnce()
		w.runAll()
		w.pass(gallery.Lease)
	}
}

// runAll lets everybody act until nobody wants to.
func (w *world) runAll() {
	for busy := true; busy; {
		w.sendEvents()
		for w.reap(); len(w.actors) > 0; w.reap() {
			w.step(w.actors[0])
		}
		busy = w.deliver()
		busy = w.publishSome() || busy
	}
}

// redrive gives dead letters back to the queue, as somebody does whom the alarm has called.
func (w *world) redrive() {
	for {
		dead, err := w.queues.Receive(w.t.Context(), "dead", sqs.ReceiveOptions{Max: 1})
		if err != nil {
			w.t.Fatal(err)
		}
		if len(dead) == 0 {
			return
		}
		if _, err = w.queues.Send("process", dead[0].Body, 0); err == nil {
			err = w.queues.Delete("dead", dead[0].Receipt)
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// untilNext is how long nothing happens by itself.
func (w *world) untilNext() time.Duration {
	now := w.clock()
	next := now.Add(gallery.QueueVisibility) // a message may be hidden
	for _, i := range w.all() {
		if due := i.Due(); !due.IsZero() && !i.Deleted() && due.Before(next) {
			next = due
		}
	}
	return max(time.Second, next.Sub(now))
}

// nothingOwed tells whether every image outside the trash has ended, no job runs, and S3 and the queue have nothing left
// to tell.
func (w *world) nothingOwed() bool {
	for _, i := range w.all() {
		if !i.Deleted() && (!i.Status.Ended() || !i.Due().IsZero()) {
			return false
		}
	}
	jobs, err := w.jobs.Running(w.t.Context(), 100)
	if err != nil {
		w.t.Fatal(err)
	}
	depth, err := w.queues.Depth("process")
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(jobs) == 0 && depth == (sqs.Depth{}) && len(w.later) == 0 && len(w.actors) == 0
}
