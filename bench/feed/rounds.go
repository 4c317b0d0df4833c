package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/darkroom/darkroom/bench/server"
)

// What is measured of each case.
const (
	p50    = "delivery, p50"
	p99    = "delivery, p99"
	worst  = "delivery, the last"
	cpu    = "CPU of the server"
	memory = "memory of the server"
	rate   = "delivered"
	lost   = "lost"
)

func single(subscribers int) string { return fmt.Sprintf("one change, %d subscribers", subscribers) }

func stream(perSecond, subscribers int) string {
	return fmt.Sprintf("%d changes a second, %d subscribers", perSecond, subscribers)
}

// settle is how long nothing may come before the rest counts as lost.
const settle = 20 * time.Second

// runner is a contestant in a round.
type runner struct {
	contestant
	server *server.Process
	dir    string
	crowd  *crowd
	idle   float64 // MiB of its memory without subscribers
	turn   int     // changes made
}

// measure runs the rounds. Contestants take turns at every step, and from round to round in who goes first.
func (b *bench) measure(ctx context.Context) error {
	for n := range b.o.rounds {
		var runners []*runner
		for _, c := range b.contestants {
			runners = append(runners, &runner{contestant: c, dir: filepath.Join(b.dir, fmt.Sprintf("%s-%d", c.who, n))})
		}
		if n%2 == 1 {
			slices.Reverse(runners)
		}
		if err := b.round(ctx, n+1, runners); err != nil {
			return err
		}
		for _, r := range runners {
			if err := os.RemoveAll(r.dir); err != nil {
				return fmt.Errorf("clear up after a round: %w", err)
			}
		}
	}
	return nil
}

func (b *bench) round(ctx context.Context, n int, runners []*runner) (err error) {
	defer func() {
		for _, r := range runners {
			if r.server != nil {
				err = errors.Join(err, r.server.Stop())
			}
		}
	}()
	steps := []struct {
		what string
		do   func(context.Context, *runner) error
	}{
		{"start", b.start},
		{"publish", b.publishing},
		{single(b.o.few), func(ctx context.Context, r *runner) error { return b.single(ctx, r, b.o.few) }},
		{stream(b.o.rate, b.o.few), b.stream},
		{single(b.o.many), func(ctx context.Context, r *runner) error { return b.single(ctx, r, b.o.many) }},
		{"leave", func(_ context.Context, r *runner) error { return r.crowd.leave() }},
	}
	for _, s := range steps {
		for _, r := range runners {
			b.say("round %d of %d: %s, %s", n, b.o.rounds, s.what, r.who)
			if err := s.do(ctx, r); err != nil {
				return fmt.Errorf("%s, %s: %w", s.what, r.who, err)
			}
		}
	}
	return nil
}

func (b *bench) start(ctx context.Context, r *runner) error {
	var err error
	if r.server, err = r.launch(ctx, r.dir); err != nil {
		return err
	}
	owner, err := r.join(ctx, r.server)
	if err != nil {
		return err
	}
	r.crowd = gather(ctx, owner)
	r.idle, err = r.memory(ctx)
	return err
}

// memory is the process's own, once it rests; the rest of what is resident are pages of the binary.
func (r *runner) memory(ctx context.Context) (float64, error) {
	if _, err := r.server.Settled(ctx); err != nil {
		return 0, err
	}
	return r.server.Memory("RssAnon")
}

// single makes one change after another, each when the one before has reached everybody.
func (b *bench) single(ctx context.Context, r *runner, subscribers int) error {
	if err := r.crowd.grow(subscribers); err != nil {
		return err
	}
	used, err := r.memory(ctx)
	if err != nil {
		return err
	}
	name := single(subscribers)
	if _, err := r.once(ctx); err != nil { // to open connections and fill what is kept
		return err
	}
	u, err := r.server.During(ctx, func() error {
		for range b.o.changes {
			d, err := r.once(ctx)
			if err != nil {
				return err
			}
			b.add(name, r.who, d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.samples.Add(name, r.who, cpu, "µs/message", 1e6*u.CPU/float64(b.o.changes*subscribers))
	b.samples.Add(name, r.who, memory, "KiB/subscriber", 1024*(used-r.idle)/float64(subscribers))
	return nil
}

func (b *bench) add(name, who string, d delivery) {
	b.samples.Add(name, who, p50, "ms", d.quantile(0.5))
	b.samples.Add(name, who, p99, "ms", d.quantile(0.99))
	b.samples.Add(name, who, worst, "ms", d.quantile(1))
	b.samples.Add(name, who, lost, "messages", float64(d.lost))
}

func (r *runner) once(ctx context.Context) (delivery, error) {
	began := time.Now()
	what, err := r.change(ctx, r.turn)
	if err != nil {
		return delivery{}, err
	}
	r.turn++
	if err := r.crowd.await(ctx, int64(len(r.crowd.members)), settle); err != nil {
		return delivery{}, err
	}
	return r.crowd.reap(map[change]time.Time{what: began}), nil
}

func (r *runner) change(ctx context.Context, turn int) (change, error) {
	return r.crowd.owner.change(ctx, turn%images, turn/images)
}

// stream makes changes at a steady rate, whatever becomes of those before. Delays count from when a change was due.
func (b *bench) stream(ctx context.Context, r *runner) error {
	name := stream(b.o.rate, b.o.few)
	total := b.o.rate * int(b.o.during/time.Second)
	var d delivery
	var began time.Time
	u, err := r.server.During(ctx, func() error {
		began = time.Now()
		sent, err := r.steadily(ctx, total, time.Second/time.Duration(b.o.rate))
		if err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, b.o.drain)
		defer cancel()
		err = r.crowd.await(limited, int64(total*len(r.crowd.members)), settle)
		if err != nil && ctx.Err() != nil {
			return err
		}
		d = r.crowd.reap(sent)
		return nil
	})
	if err != nil {
		return err
	}
	b.add(name, r.who, d)
	b.samples.Add(name, r.who, rate, "messages/s", float64(len(d.delays))/d.last.Sub(began).Seconds())
	b.samples.Add(name, r.who, cpu, "µs/message", 1e6*u.CPU/float64(max(1, len(d.delays))))
	return nil
}

// steadily makes changes when they are due, and answers when that was.
func (r *runner) steadily(ctx context.Context, total int, every time.Duration) (map[change]time.Time, error) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var mu sync.Mutex
	sent := make(map[change]time.Time, total)
	errs := make([]error, total)
	var changing sync.WaitGroup
	began := time.Now()
	for i := range total {
		due := began.Add(time.Duration(i) * every)
		changing.Go(func() {
			what, err := r.change(ctx, r.turn+i)
			mu.Lock()
			defer mu.Unlock()
			sent[what], errs[i] = due, err
		})
		<-tick.C
	}
	changing.Wait()
	r.turn += total
	return sent, errors.Join(errs...)
}
