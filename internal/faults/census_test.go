package faults

import (
	"maps"
	"slices"
	"sync"
	"testing"
)

// census counts over all worlds what has happened in them: a test of things that do not happen would hold nothing.
type census struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *census) add(seen map[string]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen == nil {
		c.seen = map[string]int{}
	}
	for what, n := range seen {
		c.seen[what] += n
	}
}

func (c *census) check(t *testing.T) {
	t.Helper()
	for _, what := range slices.Sorted(maps.Keys(c.seen)) {
		t.Logf("%6d × %s", c.seen[what], what)
	}
	for _, what := range []string{
		"failed", "failed after it worked", "worked twice", "somebody killed",
		"READY ", "FAILED UNSUPPORTED_FORMAT", "FAILED CORRUPT", "FAILED MISMATCH", "FAILED NEVER_ARRIVED", "FAILED TIMED_OUT",
		"already there", "revived", "restored", "purged", "purged when it was READY", "tried again", "meddled",
		"parts left out", "died before completion", "completed", "completed too early", "nameless parts",
		"announced", "socket lost", "gap healed",
		"suspended in the middle of an upload", "an admin looked", "an admin came too late", "refused at the door", "removed", "left in the middle of an upload",
		"asked by AppSync", "asked by HTTP",
		"shared", "revoked", "a link answered 200", "a link answered 404", "a link answered 500",
	} {
		if c.seen[what] == 0 {
			t.Errorf("in no world: %s", what)
		}
	}
}
