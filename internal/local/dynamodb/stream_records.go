package dynamodb

import (
	"context"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

type getRecordsRequest struct {
	ShardIterator *string
	Limit         *int
}

type getRecordsAnswer struct {
	Records           []shownRecord
	NextShardIterator *string `json:",omitempty"`
}

// getRecords reads from an iterator on, up to a number of records or of bytes. The end of a stream that was
// switched off has no next iterator.
func (e *Engine) getRecords(_ context.Context, in *getRecordsRequest) (*getRecordsAnswer, error) {
	limit, invalid := within(in.Limit, maxRecords)
	if invalid != nil {
		return nil, invalid
	}
	if in.ShardIterator == nil {
		return nil, constraint("null", "shardIterator", "not be null")
	}
	it, invalid := parseIterator(*in.ShardIterator)
	if invalid != nil {
		return nil, invalid
	}
	now := e.now()
	if now.Sub(it.Issued) > iteratorLife {
		return nil, refused("ExpiredIteratorException", "The provided iterator exceeds the maximum age allowed.")
	}
	s, err := e.stream(&it.Stream)
	if err != nil {
		return nil, err
	}
	answer := &getRecordsAnswer{Records: []shownRecord{}}
	next := iterator{Stream: it.Stream, Issued: now}
	atEnd := false
	err = e.view(func(tx *bbolt.Tx) error {
		records, err := s.records(tx)
		if err != nil {
			return err
		}
		if it.Next != 0 && it.Next < oldest(records) {
			return trimmed()
		}
		next.Next, err = s.read(records, it.Next, limit, answer)
		atEnd = next.Next > records.Sequence()
		return err
	})
	if err != nil {
		return nil, err
	}
	if s.Closed.IsZero() || !atEnd {
		text := next.String()
		answer.NextShardIterator = &text
	}
	return answer, nil
}

// read appends records to the answer and returns the number of the next to read.
func (s *stream) read(records *bbolt.Bucket, from uint64, limit int, answer *getRecordsAnswer) (uint64, error) {
	from = max(from, oldest(records))
	bytes := 0
	cursor := records.Cursor()
	for key, stored := cursor.Seek(number64(from)); key != nil; key, stored = cursor.Next() {
		if len(answer.Records) == limit || bytes >= maxPage {
			break
		}
		sequence := binary.BigEndian.Uint64(key)
		record, err := decodeRecord(stored)
		if err != nil {
			return from, fmt.Errorf("stream of %s, record %d: %w", s.Table, sequence, err)
		}
		shown := s.shown(sequence, record)
		bytes += shown.DynamoDB.SizeBytes
		answer.Records = append(answer.Records, shown)
		from = sequence + 1
	}
	return from, nil
}
