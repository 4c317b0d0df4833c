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
		{"a cloud at rest", floor / 16, 1500},
		{"pages are read", 10 << 20, 220},
		{"just where both agree", 16 << 20, 100},
		{"photos are developed", 48 << 20, 167},
		{"a HEIC file", 800 << 20, 198},
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
