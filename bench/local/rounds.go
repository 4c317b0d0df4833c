package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/darkroom/darkroom/bench/server"
)

// What is measured, and of what kind. Of a start and of a process at rest, and of each piece of work, first what it costs.
const (
	startNew  = "start, new folder"
	startKept = "start, kept folder"
	atRest    = "at rest after a start"
	afterWork = "at rest after all that"
	onePhoto  = "one 12 MP photo"
	burst     = "burst of 12 MP photos"
	readOne   = "one image, 16 connections"
	readPage  = "page of 50, 16 connections"

	answering = "until its API answers"
	resident  = "resident memory"
	private   = "of it the process's own"
	stored    = "until the event that it is stored"
	ready     = "until the event that it is READY"
	fetched   = "until all five renditions are fetched"
	rate      = "answers"
)

// respite is how long after the last work it is looked at what a contestant still holds.
const respite = 5 * time.Second

// runner is a contestant in a round.
type runner struct {
	contestant
	dir     string
	server  *server.Process
	session session
}

// measure runs the rounds. Contestants take turns at every step, and from round to round in who goes first.
func (b *bench) measure(ctx context.Context) error {
	b.say("making the photo")
	picture, err := takePhoto()
	if err != nil {
		return err
	}
	b.say("it has %.1f MB", float64(len(picture))/1e6)
	photos := &album{picture: picture, dir: b.path("photos")}
	small, err := os.ReadFile("testdata/sunrise.jpg")
	if err != nil {
		return fmt.Errorf("read a photograph: %w", err)
	}
	snaps := &album{picture: small, dir: b.path("snaps")}
	for n := range b.o.rounds {
		var runners []*runner
		for _, c := range b.contestants() {
			runners = append(runners, &runner{contestant: c, dir: b.path(fmt.Sprintf("%s-%d", c.who, n))})
		}
		if n%2 == 1 {
			slices.Reverse(runners)
		}
		if err := b.round(ctx, n+1, runners, photos, snaps); err != nil {
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

func (b *bench) round(ctx context.Context, n int, runners []*runner, photos, snaps *album) (err error) {
	defer func() {
		for _, r := range runners {
			err = errors.Join(err, r.stop())
		}
	}()
	steps := []struct {
		what string
		do   func(context.Context, *runner) error
	}{
		{startNew, b.startNew},
		{onePhoto, func(ctx context.Context, r *runner) error { return b.onePhoto(ctx, r, photos) }},
		{burst, func(ctx context.Context, r *runner) error { return b.burst(ctx, r, photos) }},
		{"fill a page", func(ctx context.Context, r *runner) error { return b.fillPage(ctx, r, snaps) }},
		{readOne, func(ctx context.Context, r *runner) error {
			one, _ := r.session.readings()
			return b.read(ctx, r, readOne, one)
		}},
		{readPage, func(ctx context.Context, r *runner) error {
			_, page := r.session.readings()
			return b.read(ctx, r, readPage, page)
		}},
		{afterWork, b.afterWork},
		{startKept, b.startKept},
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

// stop ends what runs, if anything.
func (r *runner) stop() error {
	var errs []error
	if r.session != nil {
		errs = append(errs, r.session.close())
	}
	if r.server != nil {
		errs = append(errs, r.server.Stop())
	}
	r.session, r.server = nil, nil
	return errors.Join(errs...)
}

func (b *bench) startNew(ctx context.Context, r *runner) error {
	if err := b.start(ctx, r, startNew); err != nil {
		return err
	}
	s, err := r.signIn(ctx, r.server)
	r.session = s
	return err
}

// startKept starts it again on what the round has left, and lets it rest.
func (b *bench) startKept(ctx context.Context, r *runner) error {
	if err := r.stop(); err != nil {
		return err
	}
	if err := b.start(ctx, r, startKept); err != nil {
		return err
	}
	if _, err := r.server.Settled(ctx); err != nil {
		return err
	}
	return b.holds(r, atRest)
}

// afterWork looks at what is held of what all the work before has needed.
func (b *bench) afterWork(ctx context.Context, r *runner) error {
	select {
	case <-time.After(respite):
		return b.holds(r, afterWork)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// holds notes how much memory a contestant has.
func (b *bench) holds(r *runner, name string) error {
	// The rest are pages of the binary, which the system may drop and read again.
	for _, m := range []struct{ metric, line string }{{resident, "VmRSS"}, {private, "RssAnon"}} {
		mib, err := r.server.Memory(m.line)
		if err != nil {
			return err
		}
		b.samples.Add(name, r.who, m.metric, "MiB", mib)
	}
	return nil
}

func (b *bench) start(ctx context.Context, r *runner, name string) error {
	p, err := r.launch(ctx, r.dir)
	if err != nil {
		return err
	}
	r.server = p
	b.samples.Add(name, r.who, cpu, "s", p.AtOnce)
	b.samples.Add(name, r.who, answering, "s", p.Took.Seconds())
	return nil
}

func (b *bench) onePhoto(ctx context.Context, r *runner, photos *album) error {
	paths, err := photos.take(b.o.photos)
	if err != nil {
		return err
	}
	defer discard(paths)
	for _, path := range paths {
		var at heard
		u, err := r.server.During(ctx, func() error {
			at, err = r.session.develop(ctx, path)
			return err
		})
		if err != nil {
			return err
		}
		b.samples.Add(onePhoto, r.who, cpu, "s", u.CPU)
		b.samples.Add(onePhoto, r.who, peak, "MiB", u.Peak)
		b.samples.Add(onePhoto, r.who, stored, "s", at.stored.Seconds())
		if at.ready > 0 {
			b.samples.Add(onePhoto, r.who, ready, "s", at.ready.Seconds())
		}
		b.samples.Add(onePhoto, r.who, fetched, "s", u.Wall)
	}
	return nil
}

func (b *bench) burst(ctx context.Context, r *runner, photos *album) error {
	paths, err := photos.take(b.o.burst)
	if err != nil {
		return err
	}
	defer discard(paths)
	u, err := r.server.During(ctx, func() error { return develop(ctx, r.session, paths, b.o.clients) })
	if err != nil {
		return err
	}
	b.samples.Add(burst, r.who, cpu, "s/image", u.CPU/float64(len(paths)))
	b.samples.Add(burst, r.who, peak, "MiB", u.Peak)
	b.samples.Add(burst, r.who, wall, "s", u.Wall)
	return nil
}

// develop shares the files among some clients.
func develop(ctx context.Context, s session, paths []string, clients int) error {
	queue := make(chan string, len(paths))
	for _, path := range paths {
		queue <- path
	}
	close(queue)
	errs := make([]error, clients)
	var working sync.WaitGroup
	for i := range clients {
		working.Go(func() {
			for path := range queue {
				if _, errs[i] = s.develop(ctx, path); errs[i] != nil {
					return
				}
			}
		})
	}
	working.Wait()
	return errors.Join(errs...)
}

// fillPage adds so many small pictures that there is a whole page and more.
func (b *bench) fillPage(ctx context.Context, r *runner, snaps *album) error {
	paths, err := snaps.take(max(1, pageSize+1-b.o.photos-b.o.burst))
	if err != nil {
		return err
	}
	defer discard(paths)
	return develop(ctx, r.session, paths, b.o.clients)
}

func (b *bench) read(ctx context.Context, r *runner, name string, what reading) error {
	web := server.NewWeb(connections)
	defer web.CloseIdleConnections()
	if _, err := what.repeat(ctx, web, b.o.seconds/10); err != nil { // to open the connections and fill what is kept
		return err
	}
	size, err := what.size(ctx, web)
	if err != nil {
		return err
	}
	var answers int
	u, err := r.server.During(ctx, func() (err error) {
		answers, err = what.repeat(ctx, web, b.o.seconds)
		return err
	})
	if err != nil {
		return err
	}
	b.samples.Add(name, r.who, cpu, "ms/answer", 1000*u.CPU/float64(answers))
	b.samples.Add(name, r.who, peak, "MiB", u.Peak)
	b.samples.Add(name, r.who, rate, "answers/s", float64(answers)/u.Wall)
	b.samples.Add(name, r.who, "size of an answer", "kB", size)
	return nil
}

// discard removes files that were sent; the folder goes at the end in any case.
func discard(paths []string) {
	for _, path := range paths {
		_ = os.Remove(path)
	}
}
