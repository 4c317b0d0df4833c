package deployed_test

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/deployed"
	"github.com/darkroom/darkroom/internal/local/iam"
	"github.com/darkroom/darkroom/internal/local/runtimeapi"
)

// stall holds the first call of a kind that a function makes, for good.
type stall struct {
	function, action string

	mu      sync.Mutex
	pids    []int         // of the function's processes
	reached chan struct{} // closed when the call is held
	release chan struct{}
}

func newStall(t *testing.T, function, action string) *stall {
	h := &stall{function: function, action: action, reached: make(chan struct{}), release: make(chan struct{})}
	t.Cleanup(func() { close(h.release) })
	return h
}

func (h *stall) before(function string, c iam.Call) {
	if function != h.function || c.Action != h.action {
		return
	}
	h.mu.Lock()
	select {
	case <-h.reached:
		h.mu.Unlock()
		return
	default:
	}
	close(h.reached)
	h.mu.Unlock()
	<-h.release
}

func (h *stall) started(function string, p runtimeapi.Process) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if function == h.function {
		h.pids = append(h.pids, p.ID)
	}
}

func (h *stall) last() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pids[len(h.pids)-1]
}

// TestAPictureOutlivesItsWorkers: the one that develops it is killed while it stores the first rendition, for want of time
// or from outside. Its lease is let run out by hand: nobody wants to wait for 75 s.
func TestAPictureOutlivesItsWorkers(t *testing.T) {
	for name, c := range map[string]struct {
		timeout time.Duration
		kill    func(pid int) error
	}{
		"killed at the end of its time": {6 * time.Second, func(int) error { return nil }},
		"told to end":                   {gallery.ProcessTimeout, func(pid int) error { return syscall.Kill(pid, syscall.SIGTERM) }},
		"killed":                        {gallery.ProcessTimeout, func(pid int) error { return syscall.Kill(pid, syscall.SIGKILL) }},
	} {
		t.Run(name, func(t *testing.T) {
			h := newStall(t, "process", "s3:PutObject")
			s := deploy(t, func(o *deployed.Options) {
				o.Before, o.Started = h.before, h.started
				o.Timeout = func(function string) time.Duration {
					if function == "process" {
						return c.timeout
					}
					return 0
				}
			})
			u := s.user("ann", false)
			id := u.upload(picture(t, "slow"))
			<-h.reached
			s.change(u.owner, id, func(i *gallery.Image) { i.LeaseUntil = time.Now() })
			if err := c.kill(h.last()); err != nil {
				t.Fatal(err)
			}
			u.ends(id, gallery.Ready)
			i, err := s.images().Get(t.Context(), u.owner, id)
			if err != nil || i.Attempt != 2 {
				t.Errorf("got attempt %d, %v, want the second to succeed", i.Attempt, err)
			}
			if len(h.pids) != 2 {
				t.Errorf("got processes %v, want the one that was killed and another", h.pids)
			}
		})
	}
}

// TestFunctionsSurviveBeingFrozen: while they stand still, the services end their idle connections. What is then sent on one
// of them must not be lost, whoever sends it: of all that happens, the last announcement is the hardest to miss.
func TestFunctionsSurviveBeingFrozen(t *testing.T) {
	s := deploy(t, nil)
	u := s.user("ann", false)
	seen := u.listen(t)
	for _, name := range []string{"a", "bb", "ccc", "dddd", "eeeee"} {
		seen(u.upload(picture(t, name)))
		s.Disconnect()
	}
	for function := range s.Functions {
		for _, line := range s.said.records(function) {
			if level := line["level"]; level == "WARN" || level == "ERROR" {
				t.Errorf("%s: %v", function, line)
			}
		}
	}
}

// TestIdleFunctionsThatAreToldToEndAreReplaced: Lambda ends what has had no work for some minutes.
func TestIdleFunctionsThatAreToldToEndAreReplaced(t *testing.T) {
	s := deploy(t, nil)
	u := s.user("ann", false)
	u.ends(u.upload(picture(t, "before")), gallery.Ready)
	for _, f := range s.Functions {
		if err := f.Signal(t.Context(), syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
	}
	u.ends(u.upload(picture(t, "after")), gallery.Ready)
}

// TestPoisonBlocksNothing: what cannot be read is dropped, once, and what comes behind it goes its way.
func TestPoisonBlocksNothing(t *testing.T) {
	s := deploy(t, nil)
	u := s.user("ann", false)
	bad := []string{
		"not JSON", "{}", `{"Records":[]}`, `{"Records":[{"s3":{"object":{"key":"elsewhere/x"}}}]}`,
		`{"Records":[{"s3":{"object":{"key":"originals/a+b%2B%C3%BC/01a217db-7b1c-772a-8806-8c622c8c4778%20.jpg"}}}]}`,
	}
	for _, queue := range []string{"ProcessQueue", "HeifQueue"} {
		for _, body := range bad {
			s.tell(queue, body)
		}
		s.tell(queue, `{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-23T12:00:00.000Z","Bucket":"uploads"}`)
	}
	s.garble(u.owner)
	seen := u.listen(t)
	seen(u.upload(picture(t, "behind")))
	for function, want := range map[string]int{"process": len(bad), "heif": len(bad), "publish": 1} {
		s.eventually(function+" to drop what cannot be read", func() error { return wantDropped(s.said.records(function), want) })
	}
}
