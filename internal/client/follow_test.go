package client

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// following runs Follow in the background and collects what it delivers.
type following struct {
	t    *testing.T
	seen chan int64
	done chan error
	stop context.CancelFunc
}

func follow(t *testing.T, c *Client, after int64) *following {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	f := &following{t: t, seen: make(chan int64, 1000), done: make(chan error, 1), stop: cancel}
	go func() {
		f.done <- c.Follow(ctx, after, func(e gallery.Event) error {
			f.seen <- e.Seq
			return nil
		})
	}()
	t.Cleanup(cancel)
	return f
}

func (f *following) want(seqs ...int64) {
	f.t.Helper()
	for _, want := range seqs {
		select {
		case got := <-f.seen:
			if got != want {
				f.t.Fatalf("delivered event %d, want %d", got, want)
			}
		case err := <-f.done:
			f.t.Fatalf("ended with %v before event %d", err, want)
		case <-time.After(patient):
			f.t.Fatalf("event %d was not delivered", want)
		}
	}
}

// end stops following, and holds that nothing else has been delivered.
func (f *following) end() {
	f.t.Helper()
	f.stop()
	if err := <-f.done; !errors.Is(err, context.Canceled) {
		f.t.Errorf("ended with %v, want %v", err, context.Canceled)
	}
	if len(f.seen) > 0 {
		f.t.Errorf("also delivered event %d", <-f.seen)
	}
}

// subscribed waits until the first subscription is acknowledged and the feed is read after it.
func (d *deployment) subscribed() {
	d.t.Helper()
	eventually(d.t, "a subscription runs", func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.sockets) > 0
	})
	eventually(d.t, "the feed is read at the start and again", func() bool { return d.readings() >= 2 })
}

func TestEventsAreDeliveredInOrderAndOnce(t *testing.T) {
	tests := map[string]struct {
		happened int
		announce []int64
		want     []int64
	}{
		"announced in order":                   {4, []int64{1, 2, 3, 4}, []int64{1, 2, 3, 4}},
		"announced twice":                      {2, []int64{1, 1, 2, 2, 1}, []int64{1, 2}},
		"announced out of order":               {4, []int64{2, 1, 4, 3}, []int64{1, 2, 3, 4}},
		"some never announced":                 {5, []int64{2, 5}, []int64{1, 2, 3, 4, 5}},
		"the last one announced is not newest": {5, []int64{1, 3}, []int64{1, 2, 3, 4, 5}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			f := follow(t, d.client(nil), 0)
			d.subscribed()
			d.happen(slices.Repeat([]gallery.Status{gallery.Ready}, test.happened)...)
			d.announce(test.announce...)
			f.want(test.want...)
			f.end()
		})
	}
}

func TestFollowStartsWhereItIsTold(t *testing.T) {
	tests := map[string]struct {
		after int64
		want  []int64
	}{
		"from the beginning":      {0, []int64{1, 2, 3, 4}},
		"after an event":          {2, []int64{3, 4}},
		"from now on":             {-1, []int64{4}},
		"from the end of history": {3, []int64{4}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			d.happen(gallery.Ready, gallery.Ready, gallery.Ready)
			f := follow(t, d.client(nil), test.after)
			d.subscribed()
			d.announce(d.happen(gallery.Ready))
			f.want(test.want...)
			f.end()
		})
	}
}

func TestHistoryIsReadInPages(t *testing.T) {
	d := deploy(t)
	d.happen(slices.Repeat([]gallery.Status{gallery.Ready}, 250)...)
	f := follow(t, d.client(nil), 0)
	for n := range int64(250) {
		f.want(n + 1)
	}
	f.end()
}

func TestWhatHappensWhileTheSocketIsDownIsCaughtUp(t *testing.T) {
	d := deploy(t)
	var up []bool
	c := d.client(nil)
	c.notify = func(err error) { up = append(up, err == nil) }
	f := follow(t, c, 0)
	d.subscribed()
	d.drop()
	d.happen(gallery.Processing, gallery.Ready)
	f.want(1, 2)
	d.drop()
	d.happen(gallery.Ready)
	f.want(3)
	f.end()
	if len(up) < 4 || !up[0] || up[1] || !up[2] || up[3] {
		t.Errorf("told of connections %v, want up, lost, up, lost, …", up)
	}
}

func TestAnEventLostAfterTheAcknowledgementIsFoundShortlyAfter(t *testing.T) {
	d := deploy(t)
	d.unheard = 2 // the first reading is the start's, the second the acknowledgement's
	f := follow(t, d.client(func(p *pace) { p.settle = 10 * time.Millisecond }), 0)
	f.want(1)
	f.end()
}

func TestTheFeedIsReadOftenWhileAnImageIsUnfinished(t *testing.T) {
	d := deploy(t)
	f := follow(t, d.client(func(p *pace) { p.busy, p.idle = 20*time.Millisecond, time.Hour }), 0)
	d.subscribed()
	d.announce(d.happen(gallery.Processing))
	f.want(1)
	d.mu.Lock()
	d.events = append(d.events, gallery.Event{ID: "image-1", Seq: 2, Version: 2, Status: gallery.Ready})
	d.mu.Unlock()
	f.want(2)
	f.end()
}

func TestTheFeedIsReadSeldomOtherwise(t *testing.T) {
	d := deploy(t)
	f := follow(t, d.client(func(p *pace) { p.busy, p.idle = 10*time.Millisecond, 100*time.Millisecond }), 0)
	d.subscribed()
	start, before := time.Now(), d.readings()
	eventually(t, "the feed is read again", func() bool { return d.readings() >= before+2 })
	if took := time.Since(start); took < 100*time.Millisecond {
		t.Errorf("read twice within %s, want a reading each 100ms", took)
	}
	f.end()
}

func TestTheFeedIsReadWhileNoSocketCanBeOpened(t *testing.T) {
	d := deploy(t)
	c := d.client(func(p *pace) { p.busy, p.idle = 20*time.Millisecond, time.Hour })
	c.config.Realtime = d.URL + "/nowhere"
	f := follow(t, c, 0)
	d.happen(gallery.Ready)
	f.want(1)
	d.happen(gallery.Ready)
	f.want(2)
	f.end()
}

func TestAnUnreachableFeedIsTriedAgain(t *testing.T) {
	d := deploy(t)
	f := follow(t, d.client(nil), 0)
	d.subscribed()
	d.mu.Lock()
	d.failing = 3
	d.mu.Unlock()
	d.happen(gallery.Ready, gallery.Ready)
	d.announce(2)
	f.want(1, 2)
	f.end()
}

func TestEventsThatAreNoLongerKeptMeanStartingOver(t *testing.T) {
	tests := map[string]int64{"before the floor": 1, "past the head": 9}
	for name, after := range tests {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			d.happen(gallery.Ready, gallery.Ready, gallery.Ready)
			d.floor = 2
			err := d.client(nil).Follow(t.Context(), after, func(gallery.Event) error { return nil })
			var startOver *StartOverError
			if !errors.As(err, &startOver) || startOver.Head != 3 {
				t.Errorf("ended with %v, want to start over after 3", err)
			}
		})
	}
}

func TestFollowEndsWithTheErrorOfItsCaller(t *testing.T) {
	full := errors.New("the disk is full")
	for name, announce := range map[string]bool{"of an event in the feed": false, "of an announced event": true} {
		t.Run(name, func(t *testing.T) {
			d := deploy(t)
			done := make(chan error, 1)
			c := d.client(nil)
			if !announce {
				d.happen(gallery.Ready)
			}
			go func() { done <- c.Follow(t.Context(), 0, func(gallery.Event) error { return full }) }()
			if announce {
				d.subscribed()
				d.announce(d.happen(gallery.Ready))
			}
			if err := <-done; err != full {
				t.Errorf("ended with %v, want exactly %v", err, full)
			}
		})
	}
}
