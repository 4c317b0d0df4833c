package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// joining is how many subscribers connect at once.
const joining = 32

// crowd is many subscribers of one owner.
type crowd struct {
	owner   owner
	members []*member
	heard   atomic.Int64
	more    chan struct{} // a token when something was heard
	stop    context.CancelFunc
	ctx     context.Context
}

// member is one subscriber.
type member struct {
	mu       sync.Mutex
	arrivals []arrival
	ended    <-chan error
}

type arrival struct {
	what change
	at   time.Time
}

func gather(ctx context.Context, o owner) *crowd {
	c := &crowd{owner: o, more: make(chan struct{}, 1)}
	c.ctx, c.stop = context.WithCancel(ctx)
	return c
}

// grow lets more subscribers join, up to n.
func (c *crowd) grow(n int) error {
	var group errgroup.Group
	group.SetLimit(joining)
	for len(c.members) < n {
		m := &member{}
		c.members = append(c.members, m)
		group.Go(func() (err error) {
			m.ended, err = c.owner.subscribe(c.ctx, func(what change) { c.hear(m, what) })
			return err
		})
	}
	return group.Wait()
}

func (c *crowd) hear(m *member, what change) {
	now := time.Now()
	m.mu.Lock()
	m.arrivals = append(m.arrivals, arrival{what, now})
	m.mu.Unlock()
	c.heard.Add(1)
	select {
	case c.more <- struct{}{}:
	default:
	}
}

// await returns when so many events have been heard in all, or none came for as long as patience.
func (c *crowd) await(ctx context.Context, events int64, patience time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for c.heard.Load() < events {
		select {
		case <-c.more:
			timer.Reset(patience)
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// leave ends all subscriptions. It is an error where one had ended before.
func (c *crowd) leave() error {
	var dropped []error
	for i, m := range c.members {
		select {
		case err := <-m.ended:
			dropped = append(dropped, fmt.Errorf("subscriber %d was dropped: %w", i, err))
		default:
		}
	}
	c.stop()
	if len(dropped) == 0 {
		for _, m := range c.members {
			<-m.ended
		}
	}
	return errors.Join(dropped[:min(len(dropped), 3)]...)
}

// delivery is what became of some changes.
type delivery struct {
	delays []time.Duration // of each event at each subscriber, the shortest first
	lost   int
	last   time.Time // that one was heard
}

// reap takes what was heard. Sent is when each change was asked for.
func (c *crowd) reap(sent map[change]time.Time) delivery {
	var d delivery
	for _, m := range c.members {
		m.mu.Lock()
		seen := make(map[change]bool, len(sent))
		for _, a := range m.arrivals {
			began, ok := sent[a.what]
			if !ok || seen[a.what] {
				continue
			}
			seen[a.what] = true
			d.delays = append(d.delays, a.at.Sub(began))
			if a.at.After(d.last) {
				d.last = a.at
			}
		}
		d.lost += len(sent) - len(seen)
		m.arrivals = nil
		m.mu.Unlock()
	}
	c.heard.Store(0)
	slices.Sort(d.delays)
	return d
}

// quantile is the delay that so many of all do not exceed; 1 is the longest.
func (d delivery) quantile(q float64) float64 {
	if len(d.delays) == 0 {
		return 0
	}
	i := int(q*float64(len(d.delays))+0.5) - 1
	return d.delays[max(0, min(i, len(d.delays)-1))].Seconds() * 1000
}
