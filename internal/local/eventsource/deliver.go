package eventsource

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/internal/local/lambda"
)

// payloadBytes bounds the records of a batch; the difference is their frame.
const payloadBytes = lambda.MaxPayload - 1024

// errPartly tells that the function took a batch up to some record.
var errPartly = errors.New("the function took only a part")

// deliver hands changes to the function in order, and checkpoints each batch
// that it took. What it did not take is tried again, until it does, or is given
// up for its age or the number of attempts; what follows waits. deliver returns
// false if it was ended before it was through.
func (s *shard) deliver(poll, invoke context.Context, changes []change) bool {
	size, attempts, failures := s.BatchSize, 0, 0
	for len(changes) > 0 {
		if poll.Err() != nil {
			return false
		}
		if n := s.expired(changes); n > 0 {
			s.giveUp(changes[:n], errors.New("the records are too old"))
			changes = changes[n:]
			continue
		}
		n := fit(changes, size)
		took, err := s.offer(invoke, changes[:n])
		if took > 0 {
			s.checkpoint(position{Sequence: changes[took-1].sequence})
			changes, attempts, failures = changes[took:], 0, 0
		}
		if err == nil {
			size = s.BatchSize
			continue
		}
		if invoke.Err() != nil {
			return false
		}
		n -= took
		s.Log.Warn("batch of changes not taken", "mapping", s.Name, "shard", s.id,
			"from", changes[0].sequence, "records", n, "error", err)
		if s.BisectOnError && n > 1 && took == 0 {
			size = (n + 1) / 2
		} else if attempts++; s.MaxAttempts > 0 && attempts >= s.MaxAttempts {
			s.giveUp(changes[:n], err)
			changes, attempts, failures, size = changes[n:], 0, 0, s.BatchSize
			continue
		}
		if !pause(poll, failures) {
			return false
		}
		failures++
	}
	return true
}

// expired counts the changes at the head that are too old to deliver.
func (s *shard) expired(changes []change) (n int) {
	oldest := s.Now().Add(-s.MaxAge)
	for n < len(changes) && changes[n].created.Before(oldest) {
		n++
	}
	return n
}

// giveUp passes over changes for good.
func (s *shard) giveUp(changes []change, why error) {
	last := changes[len(changes)-1].sequence
	s.Log.Error("changes given up", "mapping", s.Name, "shard", s.id,
		"from", changes[0].sequence, "to", last, "records", len(changes), "error", why)
	s.checkpoint(position{Sequence: last})
}

// fit tells how many changes make a batch: at most size, as many as a payload
// holds, and one at least.
func fit(changes []change, size int) int {
	total := 0
	for n, c := range changes {
		total += len(c.json) + len(",")
		if n == size || n > 0 && total > payloadBytes {
			return n
		}
	}
	return len(changes)
}

// offer invokes the function on a batch and tells how many of its changes, from
// the first on, are taken; with an error if that is not all.
func (s *shard) offer(ctx context.Context, batch []change) (took int, err error) {
	if d := s.dice.delay(); d > 0 && !sleep(ctx, d) {
		return 0, ctx.Err()
	}
	took, err = s.invoke(ctx, batch)
	if s.dice.roll(s.Faults.Duplicate) {
		took, err = s.invoke(ctx, batch)
	}
	return took, err
}

func (s *shard) invoke(ctx context.Context, batch []change) (int, error) {
	response, err := s.Function.Invoke(ctx, event(batch))
	if err != nil {
		return 0, err
	}
	if !s.ReportBatchItemFailures {
		return len(batch), nil
	}
	failed, err := failedItems(response)
	if err != nil {
		return 0, err
	}
	for i, c := range batch {
		if failed[c.sequence] {
			return i, fmt.Errorf("%w: up to record %s", errPartly, c.sequence)
		}
	}
	if len(failed) > 0 {
		return 0, fmt.Errorf("%w: a failure names a record that is not in the batch", errMalformed)
	}
	return len(batch), nil
}

// event is the payload of a batch.
func event(batch []change) []byte {
	records := make([][]byte, 0, len(batch))
	for _, c := range batch {
		records = append(records, c.json)
	}
	return bytes.Join([][]byte{[]byte(`{"Records":[`), bytes.Join(records, []byte(",")), []byte(`]}`)}, nil)
}
