package eventsource

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/local/lambda"
	"github.com/darkroom/darkroom/internal/local/sqs"
)

const long = time.Minute // for what has to happen at all

// function invokes a Go function as Lambda would.
func function(t *testing.T, handler any) *lambda.Function {
	t.Helper()
	f, err := lambda.New(lambda.Options{
		Name: "work", Handler: handler, Timeout: time.Minute, NewID: func() string { return "request" },
	})
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), long)
		defer cancel()
		if err := f.Close(ctx); err != nil {
			t.Errorf("close the function: %v", err)
		}
	})
	return f
}

// queues opens a queue "work" that gives up after three receives.
func queues(t *testing.T, o sqs.Options) *sqs.Service {
	t.Helper()
	s, err := sqs.Open(filepath.Join(t.TempDir(), "q.db"), o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the queues: %v", err)
		}
	})
	for _, q := range []sqs.Queue{{Name: "dead"}, {Name: "work", MaxReceives: 3, DeadLetter: "dead", Visibility: time.Minute}} {
		if err := s.Declare(q); err != nil {
			t.Fatalf("Declare: %v", err)
		}
	}
	return s
}

func send(t *testing.T, s *sqs.Service, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		if _, err := s.Send("work", body, 0); err != nil {
			t.Fatalf("Send: %v", err)
		}
	}
}

func startQueue(t *testing.T, o QueueOptions) *Mapping {
	t.Helper()
	o.Queue = "work"
	m, err := StartQueue(o)
	if err != nil {
		t.Fatalf("StartQueue: %v", err)
	}
	t.Cleanup(func() { closeMapping(t, m) })
	return m
}

func closeMapping(t *testing.T, m *Mapping) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), long)
	defer cancel()
	if err := m.Close(ctx); err != nil {
		t.Errorf("close the mapping: %v", err)
	}
}

// eventually polls until ok, or fails with what was wanted.
func eventually(t *testing.T, want string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(long); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("never got %s", want)
		}
	}
}
