package s3

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	pumpBatch    = 64 // events read at a time
	pumpParallel = 16 // deliveries under way
	firstBackoff = 50 * time.Millisecond
	maxBackoff   = 2 * time.Second // also the longest that a new event waits behind a refused one
)

// pump delivers events until they are taken, as long as it runs.
type pump struct {
	outbox  *outbox
	deliver func(ctx context.Context, bucket string, event []byte) error
	log     *slog.Logger
	stop    context.CancelFunc
	done    chan struct{}
}

func startPump(o *outbox, deliver func(context.Context, string, []byte) error, log *slog.Logger) *pump {
	ctx, stop := context.WithCancel(context.Background())
	p := &pump{outbox: o, deliver: deliver, log: log, stop: stop, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.run(ctx)
	}()
	return p
}

func (p *pump) close() {
	p.stop()
	<-p.done
}

// run goes over all events again and again. One that is refused is passed
// over, so that it holds up no other, and comes up again after a pause that
// grows with each round in which something was refused.
func (p *pump) run(ctx context.Context) {
	backoff := firstBackoff
	for {
		if p.round(ctx) {
			backoff = firstBackoff
			select {
			case <-ctx.Done():
				return
			case <-p.outbox.added:
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoff/2 + rand.N(backoff/2)):
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// round offers every event once and tells whether all were taken.
func (p *pump) round(ctx context.Context) bool {
	all := true
	for last := uint64(0); ctx.Err() == nil; {
		seqs, events, err := p.outbox.after(last, pumpBatch)
		if err != nil {
			p.log.Error("s3 events cannot be read", "error", err)
			return false
		}
		if len(seqs) == 0 {
			return all
		}
		taken := p.offer(ctx, seqs, events)
		if err := p.outbox.delivered(taken); err != nil {
			p.log.Error("s3 events cannot be forgotten and will be delivered again", "error", err)
			return false
		}
		all = all && len(taken) == len(seqs)
		last = seqs[len(seqs)-1]
	}
	return false
}

// offer delivers events side by side, so that a receiver that syncs each to
// disk can do so for all of them at once. It returns those that were taken.
func (p *pump) offer(ctx context.Context, seqs []uint64, events []pending) (taken []uint64) {
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		slots = make(chan struct{}, pumpParallel)
	)
	for i, e := range events {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := p.deliver(ctx, e.Bucket, e.Event); err != nil {
				p.log.Warn("s3 event not taken, will be offered again",
					"bucket", e.Bucket, "sequence", seqs[i], "error", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			taken = append(taken, seqs[i])
		})
	}
	wg.Wait()
	return taken
}
