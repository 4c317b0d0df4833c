package main

import (
	"runtime"
	"testing"
	"time"
)

func TestGarbageMayGatherByWhatIsInUse(t *testing.T) {
	for _, c := range []struct {
		name string
		live uint64
		want int
	}{
		{"nothing is known yet", 0, litter},
		{"a cloud at rest", floor / 16, 1500},
		{"pages are read", 10 << 20, 221},
		{"as much as reading ever needs", little, 100},
		{"a photo is developed", 20 << 20, 180},
		{"photos are developed", 24 << 20, 234},
		{"many are", 30 << 20, 221},
		{"just where both agree", ceiling / 3, litter},
		{"larger photos", 48 << 20, litter},
		{"a HEIC file", 800 << 20, litter},
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
