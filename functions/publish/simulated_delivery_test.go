package publish_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/internal/appsync"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func staticKeys(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "key", SecretAccessKey: "secret"}, nil
}

// shard is a part of the stream. It keeps the order of each image's records, and an owner's images lie in several.
type shard struct {
	records []string
	batch   int         // records in one invocation, at most
	next    int         // the first record that is not done with
	half    int         // how many to try after a batch was split; 0: all
	poller  *invocation // the one whose answer counts; nil where there is none
}

func (s *shard) append(record func(seq int) string) {
	s.records = append(s.records, record(len(s.records)))
}

// invocation is one run of the handler.
type invocation struct {
	number   int
	shard    *shard // whose poller it is or was
	from, to int    // its records
	kill     context.CancelCauseFunc
	dead     bool // by die: nothing that it asks for happens any more
	cut      bool // from the tables: its calls are lost, or their answers
	answer   chan response
}

// underWay is the key by which a call's context knows its invocation.
type underWay struct{}

type response struct {
	failures []events.DynamoDBBatchItemFailure
	err      error
}

var errKilled = errors.New("killed")

// poll starts the invocation that a shard's records ask for.
func (w *world) poll(s *shard) {
	if s.poller != nil || s.next == len(s.records) {
		return
	}
	size := min(s.batch, len(s.records)-s.next)
	if s.half > 0 {
		size = min(size, s.half)
	}
	s.poller = w.invoke(s, s.next, s.next+size)
}

// deliverAgain starts an invocation whose answer nobody waits for, with records that were delivered before: a late retry,
// or an operator's replay. Where there is disorder, also with such as were not.
func (w *world) deliverAgain(s *shard) {
	known := s.next
	if w.weather.disorder {
		known = len(s.records)
	}
	if known == 0 || len(w.running) > 12 {
		return
	}
	from := w.rng.IntN(known)
	w.invoke(s, from, min(known, from+1+w.rng.IntN(s.batch)))
}

func (w *world) invoke(s *shard, from, to int) *invocation {
	w.started++
	i := &invocation{number: w.started, shard: s, from: from, to: to, answer: make(chan response, 1)}
	ctx, cancel := context.WithCancelCause(context.WithValue(context.Background(), underWay{}, i))
	i.kill = cancel
	h := publish.Handler{
		Feed: dynamodb.Feed{DB: dynamodb.Open(config(w.network)), Tables: w.feed.Tables},
		Announcer: appsync.Publisher{
			Endpoint: "http://appsync/graphql", Region: "us-east-1", Credentials: aws.CredentialsProviderFunc(staticKeys),
			HTTP: &http.Client{Transport: w.network}, Now: time.Now,
		},
		Now: func() time.Time { return noon },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	payload := []byte(`{"Records":[` + strings.Join(s.records[from:to], ",") + `]}`)
	go func() { i.answer <- invoke(ctx, h, payload) }()
	w.running = append(w.running, i)
	return i
}

// invoke calls a handler as Lambda does: JSON in, JSON out, a minute at most.
func invoke(ctx context.Context, h publish.Handler, payload []byte) response {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	answer, err := awslambda.NewHandler(h.Handle).Invoke(ctx, payload)
	var out events.DynamoDBEventResponse
	if err == nil {
		err = json.Unmarshal(answer, &out)
	}
	return response{failures: out.BatchItemFailures, err: err}
}

// die ends an invocation between two of its steps.
func (i *invocation) die() {
	i.dead = true
	i.kill(errKilled)
}

func (i *invocation) answered() bool { return len(i.answer) > 0 }

// settle moves the shard on, by the rules of a stream's event source: to the lowest failed record, or past the batch; one
// that broke is tried again, perhaps in halves.
func (i *invocation) settle(w *world) {
	r := <-i.answer
	i.kill(nil)
	s := i.shard
	if s.poller != i {
		return
	}
	s.poller = nil
	switch {
	case i.dead || r.err != nil:
		if s.half = 0; i.to-i.from > 1 && w.rng.IntN(2) == 0 {
			s.half = (i.to - i.from) / 2
		}
		return
	case len(r.failures) == 0:
		s.next, s.half = i.to, 0
		return
	}
	next := i.to
	for _, f := range r.failures {
		n, err := strconv.Atoi(f.ItemIdentifier)
		if err != nil || n < i.from || n >= i.to {
			w.t.Errorf("invocation of %d to %d reports %q as failed", i.from, i.to, f.ItemIdentifier)
			return
		}
		next = min(next, n)
	}
	s.next = next
}
