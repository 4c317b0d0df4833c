package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/darkroom/darkroom/internal/client"
)

const (
	longLoss  = 10 * time.Minute       // without any success, after which a lost network is given up
	firstWait = 500 * time.Millisecond // before something is tried again; doubles
	lastWait  = 15 * time.Second
)

// patience tries again what may succeed later, from the sign-in on, until nothing at all has succeeded for long.
type patience struct {
	now     func() time.Time
	trouble func(error)  // is told of what is tried again, and, by nil, that it has worked then
	success atomic.Int64 // when something last worked, in nanoseconds
}

func newPatience(now func() time.Time, trouble func(error)) *patience {
	p := &patience{now: now, trouble: trouble}
	p.success.Store(now().UnixNano())
	return p
}

// try does something until it works. What is refused, and what can work no more, ends at once.
func (p *patience) try(ctx context.Context, do func() error) error {
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		err := do()
		if err == nil {
			p.success.Store(p.now().UnixNano())
			if wait > firstWait {
				p.trouble(nil)
			}
			return nil
		}
		lost := p.now().Sub(time.Unix(0, p.success.Load()))
		if ctx.Err() != nil || !client.Transient(err) {
			return err
		}
		if lost > longLoss {
			return fmt.Errorf("nothing has worked for %s: %w", longLoss, err)
		}
		p.trouble(err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// tryingAgain says what is the matter in the few words there is room for: why it failed, not what was on the way. Nothing
// is the matter with nil.
func tryingAgain(err error) string {
	if nobodyHere(err) {
		return "trying again: start it with `make run`"
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	if err == nil {
		return ""
	}
	return "trying again: " + printable(err.Error())
}

// nobodyHere is true when nothing listens on this machine, where a local cloud would.
func nobodyHere(err error) bool {
	var refused *net.OpError
	if !errors.As(err, &refused) || !errors.Is(err, syscall.ECONNREFUSED) || refused.Addr == nil {
		return false
	}
	at, parse := netip.ParseAddrPort(refused.Addr.String())
	return parse == nil && at.Addr().IsLoopback()
}
