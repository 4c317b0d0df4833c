package eventsource

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/internal/local/sqs"
)

func wantDepth(t *testing.T, s *sqs.Service, queue string, want sqs.Depth) {
	t.Helper()
	eventually(t, fmt.Sprintf("%+v in %s", want, queue), func() bool {
		got, err := s.Depth(queue)
		return err == nil && got == want
	})
}

func bodies(e events.SQSEvent) (all []string) {
	for _, r := range e.Records {
		all = append(all, r.Body)
	}
	return all
}

func TestAMessageArrivesInTheShapeThatLambdaGives(t *testing.T) {
	got := make(chan string, 1)
	s := queues(t, sqs.Options{
		Now:   func() time.Time { return time.UnixMilli(1772600767008) },
		NewID: func() string { return "message-1" },
	})
	startQueue(t, QueueOptions{Queues: s, Function: function(t, func(raw json.RawMessage) { got <- string(raw) })})
	send(t, s, `{"a":"<&>"}`)
	const want = `{"Records":[{"messageId":"message-1","receiptHandle":"MS9tZXNzYWdlLTE","body":"{\"a\":\"<&>\"}",` +
		`"attributes":{"ApproximateFirstReceiveTimestamp":"1772600767008","ApproximateReceiveCount":"1",` +
		`"SenderId":"000000000000","SentTimestamp":"1772600767008"},"messageAttributes":{},` +
		`"md5OfBody":"ff4346e5e8ab7dfd89199ac0941663a6","eventSource":"aws:sqs",` +
		`"eventSourceARN":"arn:aws:sqs:us-east-1:000000000000:work","awsRegion":"us-east-1"}]}`
	if got := <-got; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	wantDepth(t, s, "work", sqs.Depth{})
}

func TestOnlyWhatAFunctionTookIsDeleted(t *testing.T) {
	everything := sqs.Depth{InFlight: 3}
	tests := []struct {
		name   string
		report bool
		answer func(events.SQSEvent) (any, error)
		left   sqs.Depth
	}{
		{"no failures", true, func(events.SQSEvent) (any, error) { return events.SQSEventResponse{}, nil }, sqs.Depth{}},
		{"no answer", true, func(events.SQSEvent) (any, error) { return nil, nil }, sqs.Depth{}},
		{"one failure", true, func(e events.SQSEvent) (any, error) {
			return events.SQSEventResponse{
				BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: e.Records[1].MessageId}},
			}, nil
		}, sqs.Depth{InFlight: 1}},
		{"a failure without reports", false, func(e events.SQSEvent) (any, error) {
			return events.SQSEventResponse{
				BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: e.Records[1].MessageId}},
			}, nil
		}, sqs.Depth{}},
		{"an error", true, func(events.SQSEvent) (any, error) { return nil, errors.New("no") }, everything},
		{"a panic", true, func(events.SQSEvent) (any, error) { panic("no") }, everything},
		{"an unknown message", true, func(events.SQSEvent) (any, error) {
			return json.RawMessage(`{"batchItemFailures":[{"itemIdentifier":"x"}]}`), nil
		}, everything},
		{"an empty identifier", true, func(events.SQSEvent) (any, error) {
			return json.RawMessage(`{"batchItemFailures":[{"itemIdentifier":""}]}`), nil
		}, everything},
		{"a misspelt identifier", true, func(events.SQSEvent) (any, error) {
			return json.RawMessage(`{"batchItemFailures":[{"item":"x"}]}`), nil
		}, everything},
		{"a malformed answer", true, func(events.SQSEvent) (any, error) { return "ok", nil }, everything},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, invoked := queues(t, sqs.Options{}), make(chan []string, 10)
			send(t, s, "a", "b", "c")
			f := function(t, func(e events.SQSEvent) (any, error) {
				defer func() { invoked <- bodies(e) }()
				return tt.answer(e)
			})
			m := startQueue(t, QueueOptions{Queues: s, Function: f, BatchSize: 10, ReportBatchItemFailures: tt.report})
			if got := <-invoked; !slices.Equal(got, []string{"a", "b", "c"}) {
				t.Errorf("got a batch of %v, want a, b and c", got)
			}
			closeMapping(t, m)
			wantDepth(t, s, "work", tt.left)
		})
	}
}

func TestWhatWasNotTakenComesAgainSoonAndThenGoesToTheDeadLetters(t *testing.T) {
	s, invoked := queues(t, sqs.Options{}), make(chan string, 10)
	f := function(t, func(e events.SQSEvent) error {
		invoked <- e.Records[0].Attributes["ApproximateReceiveCount"]
		return errors.New("no")
	})
	startQueue(t, QueueOptions{Queues: s, Function: f, RetryAfter: 10 * time.Millisecond})
	send(t, s, "poison")
	for _, want := range []string{"1", "2", "3"} {
		if got := <-invoked; got != want {
			t.Errorf("got receive count %s, want %s", got, want)
		}
	}
	wantDepth(t, s, "dead", sqs.Depth{Visible: 1})
	wantDepth(t, s, "work", sqs.Depth{})
}

func TestAsManyBatchesRunAsThereArePollers(t *testing.T) {
	s, invoked, release := queues(t, sqs.Options{}), make(chan string, 10), make(chan struct{})
	f := function(t, func(e events.SQSEvent) {
		invoked <- e.Records[0].Body
		<-release
	})
	startQueue(t, QueueOptions{Queues: s, Function: f, Pollers: 3})
	send(t, s, "a", "b", "c", "d")
	for range 3 {
		<-invoked
	}
	wantDepth(t, s, "work", sqs.Depth{Visible: 1, InFlight: 3})
	close(release)
	<-invoked
	wantDepth(t, s, "work", sqs.Depth{})
}

func TestCloseWaitsForTheBatchUnderWay(t *testing.T) {
	s, invoked, release := queues(t, sqs.Options{}), make(chan struct{}), make(chan struct{})
	f := function(t, func(ctx context.Context) { invoked <- struct{}{}; <-release })
	m := startQueue(t, QueueOptions{Queues: s, Function: f})
	send(t, s, "a")
	<-invoked
	closed := make(chan error, 1)
	go func() { closed <- m.Close(context.Background()) }()
	select {
	case err := <-closed:
		t.Fatalf("Close returned %v with a batch under way", err)
	default:
	}
	close(release)
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
	wantDepth(t, s, "work", sqs.Depth{})
}

func TestCloseGivesUpWhenItsTimeIsUp(t *testing.T) {
	s, invoked, release := queues(t, sqs.Options{}), make(chan struct{}), make(chan struct{})
	f := function(t, func(ctx context.Context) { invoked <- struct{}{}; <-release })
	defer close(release)
	m := startQueue(t, QueueOptions{Queues: s, Function: f})
	send(t, s, "a")
	<-invoked
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := m.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close: got %v, want the end of its context", err)
	}
	wantDepth(t, s, "work", sqs.Depth{InFlight: 1})
}

func TestFaultsOfAQueue(t *testing.T) {
	tests := []struct {
		name   string
		faults Faults
		want   string
	}{
		{"twice", Faults{Duplicate: 1}, "a a b b"},
		{"late", Faults{Delay: 1, MaxDelay: time.Millisecond}, "a b"},
		{"out of order", Faults{Reorder: 1, MaxDelay: time.Minute}, "b a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := queues(t, sqs.Options{})
			var mu sync.Mutex
			var got []string
			f := function(t, func(e events.SQSEvent) {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, bodies(e)...)
			})
			send(t, s, "a", "b")
			startQueue(t, QueueOptions{Queues: s, Function: f, Pollers: 1, Faults: tt.faults})
			wantDepth(t, s, "work", sqs.Depth{})
			mu.Lock()
			defer mu.Unlock()
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestStartQueueRefusesWhatCannotWork(t *testing.T) {
	s := queues(t, sqs.Options{})
	f := function(t, func() {})
	for name, o := range map[string]QueueOptions{
		"nothing":          {},
		"an unknown queue": {Queues: s, Queue: "gone", Function: f},
		"a large batch":    {Queues: s, Queue: "work", Function: f, BatchSize: 11},
	} {
		if m, err := StartQueue(o); err == nil {
			closeMapping(t, m)
			t.Errorf("%s: got no error", name)
		}
	}
}

func FuzzFailedItems(f *testing.F) {
	for _, answer := range []string{
		``, `null`, `{}`, `"ok"`, `{"batchItemFailures":null}`, `{"batchItemFailures":[{"itemIdentifier":"a"}]}`,
	} {
		f.Add([]byte(answer))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		failed, err := failedItems(answer)
		if err != nil && !errors.Is(err, errMalformed) {
			t.Errorf("got %v, want %v", err, errMalformed)
		}
		if failed[""] {
			t.Error("got an item without a name")
		}
	})
}
