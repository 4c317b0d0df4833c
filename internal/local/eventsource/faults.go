package eventsource

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Faults make a mapping as unkind as AWS may be. The numbers are probabilities,
// from 0, never, to 1. The zero value is kind.
type Faults struct {
	Seed uint64
	// Duplicate delivers a batch twice in a row.
	Duplicate float64
	// Delay holds a batch back for up to MaxDelay.
	Delay float64
	// Reorder lets a later batch of a queue overtake, and mixes the messages of
	// one. Streams keep their order.
	Reorder  float64
	MaxDelay time.Duration // zero: one second
}

// dice decide when a fault happens; the same seed decides alike.
type dice struct {
	faults Faults
	mu     sync.Mutex
	rand   *rand.Rand
}

func newDice(f Faults) *dice {
	if f.MaxDelay <= 0 {
		f.MaxDelay = time.Second
	}
	return &dice{faults: f, rand: rand.New(rand.NewPCG(f.Seed, 0))}
}

func (d *dice) roll(p float64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return p > 0 && d.rand.Float64() < p
}

// delay is how long to hold a batch back.
func (d *dice) delay() time.Duration {
	if !d.roll(d.faults.Delay) {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return time.Duration(d.rand.Int64N(int64(d.faults.MaxDelay)))
}

func (d *dice) shuffle(n int, swap func(i, j int)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rand.Shuffle(n, swap)
}
