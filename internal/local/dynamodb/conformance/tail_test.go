package conformance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
)

// tail reads the stream of a table as it grows.
type tail struct {
	cloud  *cloud
	arn    string
	shards []*shardTail
}

type shardTail struct {
	id, iterator string
	sequence     string // of the last record read
	reads        int
}

// openTail begins where the stream is now.
func (c *cloud) openTail(t *testing.T, table string) *tail {
	t.Helper()
	stream := c.stream(t, table)
	tail := &tail{cloud: c, arn: *stream.StreamArn}
	for _, s := range stream.Shards {
		shard := &shardTail{id: *s.ShardId}
		if err := tail.place(t.Context(), shard, "TRIM_HORIZON"); err != nil {
			t.Fatal(err)
		}
		tail.shards = append(tail.shards, shard)
	}
	return tail
}

func (t *tail) ask(ctx context.Context, operation string, body object) (answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	a, err := t.cloud.post(ctx, streamService+operation, raw)
	if err == nil && a.kind != "" {
		err = fmt.Errorf("%s: %s", operation, a)
	}
	return a, err
}

func (t *tail) place(ctx context.Context, s *shardTail, kind string) error {
	body := object{"StreamArn": t.arn, "ShardId": s.id, "ShardIteratorType": kind}
	if s.sequence != "" {
		body["SequenceNumber"] = s.sequence
	}
	a, err := t.ask(ctx, "GetShardIterator", body)
	s.iterator, _ = a.body["ShardIterator"].(string)
	return err
}

// read reads all that is new, as the records of each item by its key.
func (t *tail) read(ctx context.Context) (map[string][]string, error) {
	told := map[string][]string{}
	for _, s := range t.shards {
		if s.reads++; s.reads%3 == 0 && s.sequence != "" { // the iterator of the last read, or a new one at the same place
			if err := t.place(ctx, s, "AFTER_SEQUENCE_NUMBER"); err != nil {
				return nil, err
			}
		}
		for more := true; more; {
			a, err := t.ask(ctx, "GetRecords", object{"ShardIterator": s.iterator, "Limit": 7})
			if err != nil {
				return nil, err
			}
			records, _ := a.body["Records"].([]any)
			for _, r := range records {
				t.tell(told, s, r)
			}
			more = len(records) > 0
			s.iterator, _ = a.body["NextShardIterator"].(string)
		}
	}
	return told, nil
}

func (t *tail) tell(told map[string][]string, s *shardTail, record any) {
	r, _ := record.(object)
	body, _ := r["dynamodb"].(object)
	s.sequence, _ = body["SequenceNumber"].(string)
	before, after := text(normal(body["OldImage"])), text(normal(body["NewImage"]))
	if t.cloud.faults.tellsNothing && string(before) == string(after) {
		return
	}
	key := string(text(body["Keys"]))
	told[key] = append(told[key], fmt.Sprintf("%v %s -> %s", r["eventName"], before, after))
}
