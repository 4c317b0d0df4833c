package cognito

import (
	"hash/maphash"
	"sync"
	"time"
)

const (
	attemptsAtOnce = 10
	attemptEvery   = 30 * time.Second // one more attempt is earned after it
)

// attempts bounds how often secrets may be guessed: a token bucket for each user, in a table of fixed size. Users whose
// names meet in one bucket share it, which costs them attempts and never grants any.
type attempts struct {
	now  func() time.Time
	seed maphash.Seed

	mu      sync.Mutex
	buckets [4096]bucket
}

// bucket counts the attempts used, less those earned back by since.
type bucket struct {
	used  int
	since time.Time
}

func newAttempts(now func() time.Time) *attempts {
	return &attempts{now: now, seed: maphash.MakeSeed()}
}

// take uses one attempt of the user at key. It is false when there is none left: then the secret must not be looked at.
func (a *attempts) take(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.of(key)
	if earned := int(a.now().Sub(b.since) / attemptEvery); earned > 0 {
		b.used = max(0, b.used-earned)
		b.since = b.since.Add(time.Duration(earned) * attemptEvery)
	}
	if b.used == 0 {
		b.since = a.now()
	}
	if b.used >= attemptsAtOnce {
		return false
	}
	b.used++
	return true
}

// giveBack returns an attempt that succeeded.
func (a *attempts) giveBack(key string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.of(key)
	b.used = max(0, b.used-1)
}

func (a *attempts) of(key string) *bucket {
	return &a.buckets[maphash.String(a.seed, key)%uint64(len(a.buckets))]
}
