// Package server runs the servers that benchmarks measure, and reads from outside what they use.
package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	ticks    = 100 // of /proc/PID/stat in a second: USER_HZ, the same on every Linux that Go runs on
	patience = 30 * time.Second
	glance   = 2 * time.Millisecond // between two looks at whether a server answers
)

// Process is a server under measurement.
type Process struct {
	Cmd    *exec.Cmd
	Dir    string        // its data
	URL    string        // of its API, where that is known before it starts
	Took   time.Duration // from its start to the first answer of its API
	AtOnce float64       // seconds of CPU until then

	log  string // file of what it said
	done chan error
}

// Start runs a server and waits until it answers.
func (p *Process) Start(ctx context.Context, answers func(context.Context) bool) error {
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	p.log = p.Dir + ".log"
	log, err := os.Create(p.log)
	if err != nil {
		return fmt.Errorf("make a log: %w", err)
	}
	defer log.Close()
	p.Cmd.Stdout, p.Cmd.Stderr = log, log
	p.done = make(chan error, 1)
	started := time.Now()
	if err := p.Cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.Cmd.Path, err)
	}
	go func() { p.done <- p.Cmd.Wait() }()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = p.await(ctx, answers)
	if err == nil {
		p.Took = time.Since(started)
		p.AtOnce, err = p.CPU()
	}
	if err != nil {
		return errors.Join(err, p.Stop())
	}
	return nil
}

func (p *Process) await(ctx context.Context, answers func(context.Context) bool) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for !answers(ctx) {
		select {
		case err := <-p.done:
			p.done <- err
			return fmt.Errorf("%s ended before it answered: %w\n%s", p.Cmd.Path, err, p.tail())
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer within %v\n%s", p.Cmd.Path, patience, p.tail())
		case <-tick.C:
		}
	}
	return nil
}

// Stop ends the server as Ctrl-C does, or, when it takes too long, at once.
func (p *Process) Stop() error {
	_ = p.Cmd.Process.Signal(os.Interrupt) // an error means that it has ended
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		_ = p.Cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("%s did not stop within %v", p.Cmd.Path, patience)
	}
}

// Told is the URL that the server said of one of its services when it started.
func (p *Process) Told(service string) (string, error) {
	said, err := os.ReadFile(p.log)
	if err != nil {
		return "", fmt.Errorf("read what %s said: %w", p.Cmd.Path, err)
	}
	for line := range strings.Lines(string(said)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == service && strings.HasPrefix(f[1], "http") {
			return f[1], nil
		}
	}
	return "", fmt.Errorf("%s said nothing of %s", p.Cmd.Path, service)
}

func (p *Process) tail() []byte {
	said, _ := os.ReadFile(p.log)
	return said[max(0, len(said)-2000):]
}

func (p *Process) proc(file string) string {
	return fmt.Sprintf("/proc/%d/%s", p.Cmd.Process.Pid, file)
}

// CPU is how many seconds of CPU the process has used, in user and kernel.
func (p *Process) CPU() (float64, error) {
	stat, err := os.ReadFile(p.proc("stat"))
	if err != nil {
		return 0, fmt.Errorf("read CPU time: %w", err)
	}
	return parseCPU(string(stat))
}

func parseCPU(stat string) (float64, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:]) // the name before may hold anything
	if len(fields) < 13 {
		return 0, fmt.Errorf("read CPU time: %q is too short", stat)
	}
	user, err := strconv.ParseUint(fields[11], 10, 64)
	system, err2 := strconv.ParseUint(fields[12], 10, 64)
	if err := errors.Join(err, err2); err != nil {
		return 0, fmt.Errorf("read CPU time: %w", err)
	}
	return float64(user+system) / ticks, nil
}

// Memory is a line of the process's status, such as VmRSS, in MiB.
func (p *Process) Memory(line string) (float64, error) {
	status, err := os.ReadFile(p.proc("status"))
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	return parseMemory(status, line)
}

func parseMemory(status []byte, line string) (float64, error) {
	for l := range bytes.Lines(status) {
		if fields := strings.Fields(string(l)); len(fields) == 3 && fields[0] == line+":" {
			kib, err := strconv.ParseUint(fields[1], 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read %s: %w", line, err)
			}
			return float64(kib) / 1024, nil
		}
	}
	return 0, fmt.Errorf("read memory: the status has no %s", line)
}

// Usage is what a piece of work took.
type Usage struct {
	CPU  float64 // seconds, what the server did in its wake included
	Peak float64 // MiB of resident memory
	Wall float64 // seconds
}

// During measures a piece of work from the outside.
func (p *Process) During(ctx context.Context, work func() error) (Usage, error) {
	if err := os.WriteFile(p.proc("clear_refs"), []byte("5"), 0); err != nil {
		return Usage{}, fmt.Errorf("reset the peak of memory: %w", err)
	}
	before, err := p.CPU()
	if err != nil {
		return Usage{}, err
	}
	started := time.Now()
	if err := work(); err != nil {
		return Usage{}, fmt.Errorf("%w\n%s", err, p.tail())
	}
	u := Usage{Wall: time.Since(started).Seconds()}
	after, err := p.Settled(ctx)
	u.CPU = after - before
	if err == nil {
		u.Peak, err = p.Memory("VmHWM")
	}
	return u, err
}

// Settled waits until the process does nothing any more, and answers the CPU it has used by then.
func (p *Process) Settled(ctx context.Context) (float64, error) {
	const quiet, tries = 200 * time.Millisecond, 25
	last, err := p.CPU()
	for range tries {
		if err != nil {
			break
		}
		if err = sleep(ctx, quiet); err != nil {
			break
		}
		before := last
		if last, err = p.CPU(); last == before {
			break
		}
	}
	return last, err
}

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
