package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	localsqs "github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/s3"
)

func (w *world) say(format string, args ...any) {
	if w.tell {
		fmt.Printf("%s  %s\n", w.clock().Format("15:04:05"), fmt.Sprintf(format, args...))
	}
}

// sendEvents gives S3's events that are due to the queue.
func (w *world) sendEvents() {
	w.mu.Lock()
	var due, rest []event
	for _, e := range w.later {
		if e.at.After(w.now) {
			rest = append(rest, e)
		} else {
			due = append(due, e)
		}
	}
	w.later = rest
	w.mu.Unlock()
	for _, e := range due {
		owner, id, err := s3.ParseOriginalKey(e.key)
		if err != nil {
			w.t.Fatal(err)
		}
		body, err := s3.Requeue{Bucket: w.bucket.Uploads}.Body(owner, id)
		if err == nil {
			_, err = w.queues.Send("process", body, 0)
		}
		if err != nil {
			w.t.Fatal(err)
		}
		w.say("S3 tells of %s", id)
	}
}

// deliver takes a message from the queue, if there is one, to a worker.
func (w *world) deliver() bool {
	messages, err := w.queues.Receive(w.t.Context(), "process", localsqs.ReceiveOptions{Max: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	if len(messages) == 0 {
		return false
	}
	m, h := messages[0], w.process
	id, before := w.subject(m.Body)
	w.start("process "+m.ID[:8], gallery.ProcessTimeout, func(ctx context.Context) {
		answer := invoke(ctx, h.Handle, events.SQSEvent{Records: []events.SQSMessage{{MessageId: m.ID, Body: m.Body}}})
		var res events.SQSEventResponse
		if answer != nil && json.Unmarshal(answer, &res) == nil && len(res.BatchItemFailures) == 0 {
			w.checkAcknowledged(ctx, id, before)
			_ = w.queues.Delete("process", m.Receipt) // one whose visibility is over comes again
		}
	})
	return true
}

// subject is the image that a message is about, and how many versions of it there are.
func (w *world) subject(body string) (gallery.ID, int) {
	all, err := s3.DecodeEvent(body)
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%s: %v", body, err)
	}
	return all[0].ID, len(w.history.versions[all[0].ID])
}

// shard is how far a user's part of the stream has been read, and taken.
type shard struct {
	records []json.RawMessage
	numbers []string
	busy    bool
}

// readStream fetches what is new in the table's stream. Who wrote it, if somebody did, is the one who was let act last.
func (w *world) readStream(writer *actor) {
	ctx := w.t.Context()
	if w.stream == nil {
		w.stream = w.openStream(ctx)
	}
	// The wire form of a record is what Lambda shows to a function.
	req := httptest.NewRequest(http.MethodPost, "http://tables", strings.NewReader(`{"ShardIterator":"`+*w.stream+`"}`))
	req.Header.Set("X-Amz-Target", "DynamoDBStreams_20120810.GetRecords")
	res := httptest.NewRecorder()
	w.network.engines["tables"].ServeHTTP(res, req)
	var out struct {
		NextShardIterator *string
		Records           []json.RawMessage
	}
	if err := json.Unmarshal(res.Body.Bytes(), &out); err != nil || out.NextShardIterator == nil {
		w.t.Fatalf("%s: %v", res.Body, err)
	}
	w.stream = out.NextShardIterator
	for _, b := range out.Records {
		var r events.DynamoDBEventRecord
		if err := json.Unmarshal(b, &r); err != nil {
			w.t.Fatal(err)
		}
		if r.EventName == string(events.DynamoDBOperationTypeRemove) {
			continue
		}
		i, err := dynamodb.Decode(r)
		if err != nil {
			w.t.Fatal(err)
		}
		w.remember(i, writer)
		u := w.user(i.Owner)
		u.shard.records = append(u.shard.records, b)
		u.shard.numbers = append(u.shard.numbers, r.Change.SequenceNumber)
	}
}

func (w *world) openStream(ctx context.Context) *string {
	streams, err := w.raw.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: &w.tables.Images})
	if err != nil {
		w.t.Fatal(err)
	}
	arn := streams.Streams[0].StreamArn
	described, err := w.raw.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn})
	if err != nil {
		w.t.Fatal(err)
	}
	iterator, err := w.raw.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
		StreamArn: arn, ShardId: described.StreamDescription.Shards[0].ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return iterator.ShardIterator
}

// publishSome takes the next records of a user's shard to the publisher. Records that it has taken come again now and then,
// and to two of it at once.
func (w *world) publishSome(u *user) bool {
	s := &u.shard
	twice := !w.kind && w.rand.IntN(8) == 0
	if len(s.records) == 0 || s.busy && !twice {
		return false
	}
	n := min(len(s.records), 1+w.rand.IntN(6))
	batch, numbers := s.records[:n:n], s.numbers[:n:n]
	mine := !s.busy
	s.busy = true
	w.start(fmt.Sprintf("publish %s+%d", numbers[0][max(0, len(numbers[0])-6):], n), time.Minute, func(ctx context.Context) {
		answer := invoke(ctx, w.publish.Handle, map[string]any{"Records": batch})
		if !mine {
			return
		}
		s.busy = false
		var res events.DynamoDBEventResponse
		if answer == nil || json.Unmarshal(answer, &res) != nil || twice {
			return // all of it comes again
		}
		taken := n
		for _, f := range res.BatchItemFailures {
			for at, number := range numbers {
				if number == f.ItemIdentifier {
					taken = min(taken, at)
				}
			}
		}
		s.records, s.numbers = s.records[taken:], s.numbers[taken:]
	})
	return true
}

func (w *world) sweepOnce() {
	w.swept = w.clock()
	w.start("sweep", time.Minute, func(ctx context.Context) { invoke(ctx, w.sweep.Handle, sweep.Event{}) })
}
