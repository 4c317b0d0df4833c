// Package runtimeapi runs the binaries of Lambda functions as AWS does: each in a process of its own, which asks Lambda's
// Runtime API for its work, is frozen between two invocations, and is killed when it takes too long.
package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/darkroom/darkroom/internal/local/lambda"
)

// What AWS allows a function that does not say otherwise.
const (
	initTime    = 10 * time.Second       // from the start of a process to its first request for work
	farewell    = 500 * time.Millisecond // between SIGTERM and SIGKILL
	region      = "us-east-1"
	defaultTime = 3 * time.Second
)

// Options are what a function is.
type Options struct {
	Name    string
	Command []string      // the program and its arguments
	Env     []string      // all of its environment, NAME=value; the names that Lambda itself sets are added
	Dir     string        // where it is started; empty: here
	Timeout time.Duration // of an invocation. Zero: three seconds, as on AWS
	Memory  int           // in MB, which the function is told; nothing holds it to that
	// Concurrency is how many invocations may run at once, each in a process of its own. Zero: one.
	Concurrency int
	Freeze      bool      // whether a process stands still while it has nothing to do
	Output      io.Writer // what the processes print, each write some whole lines. Nil: nobody reads it
	Started     func(Process)
}

// Process is one that has asked for work for the first time.
type Process struct {
	ID   int
	Init time.Duration // from its start to then
}

// Function is a binary that can be invoked, by many callers at once.
type Function struct {
	opts Options
	idle chan *place
}

// place is one of the processes that may run at once, which whoever took it from idle owns.
type place struct{ process *process } // nil: none is running

// New makes a function. No process is started before it is needed.
func New(o Options) (*Function, error) {
	if o.Name == "" || len(o.Command) == 0 || o.Timeout < 0 || o.Concurrency < 0 {
		return nil, fmt.Errorf("make function %q: a name and a command are required", o.Name)
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTime
	}
	if o.Output == nil {
		o.Output = io.Discard
	}
	if o.Started == nil {
		o.Started = func(Process) {}
	}
	f := &Function{opts: o, idle: make(chan *place, max(o.Concurrency, 1))}
	for range cap(f.idle) {
		f.idle <- &place{}
	}
	return f, nil
}

// ARN is the function's Amazon Resource Name.
func (f *Function) ARN() string {
	return "arn:aws:lambda:" + region + ":000000000000:function:" + f.opts.Name
}

// Invoke has a process work on a JSON payload and answers with its JSON. A *lambda.Error is what Lambda would report; any
// other error means that ctx ended first, which does not end the work.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if len(payload) > lambda.MaxPayload {
		return nil, &lambda.Error{Type: "RequestEntityTooLargeException", Message: fmt.Sprintf("%d bytes are too many", len(payload))}
	}
	var p *place
	select {
	case p = <-f.idle:
	case <-ctx.Done():
		return nil, fmt.Errorf("invoke %s: %w", f.opts.Name, ctx.Err())
	}
	answered := make(chan answer, 1)
	go f.work(p, &call{id: uuid.NewString(), payload: payload, answered: answered})
	select {
	case a := <-answered:
		return a.payload, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("invoke %s: %w", f.opts.Name, ctx.Err())
	}
}

// work gives a call to the process of a place, and gives the place back when that is ready for the next one, or gone.
func (f *Function) work(p *place, c *call) {
	defer func() { f.idle <- p }()
	if p.process == nil || p.process.gone() {
		started, err := f.start()
		if err != nil {
			c.end(answer{err: err})
			return
		}
		p.process = started
	}
	if !p.process.serve(c, f.opts.Timeout) {
		p.process.kill()
		p.process = nil
		return
	}
	if f.opts.Freeze {
		p.process.freeze()
	}
}

// each does something with every process, once it is not at work.
func (f *Function) each(ctx context.Context, do func(*process)) error {
	taken := make([]*place, 0, cap(f.idle))
	defer func() {
		for _, p := range taken {
			f.idle <- p
		}
	}()
	for range cap(f.idle) {
		select {
		case p := <-f.idle:
			if p.process != nil {
				do(p.process)
			}
			taken = append(taken, p)
		case <-ctx.Done():
			return fmt.Errorf("wait for function %s: %w", f.opts.Name, ctx.Err())
		}
	}
	return nil
}

// Signal sends a signal to every process, after what it is at.
func (f *Function) Signal(ctx context.Context, s syscall.Signal) error {
	var failed error
	return errors.Join(f.each(ctx, func(p *process) {
		p.thaw()
		failed = errors.Join(failed, p.signal(s))
	}), failed)
}

// Close waits for what is under way and ends the processes as Lambda does: SIGTERM, and half a second later SIGKILL. The
// function can be invoked again after it, by new processes.
func (f *Function) Close(ctx context.Context) error {
	var failed error
	return errors.Join(f.each(ctx, func(p *process) { failed = errors.Join(failed, p.end()) }), failed)
}
