package sqs

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func send(t testing.TB, s *Service, queue, body string, delay time.Duration) {
	t.Helper()
	if _, err := s.Send(queue, body, delay); err != nil {
		t.Fatalf("Send(%s): %v", queue, err)
	}
}

// receive takes one message, or none within wait.
func receive(t testing.TB, s *Service, queue string, wait time.Duration) *Message {
	t.Helper()
	got, err := s.Receive(t.Context(), queue, ReceiveOptions{Wait: wait})
	if err != nil {
		t.Fatalf("Receive(%s): %v", queue, err)
	}
	if len(got) == 0 {
		return nil
	}
	return &got[0]
}

// inBubble runs a test in which time passes only when everybody waits.
func inBubble(t *testing.T, test func(t *testing.T, s *Service)) {
	path := filepath.Join(t.TempDir(), "q.db")
	synctest.Test(t, func(t *testing.T) { test(t, open(t, path, Options{})) })
}

// wantAfter checks that a receive that began at start took about d.
func wantAfter(t *testing.T, m *Message, start time.Time, d time.Duration) {
	t.Helper()
	if m == nil {
		t.Fatal("got no message")
	}
	if took := time.Since(start); took < d || took > d+50*time.Millisecond {
		t.Errorf("got the message after %v, want %v", took, d)
	}
}

func TestAReceivedMessageIsHiddenUntilItsTimeoutEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Service) {
		send(t, s, "work", "x", 0)
		start := time.Now()
		first := receive(t, s, "work", 0)
		if again := receive(t, s, "work", 10*time.Second); again != nil {
			t.Fatalf("got %v, want it hidden", again)
		}
		second := receive(t, s, "work", time.Hour)
		wantAfter(t, second, start, DefaultVisibility)
		if first.Receives != 1 || second.Receives != 2 || second.ID != first.ID || !second.First.Equal(first.First) {
			t.Errorf("got %+v, then %+v, want the same message counted", first, second)
		}
	})
}

func TestAWaitingReceiverWakesAtOnce(t *testing.T) {
	tests := []struct {
		name string
		act  func(t *testing.T, s *Service, inFlight *Message)
		want time.Duration
	}{
		{"when a message arrives", func(t *testing.T, s *Service, _ *Message) {
			send(t, s, "work", "y", 0)
		}, 5 * time.Second},
		{"when a delay ends", func(t *testing.T, s *Service, _ *Message) {
			send(t, s, "work", "y", time.Second)
		}, 6 * time.Second},
		{"when a message is given back", func(t *testing.T, s *Service, inFlight *Message) {
			if err := s.ChangeVisibility("work", inFlight.Receipt, 0); err != nil {
				t.Errorf("ChangeVisibility: %v", err)
			}
		}, 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, s *Service) {
				send(t, s, "work", "x", 0)
				inFlight := receive(t, s, "work", 0)
				start := time.Now()
				time.AfterFunc(5*time.Second, func() { tt.act(t, s, inFlight) })
				wantAfter(t, receive(t, s, "work", time.Hour), start, tt.want)
			})
		})
	}
}

func TestChangingVisibilityMovesTheEnd(t *testing.T) {
	for _, d := range []time.Duration{0, time.Second, time.Hour} {
		inBubble(t, func(t *testing.T, s *Service) {
			send(t, s, "work", "x", 0)
			m := receive(t, s, "work", 0)
			start := time.Now()
			if err := s.ChangeVisibility("work", m.Receipt, d); err != nil {
				t.Fatalf("ChangeVisibility: %v", err)
			}
			wantAfter(t, receive(t, s, "work", 2*time.Hour), start, d)
		})
	}
}

func TestAMessageReceivedTooOftenGoesToTheDeadLetterQueue(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Service) {
		send(t, s, "work", "poison", 0)
		send(t, s, "work", "good", 2*time.Minute)
		first := receive(t, s, "work", 0)
		receive(t, s, "work", time.Hour)
		good := receive(t, s, "work", time.Hour)
		if good == nil || good.Body != "good" {
			t.Fatalf("got %v, want the next message", good)
		}
		dead := receive(t, s, "dead", 0)
		if dead == nil || dead.ID != first.ID || dead.Receives != 3 || !dead.Sent.Equal(first.Sent) {
			t.Errorf("got %+v in the dead-letter queue, want %+v, received a third time", dead, first)
		}
		if d, err := s.Depth("work"); d != (Depth{InFlight: 1}) || err != nil {
			t.Errorf("got %+v, %v left, want only the good one in flight", d, err)
		}
	})
}

func TestAnOldReceiptDoesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Service) {
		send(t, s, "work", "x", 0)
		first := receive(t, s, "work", 0)
		second := receive(t, s, "work", time.Hour)
		if err := s.Delete("work", first.Receipt); err != nil {
			t.Errorf("Delete with an old receipt: %v", err)
		}
		var refused *Error
		if err := s.ChangeVisibility("work", first.Receipt, 0); !errors.As(err, &refused) || refused.Code != MessageNotInflight {
			t.Errorf("ChangeVisibility: got %v, want %s", err, MessageNotInflight)
		}
		if d, _ := s.Depth("work"); d.InFlight != 1 {
			t.Errorf("got %+v, want the message still in flight", d)
		}
		for range 2 {
			if err := s.Delete("work", second.Receipt); err != nil {
				t.Errorf("Delete: %v", err)
			}
		}
		if d, _ := s.Depth("work"); d != (Depth{}) {
			t.Errorf("got %+v, want nothing left", d)
		}
	})
}

func TestAReceiverStopsWaitingWhenItIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T, s *Service) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := s.Receive(ctx, "work", ReceiveOptions{Wait: time.Hour})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the end of the context", err)
		}
		time.AfterFunc(time.Second, func() { s.Close() })
		if _, err := s.Receive(t.Context(), "work", ReceiveOptions{Wait: time.Hour}); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want %v", err, ErrClosed)
		}
	})
}

func TestAfterARestartMessagesInFlightAreVisibleAndCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	now := time.Now()
	clock := Options{Now: func() time.Time { return now }}
	s := open(t, path, clock)
	send(t, s, "work", "in flight", 0)
	send(t, s, "work", "delayed", time.Minute)
	before := receive(t, s, "work", 0)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = open(t, path, clock)
	got, err := s.Receive(t.Context(), "work", ReceiveOptions{Max: 10})
	if err != nil || len(got) != 1 {
		t.Fatalf("got %v, %v, want one message", got, err)
	}
	if got[0].ID != before.ID || got[0].Receives != 2 || !got[0].Sent.Equal(before.Sent) {
		t.Errorf("got %+v, want %+v received again", got[0], before)
	}
	if d, _ := s.Depth("work"); d != (Depth{InFlight: 1, Delayed: 1}) {
		t.Errorf("got %+v, want one in flight and one delayed", d)
	}
}

func TestConcurrentReceiversShareTheMessages(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "q.db"), Options{})
	const messages, workers = 60, 4
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		seen = map[string]int{}
		all  = make(chan struct{})
	)
	for w := range workers {
		wg.Go(func() {
			for i := range messages / workers {
				send(t, s, "work", fmt.Sprintf("%d-%d", w, i), 0)
			}
		})
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			go func() { <-all; cancel() }()
			for {
				got, err := s.Receive(ctx, "work", ReceiveOptions{Max: 3, Wait: time.Minute})
				if err != nil {
					return
				}
				for _, m := range got {
					if err := s.Delete("work", m.Receipt); err != nil {
						t.Error(err)
					}
					mu.Lock()
					seen[m.Body]++
					if len(seen) == messages {
						close(all)
					}
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if len(seen) != messages {
		t.Errorf("got %d messages, want %d", len(seen), messages)
	}
	for body, n := range seen {
		if n != 1 {
			t.Errorf("got %s %d times, want once", body, n)
		}
	}
}

func BenchmarkSendReceiveDelete(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "q.db"), Options{})
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			send(b, s, "work", "x", 0)
			if m := receive(b, s, "work", time.Second); m != nil {
				if err := s.Delete("work", m.Receipt); err != nil {
					b.Error(err)
				}
			}
		}
	})
}
