package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/internal/deployed"
	"github.com/darkroom/darkroom/internal/local/runtimeapi"
)

// contestant is a function: a program that a Runtime API feeds.
type contestant struct {
	who     string
	program runtimeapi.Options
}

// task is what functions are asked to do.
type task struct {
	name        string
	contestants []contestant
	warm        int                                       // invocations after the first
	event       func(ctx context.Context) ([]byte, error) // makes what one is about, and answers the event
	check       func(answer []byte) error
}

type bench struct {
	o        options
	dir      string
	progress io.Writer
	samples  *report.Samples
	site     *deployed.Deployment

	photo, avif []byte
	node        string            // the program
	scripts     map[string]string // for it, by name; none when the peers are left out
}

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.progress, format+"\n", args...) }

// measure runs the rounds: in each, every contestant of every task starts once.
func (b *bench) measure(ctx context.Context) (err error) {
	if err := b.build(ctx); err != nil {
		return err
	}
	if err := b.gather(ctx); err != nil {
		return err
	}
	if err := b.start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.site.Close(context.WithoutCancel(ctx))) }()
	tasks, err := b.tasks(ctx)
	if err != nil {
		return err
	}
	for round := range b.o.rounds {
		for _, t := range tasks {
			for i := range t.contestants {
				c := t.contestants[(i+round)%len(t.contestants)]
				b.say("round %d: %s, %s", round+1, t.name, c.who)
				if err := b.run(ctx, t, c); err != nil {
					return fmt.Errorf("%s of %s: %w", t.name, c.who, err)
				}
			}
		}
	}
	return nil
}

// run starts a function, invokes it for the first time, and then warm.
func (b *bench) run(ctx context.Context, t task, c contestant) (err error) {
	var p runtimeapi.Process
	var atReady time.Duration
	var unread error
	c.program.Output, c.program.Concurrency = os.Stderr, 1
	if c.who == report.Darkroom {
		c.program.Output = io.Discard // its log is not about failures alone
	}
	c.program.Started = func(started runtimeapi.Process) {
		p = started
		atReady, unread = cpuOf(p.ID)
	}
	f, err := runtimeapi.New(c.program)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(context.WithoutCancel(ctx))) }()
	first, err := b.invoke(ctx, t, f)
	if err = errors.Join(err, unread); err != nil {
		return err
	}
	afterFirst, err := cpuOf(p.ID)
	if err != nil {
		return err
	}
	add := func(metric, unit string, value float64) { b.samples.Add(t.name, c.who, metric, unit, value) }
	add("init", "ms", ms(p.Init))
	add("init, CPU", "ms", ms(atReady))
	add("first invocation", "ms", ms(first-p.Init))
	add("first invocation, CPU", "ms", ms(afterFirst-atReady))
	used, took, err := b.warm(ctx, t, f, p.ID)
	if err != nil {
		return err
	}
	add("warm, CPU", "ms", used)
	add("warm", "ms", took)
	peak, err := peakOf(p.ID)
	add("peak memory", "MiB", peak)
	return err
}

// warm answers the CPU and the time of an invocation, in ms. The events are made before.
func (b *bench) warm(ctx context.Context, t task, f *runtimeapi.Function, pid int) (used, took float64, err error) {
	events := make([][]byte, t.warm)
	for n := range events {
		if events[n], err = t.event(ctx); err != nil {
			return 0, 0, err
		}
	}
	before, err := cpuOf(pid)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	for _, e := range events {
		answer, err := f.Invoke(ctx, e)
		if err == nil {
			err = t.check(answer)
		}
		if err != nil {
			return 0, 0, err
		}
	}
	took = ms(time.Since(began)) / float64(t.warm)
	after, err := cpuOf(pid)
	return ms(after-before) / float64(t.warm), took, err
}

// invoke makes an event and answers how long the invocation took, the start of the process included.
func (b *bench) invoke(ctx context.Context, t task, f *runtimeapi.Function) (time.Duration, error) {
	event, err := t.event(ctx)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	answer, err := f.Invoke(ctx, event)
	if err == nil {
		err = t.check(answer)
	}
	return time.Since(began), err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
