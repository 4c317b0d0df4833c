package eventsource

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

const (
	maxStreamBatch = 1000           // records that one read can yield
	retention      = 24 * time.Hour // how long a stream keeps a record
	wokenPoll      = time.Second    // between reads of an idle shard that has a Wake
	blindPoll      = 50 * time.Millisecond
	rescanEvery    = 30 * time.Second // for new shards, beside those that follow closed ones
)

// StreamOptions connect the stream of a table to a function.
type StreamOptions struct {
	// Name tells mappings apart in Checkpoints and in the log.
	Name   string
	Client *dynamodbstreams.Client
	// Table is the table whose stream is read, from its oldest record on. It
	// need not exist yet.
	Table    string
	Function Invoker
	// BatchSize is how many records a function gets at once, at most 1000; a
	// batch is also bounded by the 6 MB of a payload. Zero: 100.
	BatchSize int
	// EventNames are the changes to deliver: INSERT, MODIFY, REMOVE. None: all.
	EventNames []string
	// ReportBatchItemFailures reads from the function's answer which records it
	// did not take, by sequence number: the batch is delivered again from the
	// lowest on.
	ReportBatchItemFailures bool
	// BisectOnError halves a batch that made the function fail.
	BisectOnError bool
	// MaxAttempts is how often a batch is tried before it is given up, halvings
	// not counted. Zero: until MaxAge.
	MaxAttempts int
	// MaxAge is how old a record may be to be delivered. Zero: 24 hours.
	MaxAge time.Duration
	// Checkpoints remember what is done with, after it is: what was under way
	// at a crash comes again.
	Checkpoints *Checkpoints
	// Wake signals that there may be new records. With it an idle shard is read
	// once a second; without it twenty times.
	Wake   <-chan struct{}
	Faults Faults
	// Now is the clock that ages are told by. Nil: time.Now.
	Now func() time.Time
	// Log hears of batches that were not taken or were given up. Nil: nobody.
	Log *slog.Logger
}

// stream is a running StreamOptions.
type stream struct {
	StreamOptions
	poll        time.Duration
	arn, region string
	dice        *dice
	bell        *bell
}

// StartStream carries the changes of a table to a function until the mapping is
// closed: each shard by itself, in its order, and a shard after its parent.
func StartStream(o StreamOptions) (*Mapping, error) {
	if o.Name == "" || o.Client == nil || o.Table == "" || o.Function == nil || o.Checkpoints == nil {
		return nil, errors.New("map a stream: a name, client, table, function and checkpoints are required")
	}
	if o.BatchSize < 0 || o.BatchSize > maxStreamBatch || o.MaxAttempts < 0 || o.MaxAge < 0 {
		return nil, fmt.Errorf("map the stream of %s: batch size %d, attempts %d or age %v out of range",
			o.Table, o.BatchSize, o.MaxAttempts, o.MaxAge)
	}
	if o.BatchSize == 0 {
		o.BatchSize = 100
	}
	if o.MaxAge == 0 {
		o.MaxAge = retention
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &stream{StreamOptions: o, poll: wokenPoll, dice: newDice(o.Faults), bell: newBell()}
	if o.Wake == nil {
		s.poll = blindPoll
	}
	return begin(s.run), nil
}

// run finds the stream and reads its shards, of which it is told when they end.
func (s *stream) run(poll, invoke context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	if s.Wake != nil {
		wg.Go(func() { s.bell.forward(poll, s.Wake) })
	}
	if !s.find(poll) {
		return
	}
	running := map[string]bool{}
	ended := make(chan string)
	for failures := 0; ; {
		ready, err := s.readyShards(poll, running)
		if err != nil && poll.Err() == nil {
			s.Log.Error("stream cannot be described", "mapping", s.Name, "error", err)
			if pause(poll, failures) {
				failures++
				continue
			}
		}
		failures = 0
		for _, id := range ready {
			running[id] = true
			wg.Go(func() {
				(&shard{stream: s, id: id, key: shardKey(s.arn, id)}).run(poll, invoke)
				select {
				case ended <- id:
				case <-poll.Done():
				}
			})
		}
		select {
		case id := <-ended:
			delete(running, id)
		case <-time.After(rescanEvery):
		case <-poll.Done():
			return
		}
	}
}

// find waits for the table to have a stream.
func (s *stream) find(ctx context.Context) bool {
	for failures := 0; ; failures++ {
		out, err := s.Client.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: aws.String(s.Table)})
		if err == nil && len(out.Streams) > 0 {
			// A stream that was switched off is listed for a day: the latest counts.
			latest := slices.MaxFunc(out.Streams, func(a, b types.Stream) int {
				return strings.Compare(aws.ToString(a.StreamLabel), aws.ToString(b.StreamLabel))
			})
			s.arn = aws.ToString(latest.StreamArn)
			s.region = regionOf(s.arn)
			return true
		}
		if err != nil && ctx.Err() == nil && failures > 3 {
			s.Log.Warn("stream not found yet", "mapping", s.Name, "table", s.Table, "error", err)
		}
		if !pause(ctx, min(failures, 4)) {
			return false
		}
	}
}

// regionOf reads the region out of an ARN.
func regionOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > 3 {
		return parts[3]
	}
	return ""
}

// readyShards lists the shards that can be read and are not being read: those
// not finished, whose parent is finished, or gone.
func (s *stream) readyShards(ctx context.Context, running map[string]bool) ([]string, error) {
	shards, err := s.shards(ctx)
	if err != nil {
		return nil, err
	}
	finished, known := map[string]bool{}, map[string]bool{}
	for _, sh := range shards {
		id := aws.ToString(sh.ShardId)
		p, err := s.Checkpoints.get(s.Name, shardKey(s.arn, id))
		if err != nil {
			return nil, err
		}
		finished[id], known[shardKey(s.arn, id)] = p.Finished, true
	}
	if err := s.Checkpoints.keep(s.Name, known); err != nil {
		return nil, err
	}
	var ready []string
	for _, sh := range shards {
		id, parent := aws.ToString(sh.ShardId), aws.ToString(sh.ParentShardId)
		parentDone, parentListed := finished[parent]
		if !running[id] && !finished[id] && (parentDone || !parentListed) {
			ready = append(ready, id)
		}
	}
	return ready, nil
}

func (s *stream) shards(ctx context.Context) (shards []types.Shard, err error) {
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: aws.String(s.arn)}
	for {
		out, err := s.Client.DescribeStream(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("describe stream %s: %w", s.arn, err)
		}
		if out.StreamDescription == nil {
			return nil, fmt.Errorf("describe stream %s: the answer is empty", s.arn)
		}
		shards = append(shards, out.StreamDescription.Shards...)
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			return shards, nil
		}
	}
}
