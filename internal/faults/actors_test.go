package faults

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// running is an actor at work, and how long it may be.
type running struct {
	*actor
	until time.Time
	done  chan struct{}
}

// start lets somebody act. It comes as far as its first call.
func (w *world) start(name string, limit time.Duration, do func(ctx context.Context)) *running {
	r := &running{actor: &actor{name: name}, until: w.clock().Add(limit), done: make(chan struct{})}
	w.actors = append(w.actors, r)
	w.say("%s begins", name)
	go func() {
		defer func() { close(r.done); w.network.moved <- struct{}{} }()
		do(as(context.Background(), r.actor))
	}()
	w.settle(r)
	return r
}

// settle waits until an actor has parked a call or ended.
func (w *world) settle(r *running) {
	select {
	case <-w.network.moved:
	case <-time.After(5 * time.Minute):
		w.t.Fatalf("seed %d: %s is stuck", w.seed, r.name)
	}
}

// step lets one call of an actor happen. Who has outlived its limit is killed instead.
func (w *world) step(r *running) {
	if w.clock().After(r.until) || !w.kind && w.rand.IntN(120) == 0 {
		w.kill(r)
		return
	}
	c := r.next(w.clock(), w.rand.IntN)
	if c == nil {
		return
	}
	v := w.verdict()
	w.say("%s: %s %s", r.name, c.what, [...]string{"", "FAILS", "WORKS, THEN FAILS", "WORKS TWICE"}[v])
	w.marked(r.actor, v)
	c.verdict <- v
	w.settle(r)
	if c.writes {
		w.readStream(r.actor)
		w.readStanding()
	}
}

// next takes one of the parked calls that may happen now.
func (a *actor) next(now time.Time, pick func(int) int) *call {
	a.mu.Lock()
	defer a.mu.Unlock()
	var able []int
	for n, c := range a.parked {
		if !c.from.After(now) {
			able = append(able, n)
		}
	}
	if len(able) == 0 {
		return nil
	}
	n := able[pick(len(able))]
	c := a.parked[n]
	a.parked = append(a.parked[:n], a.parked[n+1:]...)
	return c
}

// wakes is when an actor can go on.
func (a *actor) wakes() (at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n, c := range a.parked {
		if n == 0 || c.from.Before(at) {
			at = c.from
		}
	}
	return at
}

func (w *world) verdict() verdict {
	if w.kind {
		return works
	}
	switch n := w.rand.IntN(60); {
	case n < 3:
		return fails
	case n < 6:
		return worksThenFails
	case n < 8:
		return worksTwice
	}
	return works
}

// kill ends an actor: none of its calls happens any more, and nobody hears what it answers.
func (w *world) kill(r *running) {
	w.say("%s IS KILLED", r.name)
	w.history.saw("somebody killed")
	r.mu.Lock()
	r.dead, r.hurt, r.failed = true, true, true
	parked := r.parked
	r.parked = nil
	r.mu.Unlock()
	for _, c := range parked {
		c.verdict <- fails
	}
	<-r.done
	<-w.network.moved // its end
}

// reap forgets those that have ended.
func (w *world) reap() {
	alive := w.actors[:0]
	for _, r := range w.actors {
		select {
		case <-r.done:
		default:
			alive = append(alive, r)
		}
	}
	w.actors = alive
}

// invoke calls a function with JSON, as Lambda does, and answers nil when it was killed or failed.
func invoke(ctx context.Context, handler any, event any) []byte {
	payload, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	function, ready := handler.(lambda.Handler)
	if !ready {
		function = lambda.NewHandler(handler)
	}
	answer, err := function.Invoke(ctx, payload)
	if a, _ := ctx.Value(actorKey{}).(*actor); err != nil || a != nil && a.killed() {
		return nil
	}
	return answer
}

func (a *actor) killed() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dead
}
