package deployed_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/deployed"
)

// patient is how long is waited for what has to happen at all, on a machine that has other things to do as well.
const patient = 3 * time.Minute

// root is the repository, as an absolute path: the object store changes the folder that the process is in.
var root = func() string {
	path, err := filepath.Abs("../..")
	if err != nil {
		panic(err)
	}
	return path
}()

// work is the folder of what is built, which TestMain makes and removes.
var work string

// binaries builds the functions for this machine, and unpacks their zips, once for all tests that need them.
var binaries = sync.OnceValues(func() (string, error) {
	if err := deployed.Build(context.Background(), root, work, runtime.GOARCH); err != nil {
		return "", err
	}
	return work, deployed.Unpack(work)
})

func TestMain(m *testing.M) {
	var err error
	if work, err = os.MkdirTemp("", "darkroom-zips-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(work)
	os.Exit(code)
}

// site is a deployment under test.
type site struct {
	*deployed.Deployment
	t       *testing.T
	said    *journal
	meeting *meeting // of calls that are to be under way at once; nil where none are
}

// deploy starts everything. Functions are frozen between their invocations, as on AWS. There can be one deployment at a time:
// the object store is one a process.
func deploy(t *testing.T, change func(*deployed.Options)) *site {
	t.Helper()
	built, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, said: &journal{of: map[string]*bytes.Buffer{}}}
	o := deployed.Options{
		File: filepath.Join(root, "serverless.yml"), Binaries: built, Dir: t.TempDir(), Freeze: true, Retry: 200 * time.Millisecond,
		Log: slog.New(slog.DiscardHandler), Output: s.said.writer,
	}
	if change != nil {
		change(&o)
	}
	if s.Deployment, err = deployed.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patient)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("the functions said:\n%s", s.said.all())
		}
	})
	return s
}

// journal is what each function has printed.
type journal struct {
	mu sync.Mutex
	of map[string]*bytes.Buffer
}

// page is the journal's part of one function.
type page struct {
	*journal
	function string
}

func (j *journal) writer(function string) io.Writer { return page{j, function} }

func (p page) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[p.function] == nil {
		p.of[p.function] = &bytes.Buffer{}
	}
	return p.of[p.function].Write(b)
}

// lines are what a function has printed so far.
func (j *journal) lines(function string) []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.of[function] == nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(j.of[function].String(), "\n"), "\n")
}

func (j *journal) all() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	var b strings.Builder
	for function, said := range j.of {
		fmt.Fprintf(&b, "--- %s\n%.4000s\n", function, said)
	}
	return b.String()
}

// record is a line of a function's log.
type record map[string]any

// records are the lines of a function that are JSON.
func (j *journal) records(function string) []record {
	var all []record
	for _, line := range j.lines(function) {
		var r record
		if json.Unmarshal([]byte(line), &r) == nil {
			all = append(all, r)
		}
	}
	return all
}

// errors are those that a function has logged.
func (j *journal) errors(function string) []record {
	return slices.DeleteFunc(j.records(function), func(r record) bool { return r["level"] != "ERROR" })
}

func (s *site) eventually(what string, f func() error) {
	s.t.Helper()
	s.within(patient, what, f)
}

func (s *site) within(limit time.Duration, what string, f func() error) {
	s.t.Helper()
	var err error
	if !s.comes(limit, func() bool { err = f(); return err == nil }) {
		s.t.Fatalf("waited %v for %s: %v", limit, what, err)
	}
}

// comes waits for something to be so, and tells whether it came to be.
func (s *site) comes(limit time.Duration, f func() bool) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(limit); !f(); {
		select {
		case <-tick.C:
		case <-deadline:
			return false
		}
	}
	return true
}
