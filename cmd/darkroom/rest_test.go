package main

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestMemoryIsGivenBackOnceWorkIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var made, given atomic.Uint64
		r := rest{made: made.Load, giveBack: func() { given.Add(1); made.Add(1) }}
		work := func(bytes uint64) { made.Add(bytes); r.worked() }
		wait := func(d time.Duration) { time.Sleep(d); synctest.Wait() } // by the clock of the test

		work(worth)
		for range 9 {
			wait(quiet - time.Millisecond)
			work(worth)
		}
		if given.Load() != 0 {
			t.Errorf("given back %d times while there was work", given.Load())
		}
		wait(quiet)
		if given.Load() != 1 {
			t.Errorf("given back %d times after work, want once", given.Load())
		}
		work(0) // the collection that giving back makes
		wait(time.Hour)
		work(worth / 2)
		wait(time.Hour)
		if given.Load() != 1 {
			t.Errorf("given back %d times where there was nothing to give", given.Load())
		}
		work(worth / 2)
		wait(quiet)
		if given.Load() != 2 {
			t.Errorf("given back %d times after more work, want twice", given.Load())
		}
	})
}
