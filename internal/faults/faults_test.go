package faults

import (
	"flag"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/local/sqs"
)

var (
	seeds = flag.Int("seeds", 200, "how many worlds")
	first = flag.Uint64("seed", 1, "the first one's seed")
)

// chaos is how many steps a world is unkind for, and more is for how many it is so again, when there are pictures that are
// READY and may be developed anew, deleted and purged.
const (
	chaos = 220
	more  = 90
)

func TestWhateverFailsEveryUploadEndsAndEverythingAddsUp(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // worlds are short-lived
	e := openEngines(t)
	var seen census
	t.Run("worlds", func(t *testing.T) {
		next := *first
		var mu sync.Mutex
		var hands sync.WaitGroup
		defer hands.Wait()
		for range atOnce {
			hands.Go(func() {
				for {
					mu.Lock()
					seed := next
					next++
					mu.Unlock()
					if seed >= *first+uint64(*seeds) {
						return
					}
					t.Run(fmt.Sprint(seed), func(t *testing.T) { live(t, e, seed, &seen) })
				}
			})
		}
	})
	if *seeds >= 100 && !t.Failed() {
		seen.check(t)
	}
}

// atOnce is how many worlds there are at a time: some wait for a clock on the wall now and then, as who lost a race does.
const atOnce = 3

func live(t *testing.T, e *engines, seed uint64, seen *census) {
	w := newWorld(t, e, seed)
	defer w.close()
	if w.tight = w.rand.IntN(4) == 0; w.tight {
		w.setQuota(2)
	}
	w.misbehave(chaos, 2+w.rand.IntN(4))
	w.becomeQuiet()
	if w.rand.IntN(2) == 0 {
		w.sendAgain()
	}
	if w.rand.IntN(2) == 0 {
		w.pass(gallery.EchoLife) // who was removed is so once more, in the middle of it all
	}
	w.misbehave(more, 1+w.rand.IntN(3))
	w.becomeQuiet()
	w.emptyTrash()
	w.check()
	w.checkLinks()
	seen.add(w.history.seen)
}

// misbehave lets everything happen in an order that the seed decides.
func (w *world) misbehave(steps, clients int) {
	w.kind = false
	deployed, fedUp := w.rand.IntN(2*steps), w.rand.IntN(2*steps)
	for n := range steps {
		if n == deployed {
			w.process.Developer = newer
		}
		if n == fedUp {
			w.someoneLeaves()
		}
		w.sendEvents()
		w.reap()
		switch d := w.rand.IntN(100); {
		case w.lends && w.rand.IntN(8) == 0:
			w.lend()
		case w.rand.IntN(20) == 0:
			w.administer()
		case w.rand.IntN(12) == 0 && w.someoneLeft():
			w.sweepOnce()
		case d < 68 && len(w.actors) > 0:
			w.step(w.actors[w.rand.IntN(len(w.actors))])
		case d < 74 && clients > 0 || len(w.actors) == 0 && clients > 0:
			clients--
			w.client()
		case d < 80:
			w.deliver()
		case d < 86:
			w.publishSome(w.someone())
		case d < 89 && w.clock().Sub(w.swept) >= gallery.SweepEvery:
			w.sweepOnce()
		case d < 91:
			w.follow(w.someone())
		case d < 97:
			w.pass(time.Duration(w.rand.IntN(4000)) * time.Millisecond)
		case d < 99:
			w.pass(time.Duration(w.rand.IntN(120)) * time.Second)
		default:
			w.pass(time.Duration(w.rand.IntN(40)) * time.Minute)
		}
		if n%75 == 74 {
			w.noHalfSets()
			w.checkQuotas()
		}
	}
	for ; clients > 0; clients-- {
		w.client()
	}
}

func (w *world) someone() *user { return w.users[w.rand.IntN(len(w.users))] }

// follow lets a subscriber take what he was told, connect, or lose his connection.
func (w *world) follow(u *user) {
	switch {
	case u.asked:
	case u.socket == nil:
		w.subscribe(u)
	case w.rand.IntN(4) == 0:
		w.unsubscribe(u)
	default:
		w.listen(u)
	}
}

// becomeQuiet ends the faults, and lets pass what time it takes until nothing is owed any more.
func (w *world) becomeQuiet() {
	w.kind = true
	w.say("QUIET")
	w.redrive()
	w.insist()
	for _, u := range w.staying() {
		w.attend(u)
	}
	w.end()
	w.checkEnded()
	for _, u := range w.staying() {
		w.listen(u)
		w.heal(u)
	}
	w.runAll()
	w.checkLinks()
}

// emptyTrash lets the time pass after which what is deleted is purged.
func (w *world) emptyTrash() {
	w.pass(gallery.TrashLife)
	for range 3 {
		w.sweepOnce()
		w.runAll()
		w.pass(gallery.Lease)
	}
}

// end lets time pass until everything has ended, which must not take longer than the timers allow.
func (w *world) end() {
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
}

// runAll lets everybody act until nobody wants to.
func (w *world) runAll() {
	for busy := true; busy; {
		w.sendEvents()
		w.runActors()
		busy = w.deliver()
		for _, u := range w.users {
			busy = w.publishSome(u) || busy
		}
	}
}

// runActors lets those act who have begun, until they have ended, or wait for the time to pass.
func (w *world) runActors() {
	for w.reap(); ; w.reap() {
		now := w.clock()
		n := slices.IndexFunc(w.actors, func(r *running) bool { return now.After(r.until) || !r.wakes().After(now) })
		if n < 0 {
			return
		}
		w.step(w.actors[n])
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
	next := now.Add(gallery.UploadLife)
	sooner := func(t time.Time) {
		if t.Before(next) {
			next = t
		}
	}
	if jobs, depth := w.underway(); jobs > 0 || w.removing() {
		sooner(now.Add(gallery.SweepEvery))
	} else if depth != (sqs.Depth{}) {
		sooner(now.Add(gallery.QueueVisibility)) // a message may be hidden
	}
	for _, i := range w.all() {
		if due := i.Due(); !due.IsZero() && !i.Deleted() {
			sooner(due)
		}
	}
	for _, r := range w.actors {
		sooner(r.wakes())
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.later {
		sooner(e.at)
	}
	return max(time.Second, next.Sub(now))
}

// underway answers how many jobs there are, and what is in the queue.
func (w *world) underway() (jobs int, depth sqs.Depth) {
	w.t.Helper()
	running, err := w.jobs.Running(w.t.Context(), 100)
	if err == nil {
		depth, err = w.queues.Depth("process")
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return len(running), depth
}

// nothingOwed tells whether every image outside the trash has ended, no job runs, and S3 and the queue have nothing left
// to tell.
func (w *world) nothingOwed() bool {
	for _, i := range w.all() {
		if !i.Deleted() && (!i.Status.Ended() || !i.Due().IsZero()) {
			return false
		}
	}
	jobs, depth := w.underway()
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.removing() && jobs == 0 && depth == (sqs.Depth{}) && len(w.later) == 0 && len(w.actors) == 0
}
