package client

import (
	"context"
	"time"
)

// pace is how long the client waits for what.
type pace struct {
	request time.Duration // for the answer to one call
	stall   time.Duration // for an upload to move a byte, or to be answered
	silence time.Duration // for any frame on a socket: AppSync sends a keep-alive every 60 s

	settle time.Duration // after start_ack, until the feed is read once more
	busy   time.Duration // between readings of the feed while an image is unfinished or the socket is down
	idle   time.Duration // between readings otherwise

	retry    time.Duration // before the first repetition; doubles up to retryMax
	retryMax time.Duration
	attempts int // of one upload
}

func normalPace() pace {
	return pace{
		request: 30 * time.Second, stall: 60 * time.Second, silence: 90 * time.Second,
		settle: 5 * time.Second, busy: 30 * time.Second, idle: 5 * time.Minute,
		retry: time.Second, retryMax: 30 * time.Second, attempts: 5,
	}
}

// backoff is the wait before repetition n (0, 1, 2, …): the upper half of it random.
func (p pace) backoff(n int, random float64) time.Duration {
	d := p.retryMax
	if n < 16 {
		d = min(d, p.retry<<n)
	}
	return d/2 + time.Duration(random*float64(d/2))
}

// sleep waits, or answers why the context ended first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
