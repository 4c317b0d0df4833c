package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/client"
)

// asProgram makes the test binary be the program, so that tests run the real thing in processes of their own.
const asProgram = "DARKROOM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is a process of darkroom.
type program struct {
	*exec.Cmd
	t    *testing.T
	dir  string
	out  *printed
	done chan error
}

// printed is what a program has told so far.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *printed) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *printed) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// start begins a process of the program under test; when the test ends, it does too.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	return startOf(t, os.Args[0], args...)
}

func startOf(t *testing.T, binary string, args ...string) *program {
	t.Helper()
	p := &program{Cmd: exec.Command(binary, args...), t: t, out: &printed{}, done: make(chan error, 1)}
	p.Env = append(os.Environ(), asProgram+"=1", "NO_COLOR=1")
	p.Stdout, p.Stderr = p.out, p.out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- p.Wait() }()
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

// startCloud runs a local cloud on free ports and waits until it answers.
func startCloud(t *testing.T, dir string) *program {
	t.Helper()
	return startCloudOf(t, os.Args[0], dir)
}

func startCloudOf(t *testing.T, binary, dir string) *program {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, "client.json")); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	p := startOf(t, binary, "run", "--port", "0", "--data", dir)
	p.dir = dir
	eventually(t, "the cloud to start", func() error {
		select {
		case err := <-p.done:
			t.Fatalf("the cloud ended: %v\n%s", err, p.out)
		default:
		}
		_, err := os.Stat(p.config())
		return err
	})
	return p
}

func (p *program) config() string { return filepath.Join(p.dir, "client.json") }

// end waits for the process, and answers its exit status.
func (p *program) end() int {
	p.t.Helper()
	select {
	case err := <-p.done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			p.t.Fatal(err)
		}
		return p.ProcessState.ExitCode()
	case <-time.After(2 * time.Minute):
		p.t.Fatalf("still running: %s", p.out)
		return 0
	}
}

// stop ends a cloud as Ctrl-C does, which must be clean.
func (p *program) stop() {
	p.t.Helper()
	if err := p.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	if code := p.end(); code != 0 {
		p.t.Errorf("stopped with status %d:\n%s", code, p.out)
	}
}

// as signs in to the cloud as its demo user.
func (p *program) as(ctx context.Context) *client.Client {
	p.t.Helper()
	data, err := os.ReadFile(p.config())
	if err != nil {
		p.t.Fatal(err)
	}
	c, err := client.ReadConfig(bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	signedIn, err := client.SignIn(ctx, client.Options{Config: c, Now: time.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(signedIn.Close)
	return signedIn
}

// endpoints reads where a cloud is.
func (p *program) endpoints() client.Config {
	p.t.Helper()
	var c client.Config
	data, err := os.ReadFile(p.config())
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// eventually calls f until it has no error, for a minute at most.
func eventually(t *testing.T, what string, f func() error) {
	t.Helper()
	within(t, time.Minute, what, f)
}

func within(t *testing.T, limit time.Duration, what string, f func() error) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(limit)
	for {
		err := f()
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %v for %s: %v", limit, what, err)
		}
	}
}
