package client

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

const (
	signalsAhead  = 64     // that the socket's goroutine may be ahead of the follower
	maxUnfinished = 10_000 // images that are remembered as unfinished
)

// StartOverError ends Follow when the events asked for are no longer kept. The caller pages through all images, and then
// follows on after Head, which was read before.
type StartOverError struct{ Head int64 }

func (e *StartOverError) Error() string {
	return fmt.Sprintf("the events asked for are no longer kept: read all images, then follow after %d", e.Head)
}

// Follow calls fn with every event after the one numbered after (below 0: from now on), in order and each once, until the
// context ends, fn answers an error, or the deployment refuses; it returns why, an error of fn as it is. Lost sockets and
// lost events are healed: the subscription only says when to look, and the numbered feed says what happened.
//
// It reads the feed when the subscription starts and shortly after (AppSync loses events just then), whenever a number is
// skipped, and from time to time, more often while an image is unfinished.
func (c *Client) Follow(ctx context.Context, after int64, fn func(gallery.Event) error) error {
	if after < 0 {
		head, err := c.Head(ctx)
		if err != nil {
			return err
		}
		after = head
	}
	f := &follower{client: c, fn: fn, last: after, down: true, unfinished: map[gallery.ID]bool{}}
	if err := f.catchUp(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan signal, signalsAhead)
	var listening sync.WaitGroup
	listening.Go(func() { c.listen(ctx, signals) })
	defer listening.Wait()
	defer cancel()
	return f.run(ctx, signals)
}

// follower is the state of one Follow; only its goroutine touches it.
type follower struct {
	client     *Client
	fn         func(gallery.Event) error
	last       int64               // the number of the last event delivered
	unfinished map[gallery.ID]bool // images that more events must come of

	down   bool          // the socket is
	behind bool          // the last reading of the feed failed
	fails  int           // readings that failed, one after another
	quiet  time.Duration // since the last reading that succeeded

	stopped error // by fn
}

func (f *follower) run(ctx context.Context, signals <-chan signal) error {
	pace := f.client.pace
	tick := time.NewTimer(pace.busy)
	defer tick.Stop()
	settled := time.NewTimer(pace.settle)
	settled.Stop()
	defer settled.Stop()
	for {
		look := false
		select {
		case <-ctx.Done():
			return ctx.Err()
		case s := <-signals:
			if s.kind == live {
				settled.Reset(pace.settle)
			}
			var err error
			if look, err = f.take(s); err != nil {
				return err
			}
		case <-settled.C:
			look = true
		case <-tick.C:
			f.quiet += pace.busy
			look = f.behind || f.down || len(f.unfinished) > 0 || f.quiet >= pace.idle
			tick.Reset(pace.busy)
		}
		if !look {
			continue
		}
		wait, err := f.look(ctx)
		if err != nil {
			return err
		}
		tick.Reset(wait)
	}
}

// take handles what the socket says, and tells whether the feed must be read.
func (f *follower) take(s signal) (look bool, err error) {
	switch s.kind {
	case live:
		f.down = false
		f.client.notify(nil)
		return true, nil
	case lost:
		f.down = true
		f.client.notify(s.err)
		return false, nil
	case barred:
		return false, fmt.Errorf("subscribe to the feed: %w", s.err)
	}
	if s.event.Seq == f.last+1 {
		return false, f.deliver(s.event)
	}
	return s.event.Seq == 0 || s.event.Seq > f.last, nil
}

// look reads the feed and answers when the next tick is due. That it could not be reached is no reason to give up.
func (f *follower) look(ctx context.Context) (time.Duration, error) {
	pace := f.client.pace
	err := f.catchUp(ctx)
	switch {
	case err == nil:
		f.behind, f.fails, f.quiet = false, 0, 0
		return pace.busy, nil
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case f.final(err):
		return 0, err
	}
	f.behind = true
	f.fails++
	return pace.backoff(f.fails-1, f.client.random()), nil
}

// final tells whether an error of catchUp must end Follow.
func (f *follower) final(err error) bool {
	var startOver *StartOverError
	return f.stopped != nil || errors.As(err, &startOver) || !transient(err)
}

// catchUp delivers everything in the feed after the last event.
func (f *follower) catchUp(ctx context.Context) error {
	for {
		changes, err := f.client.Changes(ctx, f.last, gallery.MaxPage)
		if err != nil {
			return err
		}
		if changes.StartOver {
			return &StartOverError{Head: changes.Head}
		}
		for _, e := range changes.Events {
			if e.Seq != f.last+1 {
				return fmt.Errorf("the feed answered event %d after %d", e.Seq, f.last)
			}
			if err := f.deliver(e); err != nil {
				return err
			}
		}
		if len(changes.Events) == 0 || f.last >= changes.Head {
			return nil
		}
	}
}

// deliver hands an event over and remembers whether more must come of its image.
func (f *follower) deliver(e gallery.Event) error {
	if f.stopped = f.fn(e); f.stopped != nil {
		return f.stopped
	}
	f.last = e.Seq
	if e.Status.Ended() || !e.DeletedAt.IsZero() {
		delete(f.unfinished, e.ID)
	} else if len(f.unfinished) < maxUnfinished {
		f.unfinished[e.ID] = true
	}
	return nil
}
