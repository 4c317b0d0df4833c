package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	ticks    = 100 // of /proc/PID/stat in a second: USER_HZ, the same on every Linux that Go runs on
	patience = 20 * time.Second
)

// process is a server under measurement.
type process struct {
	cmd  *exec.Cmd
	url  string
	end  func() error // asks it to end
	done chan struct{}
}

func start(cmd *exec.Cmd, end func() error) (*process, error) {
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	p := &process{cmd: cmd, end: end, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		_, _ = cmd.Process.Wait() // how it ended is no matter
	}()
	return p, nil
}

// stop asks the server to end, and makes it if it takes too long.
func (p *process) stop() {
	_ = p.end() // an error means that it has ended
	select {
	case <-p.done:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// await polls until the server answers anything at all.
func (p *process) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
		if err != nil {
			return fmt.Errorf("await %s: %w", p.cmd.Path, err)
		}
		if response, err := http.DefaultClient.Do(r); err == nil {
			return response.Body.Close()
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended before it answered", p.cmd.Path)
		case <-ctx.Done():
			return fmt.Errorf("await %s: %w", p.cmd.Path, ctx.Err())
		case <-tick.C:
		}
	}
}

// cpu is how many seconds of CPU the process has used, in user and kernel.
func (p *process) cpu() (float64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read CPU time: %w", err)
	}
	line := string(stat)
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:]) // the name before may hold anything
	if len(fields) < 13 {
		return 0, fmt.Errorf("read CPU time: %q is too short", line)
	}
	user, err := strconv.ParseUint(fields[11], 10, 64)
	system, err2 := strconv.ParseUint(fields[12], 10, 64)
	if err := errors.Join(err, err2); err != nil {
		return 0, fmt.Errorf("read CPU time: %w", err)
	}
	return float64(user+system) / ticks, nil
}

// memory is how many MiB of the process are resident: a line of its status, such as RssAnon.
func (p *process) memory(name string) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != name+":" {
			continue
		}
		kib, err := strconv.ParseUint(fields[1], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", name, err)
		}
		return float64(kib) / 1024, nil
	}
	return 0, fmt.Errorf("read memory: the status has no %s", name)
}
