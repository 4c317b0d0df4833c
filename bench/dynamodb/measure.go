package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/darkroom/darkroom/bench/report"
)

// bench is one run of everything.
type bench struct {
	o           options
	dir         string // temporary
	progress    io.Writer
	contestants []contestant
	order       []report.Figure // without a value, as they were first measured
	samples     map[report.Figure][]float64
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, "%s  "+format+"\n", append([]any{time.Now().Format(time.TimeOnly)}, args...)...)
}

func (b *bench) findContestants() error {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		return errors.New("it needs Linux: there is no /proc")
	}
	b.contestants = []contestant{{report.Darkroom, launchEngine}}
	if _, err := os.Stat(b.o.peer); err != nil {
		b.say("dynoxide is not measured: it is not installed; run npm ci in e2e, on Linux on x86-64 (%v)", err)
		return nil
	}
	b.contestants = append(b.contestants, contestant{dynoxide, launchDynoxide(b.o.peer)})
	return nil
}

// add keeps a figure that was measured once more.
func (b *bench) add(name, who, metric, unit string, value float64) {
	f := report.Figure{Case: name, Who: who, Metric: metric, Unit: unit}
	if b.samples[f] == nil {
		b.order = append(b.order, f)
	}
	b.samples[f] = append(b.samples[f], value)
}

func (b *bench) medians() []report.Figure {
	figures := slices.Clone(b.order)
	for i, f := range figures {
		figures[i].Value = median(b.samples[f])
	}
	return figures
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// measure runs the rounds, then fills both with many items.
func (b *bench) measure(ctx context.Context) error {
	for round := range b.o.rounds {
		b.say("round %d of %d", round+1, b.o.rounds)
		if err := b.round(ctx, round); err != nil {
			return err
		}
	}
	for _, c := range b.contestants {
		b.say("memory with %d items: %s", b.o.items, c.who)
		if err := b.memory(ctx, c); err != nil {
			return fmt.Errorf("memory of %s: %w", c.who, err)
		}
	}
	return nil
}

// runner is a contestant in a round.
type runner struct {
	contestant
	server *process
	client *client
}

// round runs every case once. The contestants take turns at every case, and from round to round in who goes first.
func (b *bench) round(ctx context.Context, round int) error {
	var runners []*runner
	defer func() {
		for _, r := range runners {
			r.server.stop()
		}
	}()
	for _, c := range b.contestants {
		r, err := b.enter(ctx, c, fmt.Sprint("round-", round), withStream())
		if err != nil {
			return err
		}
		runners = append(runners, r)
	}
	turns := slices.Clone(runners)
	if round%2 == 1 {
		slices.Reverse(turns)
	}
	for _, w := range cases() {
		for _, r := range turns {
			if err := b.work(ctx, r, w); err != nil {
				return fmt.Errorf("%s, %s: %w", w.name, r.who, err)
			}
		}
	}
	return nil
}

// enter starts a contestant on a new file and makes its table.
func (b *bench) enter(
	ctx context.Context, c contestant, name string, stream *types.StreamSpecification,
) (*runner, error) {
	server, err := c.launch(ctx, filepath.Join(b.dir, c.who+"-"+name+".db"))
	if err != nil {
		return nil, err
	}
	r := &runner{contestant: c, server: server, client: newClient(server.url)}
	if err := r.client.prepare(ctx, stream); err != nil {
		server.stop()
		return nil, fmt.Errorf("%s: %w", c.who, err)
	}
	return r, nil
}

// work does one case for its time, and measures how often it was done and what that took of the server.
func (b *bench) work(ctx context.Context, r *runner, w work) error {
	if err := w.do(r.client, ctx); err != nil { // once before, to connect
		return err
	}
	before, err := r.server.cpu()
	if err != nil {
		return err
	}
	started := time.Now()
	done, err := repeat(ctx, b.o.seconds, w, r.client)
	if err != nil {
		return err
	}
	took := time.Since(started)
	after, err := r.server.cpu()
	if err != nil {
		return err
	}
	b.add(w.name, r.who, "rate", "1/s", float64(done)/took.Seconds())
	b.add(w.name, r.who, "CPU of the server", "µs each", (after-before)*1e6/float64(done))
	return nil
}

// repeat does a case for a time and once at least, by all its workers, and counts how often.
func repeat(ctx context.Context, d time.Duration, w work, c *client) (int64, error) {
	var done atomic.Int64
	errs := make([]error, w.workers)
	end := time.Now().Add(d)
	var working sync.WaitGroup
	for i := range w.workers {
		working.Go(func() {
			for first := true; first || time.Now().Before(end); first = false {
				if errs[i] = w.do(c, ctx); errs[i] != nil {
					return
				}
				done.Add(1)
			}
		})
	}
	working.Wait()
	return done.Load(), errors.Join(errs...)
}

// memory fills a contestant, and reads what it then holds: all that is resident, and the part that is not a file's. The table
// has no stream, with which dynoxide takes longer for each item the more there are.
func (b *bench) memory(ctx context.Context, c contestant) error {
	r, err := b.enter(ctx, c, "memory", nil)
	if err != nil {
		return err
	}
	defer r.server.stop()
	started := time.Now()
	if err := r.client.fill(ctx, b.o.items, func(n int) item { return keyOf(fmt.Sprintf("many-%d", n/10), n%10) }); err != nil {
		return err
	}
	name := fmt.Sprintf("%d items of 1 KB, in batches of 25", b.o.items)
	b.add(name, c.who, "rate", "items/s", float64(b.o.items)/time.Since(started).Seconds())
	for _, part := range []struct{ line, metric string }{
		{"VmRSS", "resident memory"}, {"RssAnon", "of it not the file's"}, {"VmHWM", "peak of resident memory"},
	} {
		mib, err := r.server.memory(part.line)
		if err != nil {
			return err
		}
		b.add(name, c.who, part.metric, "MiB", mib)
	}
	return nil
}
