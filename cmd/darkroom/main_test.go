package main

import (
	"bytes"
	"context"
	"errors"
	"io"
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
		go endWithTests()
		throughNetwork(os.Getenv(networkAt))
		main()
	}
	code := m.Run()
	os.Exit(max(code, shared.end()))
}

// lifeline is the file descriptor that stays open in a program for as long as the tests that started it live.
const lifeline = 3

// endWithTests leaves no program behind when the tests are ended by force.
func endWithTests() {
	_, _ = io.Copy(io.Discard, os.NewFile(lifeline, "lifeline"))
	os.Exit(1)
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

// command is the program under test, which ends with the tests if not before. The race detector makes each process sleep
// for a second at its end, if not told otherwise.
func command(binary string, args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "NO_COLOR=1", "GORACE=atexit_sleep_ms=50 "+os.Getenv("GORACE"))
	return cmd
}

// launch begins a process. Its output is kept, unless it has somewhere to go.
func launch(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	p := &program{Cmd: cmd, t: t, out: &printed{}, done: make(chan error, 1)}
	if p.Stdout == nil {
		p.Stdout, p.Stderr = p.out, p.out
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	p.ExtraFiles = []*os.File{theirs} // the first is number 3, the lifeline
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		err := p.Wait()
		ours.Close()
		p.done <- err
	}()
	return p
}

// start begins a process of the program under test; when the test ends, it does too.
func start(t *testing.T, args ...string) *program {
	t.Helper()
	return startOf(t, os.Args[0], args...)
}

func startOf(t *testing.T, binary string, args ...string) *program {
	t.Helper()
	p := launch(t, command(binary, args...))
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
	p := startOf(t, binary, "run", "--port", "0", "--data", dir)
	p.dir = dir
	p.ready()
	return p
}

// ready waits until a cloud answers and has said so.
func (p *program) ready() {
	p.t.Helper()
	eventually(p.t, "the cloud to start", func() error {
		select {
		case err := <-p.done:
			p.t.Fatalf("the cloud ended: %v\n%s", err, p.out)
		default:
		}
		return wantCount(p.out.String(), "Ctrl-C stops it.", 1)
	})
}

// config is the file that says where a cloud is, and who its demo user is.
func (p *program) config() string { return filepath.Join(p.dir, configFile) }

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
	case <-time.After(patient):
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
	return signIn(ctx, p.t, p.config())
}

// endpoints reads where a cloud is.
func (p *program) endpoints() client.Config {
	p.t.Helper()
	return readFile(p.t, p.config())
}

func readFile(t *testing.T, path string) client.Config {
	t.Helper()
	config, err := readConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// signIn signs in as the user of a configuration file.
func signIn(ctx context.Context, t *testing.T, path string) *client.Client {
	t.Helper()
	c, err := client.SignIn(ctx, client.Options{Config: readFile(t, path), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// patient is how long is waited for what has to happen at all, on a machine that has other things to do as well.
const patient = 3 * time.Minute

// eventually calls f until it has no error.
func eventually(t *testing.T, what string, f func() error) {
	t.Helper()
	within(t, patient, what, f)
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
