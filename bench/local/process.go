package main

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

// process is a server under measurement.
type process struct {
	cmd    *exec.Cmd
	dir    string // its data
	url    string // of its API, where that is known before it starts
	log    string // file of what it said
	done   chan error
	took   time.Duration // from its start to the first answer of its API
	atOnce float64       // seconds of CPU until then
}

// start runs a server and waits until it answers.
func (p *process) start(ctx context.Context, answers func(context.Context) bool) error {
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	p.log = p.dir + ".log"
	log, err := os.Create(p.log)
	if err != nil {
		return fmt.Errorf("make a log: %w", err)
	}
	defer log.Close()
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.done = make(chan error, 1)
	started := time.Now()
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.cmd.Path, err)
	}
	go func() { p.done <- p.cmd.Wait() }()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = p.await(ctx, answers)
	if err == nil {
		p.took = time.Since(started)
		p.atOnce, err = p.cpu()
	}
	if err != nil {
		return errors.Join(err, p.stop())
	}
	return nil
}

func (p *process) await(ctx context.Context, answers func(context.Context) bool) error {
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for !answers(ctx) {
		select {
		case err := <-p.done:
			p.done <- err
			return fmt.Errorf("%s ended before it answered: %w\n%s", p.cmd.Path, err, p.tail())
		case <-ctx.Done():
			return fmt.Errorf("%s did not answer within %v\n%s", p.cmd.Path, patience, p.tail())
		case <-tick.C:
		}
	}
	return nil
}

// stop ends the server as Ctrl-C does, or, when it takes too long, at once.
func (p *process) stop() error {
	_ = p.cmd.Process.Signal(os.Interrupt) // an error means that it has ended
	select {
	case <-p.done:
		return nil
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("%s did not stop within %v", p.cmd.Path, patience)
	}
}

func (p *process) tail() []byte {
	said, _ := os.ReadFile(p.log)
	return said[max(0, len(said)-2000):]
}

func (p *process) proc(file string) string {
	return fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, file)
}

// cpu is how many seconds of CPU the process has used, in user and kernel.
func (p *process) cpu() (float64, error) {
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

// memory is a line of the process's status, such as VmRSS, in MiB.
func (p *process) memory(line string) (float64, error) {
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

// usage is what a piece of work took.
type usage struct {
	cpu  float64 // seconds, what the server did in its wake included
	peak float64 // MiB of resident memory
	wall float64 // seconds
}

// during measures a piece of work from the outside.
func (p *process) during(ctx context.Context, work func() error) (usage, error) {
	if err := os.WriteFile(p.proc("clear_refs"), []byte("5"), 0); err != nil {
		return usage{}, fmt.Errorf("reset the peak of memory: %w", err)
	}
	before, err := p.cpu()
	if err != nil {
		return usage{}, err
	}
	started := time.Now()
	if err := work(); err != nil {
		return usage{}, fmt.Errorf("%w\n%s", err, p.tail())
	}
	u := usage{wall: time.Since(started).Seconds()}
	after, err := p.settled(ctx)
	u.cpu = after - before
	if err == nil {
		u.peak, err = p.memory("VmHWM")
	}
	return u, err
}

// settled waits until the process does nothing any more, and answers the CPU it has used by then.
func (p *process) settled(ctx context.Context) (float64, error) {
	const quiet, tries = 200 * time.Millisecond, 25
	last, err := p.cpu()
	for range tries {
		if err != nil {
			break
		}
		if err = sleep(ctx, quiet); err != nil {
			break
		}
		before := last
		if last, err = p.cpu(); last == before {
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
