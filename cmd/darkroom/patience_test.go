package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// inNetwork begins a process of darkroom whose every connection is carried by a network.
func (n *badNetwork) inNetwork(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	cmd := command(os.Args[0], args...)
	cmd.Env = append(append(cmd.Env, networkAt+"="+n.Addr().String()), env...)
	p := launch(t, cmd)
	t.Cleanup(func() { _ = p.Process.Kill() })
	return p
}

func TestSignInWaitsForTheNetwork(t *testing.T) {
	t.Parallel()
	folder := collectionOf(t, 1)
	for name, path := range map[string]string{"one picture": filepath.Join(folder, "album 0", "0.jpg"), "a folder": folder} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := sharedCloud(t).user()
			n := openBadNetwork(t, 1)
			n.good.Store(true)
			n.dead.Store(2)
			p := n.inNetwork(t, nil, "upload", "--config", config, "--hashes", "", path)
			if status := p.end(); status != 0 {
				t.Fatalf("ended with %d:\n%s", status, p.out)
			}
			if left := n.dead.Load(); left >= 0 {
				t.Fatalf("the network was not dead: %d more connections would have been lost", left)
			}
			if out := p.out.String(); !strings.HasPrefix(out, "trying again: ") {
				t.Errorf("nobody is told that it is tried again:\n%s", out)
			}
			checkAllReady(t, config, 1)
		})
	}
}

func TestARefusedPasswordIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	folder := collectionOf(t, 1)
	config := readFile(t, sharedCloud(t).user())
	config.Password = ""
	for name, path := range map[string]string{"one picture": filepath.Join(folder, "album 0", "0.jpg"), "a folder": folder} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := openBadNetwork(t, 1)
			n.good.Store(true)
			n.dead.Store(1) // a dead network first: what is refused then is refused all the same
			p := n.inNetwork(t, []string{"DARKROOM_PASSWORD=wrong"}, "upload", "--config", writeFile(t, config), "--hashes", "", path)
			status, out := p.end(), p.out.String()
			if status != 1 || strings.Count(out, "trying again") != 1 || !strings.HasSuffix(out, "Incorrect username or password.\n") {
				t.Errorf("ended with %d:\n%s", status, out)
			}
		})
	}
}

func TestPatienceEndsWhenNothingHasWorkedForLong(t *testing.T) {
	at := time.Unix(0, 0)
	p := newPatience(func() time.Time { return at }, func(error) { at = at.Add(longLoss + 1) })
	calls := 0
	err := p.try(t.Context(), func() error { calls++; return errors.New("no network") })
	if calls != 2 || err == nil || !strings.Contains(err.Error(), "nothing has worked for 10m0s: no network") {
		t.Errorf("called %d times: %v", calls, err)
	}
	calls = 0
	err = p.try(t.Context(), func() error { calls++; return fmt.Errorf("sign in: %w", gallery.ErrUnauthenticated) })
	if calls != 1 || !errors.Is(err, gallery.ErrUnauthenticated) {
		t.Errorf("what is refused: called %d times: %v", calls, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	p = newPatience(func() time.Time { return at }, func(error) { cancel() })
	if err := p.try(ctx, func() error { return errors.New("no network") }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped meanwhile: %v", err)
	}
}

func TestTroubleIsSaidOnceEachTime(t *testing.T) {
	var errout printed
	show := &progress{err: &errout}
	down := errors.New("no network")
	for _, err := range []error{down, down, nil, down, errors.New("no route"), nil} {
		show.trouble(err)
	}
	if got, want := errout.String(), "trying again: no network\ntrying again: no network\ntrying again: no route\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var told []error
	p := newPatience(time.Now, func(err error) { told = append(told, err) })
	for range 2 {
		if err := p.try(t.Context(), func() error {
			if len(told) == 0 {
				return down
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 2 || told[0] != down || told[1] != nil {
		t.Errorf("told %v, want the trouble and its end, once", told)
	}
}

func TestTroubleIsSaidByItsReason(t *testing.T) {
	refused := &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED),
	}
	here := *refused
	here.Addr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	for want, err := range map[string]error{
		"trying again: connection refused":       fmt.Errorf("sign in as ann: %w", &url.Error{Op: "Post", URL: "http://192.0.2.1:1/", Err: refused}),
		"trying again: start it with `make run`": fmt.Errorf("sign in as ann: %w", &url.Error{Op: "Post", URL: "http://127.0.0.1:1/", Err: &here}),
		"trying again: a\ufffdb":                 errors.New("a\x1bb"),
	} {
		if got := tryingAgain(err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
