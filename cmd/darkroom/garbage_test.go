package main

import (
	"runtime"
	"testing"
	"time"
)

func TestGarbageMayGatherUpToTheFloorAndAboveItByPerCent(t *testing.T) {
	for _, c := range []struct {
		name string
		live uint64
		want int
	}{
		{"nothing is known yet", 0, litter},
		{"a cloud at rest", floor / 12, 1100},
		{"just where both agree", floor / 3, litter},
		{"photos are developed", floor, litter},
		{"a HEIC file", 6 * floor, litter},
	} {
		if got := percent(c.live); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestEveryCollectionOfGarbageIsFollowed(t *testing.T) {
	collected := make(chan struct{}, 1)
	stop := make(chan struct{})
	defer close(stop)
	afterEach(func() {
		select {
		case collected <- struct{}{}:
		case <-stop:
		}
	})
	for n := range 3 {
		runtime.GC()
		select {
		case <-collected:
		case <-time.After(patient):
			t.Fatalf("collection %d was not followed", n+1)
		}
	}
}
