package eventsource

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// shard is one shard of a stream, being read.
type shard struct {
	*stream
	id, key string
}

// run reads the shard to its end, which it may not have, or until poll ends.
func (s *shard) run(poll, invoke context.Context) {
	var iterator *string
	for failures := 0; poll.Err() == nil; {
		rung := s.bell.next()
		records, next, err := s.read(poll, iterator)
		if err != nil {
			if poll.Err() == nil {
				s.Log.Warn("shard cannot be read, will be tried again", "mapping", s.Name, "shard", s.id, "error", err)
				pause(poll, failures)
			}
			if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone && failures > 2 {
				return
			}
			iterator, failures = nil, failures+1
			continue
		}
		iterator, failures = next, 0
		if !s.process(poll, invoke, records) {
			return
		}
		if next == nil {
			s.checkpoint(position{Finished: true})
			return
		}
		if len(records) == 0 {
			idle(poll, rung, s.poll)
		}
	}
}

// idle waits for a ring, or for d, or until ctx ends.
func idle(ctx context.Context, rung <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-rung:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// read reads from an iterator, or from the checkpoint if there is none. A nil
// iterator in return means that the shard is closed and read to its end.
func (s *shard) read(ctx context.Context, iterator *string) ([]types.Record, *string, error) {
	if iterator == nil {
		var err error
		if iterator, err = s.resume(ctx); err != nil {
			return nil, nil, err
		}
	}
	out, err := s.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{
		ShardIterator: iterator, Limit: aws.Int32(maxStreamBatch),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("get records of shard %s: %w", s.id, err)
	}
	return out.Records, out.NextShardIterator, nil
}

// resume makes an iterator that begins after the checkpoint, or at the oldest
// record where there is none, or where what follows it is already trimmed.
func (s *shard) resume(ctx context.Context) (*string, error) {
	p, err := s.Checkpoints.get(s.Name, s.key)
	if err != nil {
		return nil, err
	}
	in := &dynamodbstreams.GetShardIteratorInput{
		StreamArn: aws.String(s.arn), ShardId: aws.String(s.id), ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
	}
	if p.Sequence != "" {
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, aws.String(p.Sequence)
	}
	out, err := s.Client.GetShardIterator(ctx, in)
	if _, trimmed := errors.AsType[*types.TrimmedDataAccessException](err); trimmed {
		s.Log.Error("records were trimmed before they were delivered", "mapping", s.Name, "shard", s.id, "after", p.Sequence)
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeTrimHorizon, nil
		out, err = s.Client.GetShardIterator(ctx, in)
	}
	if err != nil {
		return nil, fmt.Errorf("get an iterator of shard %s: %w", s.id, err)
	}
	return out.ShardIterator, nil
}

// process delivers the records that are asked for and checkpoints all of them.
// It returns false if it was ended before.
func (s *shard) process(poll, invoke context.Context, records []types.Record) bool {
	if len(records) == 0 {
		return true
	}
	var changes []change
	last := ""
	for _, r := range records {
		c, err := newChange(r, s.arn, s.region)
		if err != nil {
			s.Log.Error("malformed record skipped", "mapping", s.Name, "shard", s.id, "error", err)
			continue
		}
		last = c.sequence
		if len(s.EventNames) == 0 || slices.Contains(s.EventNames, string(r.EventName)) {
			changes = append(changes, c)
		}
	}
	if !s.deliver(poll, invoke, changes) {
		return false
	}
	if last != "" && (len(changes) == 0 || changes[len(changes)-1].sequence != last) {
		s.checkpoint(position{Sequence: last})
	}
	return true
}

// checkpoint makes a position durable. If it cannot, what follows the last one
// that could comes again after a restart.
func (s *shard) checkpoint(p position) {
	if err := s.Checkpoints.put(s.Name, s.key, p); err != nil {
		s.Log.Error("checkpoint not written", "mapping", s.Name, "shard", s.id, "error", err)
	}
}
