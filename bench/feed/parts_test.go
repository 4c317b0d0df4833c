package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestAValueIsFoundBehindItsLastLabel(t *testing.T) {
	const frame = `{"id":"events","type":"data","payload":{"data":{"imageEvents":{"owner":"o","id":"i","seq":7,"version":12,"at":"x"}}}}`
	for label, want := range map[string]string{`"id":"`: "i", `"version":`: "12", `"seq":`: "7", `"none":`: ""} {
		if got := string(value([]byte(frame), label, `",}`)); got != want {
			t.Errorf("%s: got %q, want %q", label, got, want)
		}
	}
	n := newNaming()
	if n.of([]byte("a"), []byte("12")) == n.of([]byte("a1"), []byte("2")) {
		t.Error("two changes have one name")
	}
}

func TestQuantilesAreDelaysThatWereMeasured(t *testing.T) {
	var d delivery
	if got := d.quantile(0.5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
	for ms := range 100 {
		d.delays = append(d.delays, time.Duration(ms+1)*time.Millisecond)
	}
	for q, want := range map[float64]float64{0: 1, 0.5: 50, 0.99: 99, 1: 100} {
		if got := d.quantile(q); got != want {
			t.Errorf("%v: got %v, want %v", q, got, want)
		}
	}
}

// script is an owner whose subscribers hear what it says.
type script struct{ hear []func(change) }

func (s *script) subscribe(ctx context.Context, hear func(change)) (<-chan error, error) {
	s.hear = append(s.hear, hear)
	ended := make(chan error, 1)
	context.AfterFunc(ctx, func() { ended <- ctx.Err() })
	return ended, nil
}

func (s *script) change(context.Context, int, int) (change, error) { return 0, errors.New("not asked") }

func TestACrowdCountsWhatCameAndWhatWasLost(t *testing.T) {
	s := &script{}
	c := gather(t.Context(), s)
	if err := c.grow(1); err != nil { // one after another: script is not safe otherwise
		t.Fatal(err)
	}
	if err := c.grow(2); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for _, heard := range []change{1, 1, 9} { // once more, and something else
		s.hear[0](heard)
	}
	s.hear[1](2)
	if err := c.await(t.Context(), 4, time.Minute); err != nil {
		t.Fatal(err)
	}
	d := c.reap(map[change]time.Time{1: began, 2: began})
	if len(d.delays) != 2 || d.lost != 2 || d.last.Before(began) {
		t.Errorf("got %+v", d)
	}
	if err := c.await(t.Context(), 1, time.Millisecond); err != nil || c.heard.Load() != 0 {
		t.Errorf("after it was reaped: %v, %d heard", err, c.heard.Load())
	}
	if err := c.leave(); err != nil {
		t.Error(err)
	}
}
