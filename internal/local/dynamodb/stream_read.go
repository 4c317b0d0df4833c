package dynamodb

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
)

// Limits of reading streams.
const (
	maxRecords   = 1000
	maxStreams   = 100
	iteratorLife = 15 * time.Minute
)

type listStreamsRequest struct {
	TableName               *string
	Limit                   *int
	ExclusiveStartStreamArn string
}

type listStreamsAnswer struct {
	Streams                []listedStream
	LastEvaluatedStreamArn string `json:",omitempty"`
}

type listedStream struct {
	StreamArn   string
	StreamLabel string
	TableName   string
}

func (e *Engine) listStreams(_ context.Context, in *listStreamsRequest) (*listStreamsAnswer, error) {
	limit, err := within(in.Limit, maxStreams)
	if err != nil {
		return nil, err
	}
	streams := e.catalogue.Load().streams
	answer := &listStreamsAnswer{Streams: []listedStream{}}
	for _, arn := range slices.Sorted(maps.Keys(streams)) {
		s := streams[arn]
		if arn <= in.ExclusiveStartStreamArn || in.TableName != nil && *in.TableName != s.Table {
			continue
		}
		if len(answer.Streams) == limit {
			answer.LastEvaluatedStreamArn = answer.Streams[limit-1].StreamArn
			break
		}
		answer.Streams = append(answer.Streams, listedStream{arn, s.Label, s.Table})
	}
	return answer, nil
}

// within is a Limit, which may be absent, held between 1 and most.
func within(limit *int, most int) (int, *apiError) {
	switch {
	case limit == nil:
		return most, nil
	case *limit < 1:
		return 0, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: "+
			"Member must have value greater than or equal to 1", *limit)
	case *limit > most:
		return 0, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: "+
			"Member must have value less than or equal to %d", *limit, most)
	}
	return *limit, nil
}

type describeStreamRequest struct {
	StreamArn             *string
	ExclusiveStartShardId string
}

type streamDescription struct {
	StreamArn               string
	StreamLabel             string
	StreamStatus            string
	StreamViewType          string
	CreationRequestDateTime float64
	TableName               string
	KeySchema               []keySchemaElement
	Shards                  []shardDescription
}

type shardDescription struct {
	ShardId             string
	SequenceNumberRange sequenceRange
}

type sequenceRange struct {
	StartingSequenceNumber string
	EndingSequenceNumber   string `json:",omitempty"`
}

func (e *Engine) describeStream(
	_ context.Context, in *describeStreamRequest,
) (*struct{ StreamDescription streamDescription }, error) {
	s, err := e.stream(in.StreamArn)
	if err != nil {
		return nil, err
	}
	shown := streamDescription{
		StreamArn: s.arn(), StreamLabel: s.Label, StreamStatus: "ENABLED", StreamViewType: s.ViewType,
		CreationRequestDateTime: epoch(s.Created), TableName: s.Table, KeySchema: s.Keys.schema(),
		Shards: []shardDescription{},
	}
	shard := shardDescription{s.shardID(), sequenceRange{StartingSequenceNumber: sequenceText(1)}}
	if !s.Closed.IsZero() {
		shown.StreamStatus = "DISABLED"
		if err := e.db.View(func(tx *bbolt.Tx) error {
			records, err := s.records(tx)
			if err == nil {
				shard.SequenceNumberRange.EndingSequenceNumber = sequenceText(max(1, records.Sequence()))
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	if in.ExclusiveStartShardId < shard.ShardId {
		shown.Shards = append(shown.Shards, shard)
	}
	return &struct{ StreamDescription streamDescription }{shown}, nil
}

func (e *Engine) stream(given *string) (*stream, error) {
	if given == nil {
		return nil, constraint("null", "streamArn", "not be null")
	}
	arn := *given
	if s, ok := e.catalogue.Load().streams[arn]; ok {
		return s, nil
	}
	return nil, noStream(arn)
}

func noStream(arn string) *apiError {
	return refused("ResourceNotFoundException", "Requested resource not found: Stream: %s not found", arn)
}

// records is the stream's bucket, which goes when the stream does.
func (s *stream) records(tx *bbolt.Tx) (*bbolt.Bucket, error) {
	if b := tx.Bucket(streamBucket(s.ID)); b != nil {
		return b, nil
	}
	return nil, noStream(s.arn())
}

type shardIteratorRequest struct {
	StreamArn         *string
	ShardId           *string
	ShardIteratorType string
	SequenceNumber    *string
}

func (e *Engine) getShardIterator(
	_ context.Context, in *shardIteratorRequest,
) (*struct{ ShardIterator string }, error) {
	s, err := e.stream(in.StreamArn)
	if err != nil {
		return nil, err
	}
	if in.ShardId == nil {
		return nil, constraint("null", "shardId", "not be null")
	}
	if *in.ShardId != s.shardID() {
		return nil, refused("ResourceNotFoundException", "Requested resource not found: Shard does not exist")
	}
	it := iterator{Stream: s.arn(), Issued: e.now()}
	if err := e.db.View(func(tx *bbolt.Tx) error {
		records, err := s.records(tx)
		if err != nil {
			return err
		}
		if invalid := it.place(records, in); invalid != nil {
			return invalid
		}
		return nil
	}); err != nil {
		return nil, err
	}
	return &struct{ ShardIterator string }{it.String()}, nil
}

// iterator is a position in a stream, given to clients as text that they hand back.
type iterator struct {
	Stream string
	Next   uint64 // the first record to read; 0 is the oldest there is
	Issued time.Time
}

// String is the stream's ARN, a version, and the iterator itself, as AWS's look.
func (it iterator) String() string {
	raw, _ := json.Marshal(it) // nothing in it can fail
	return it.Stream + "|1|" + base64.RawURLEncoding.EncodeToString(raw)
}

func parseIterator(text string) (iterator, *apiError) {
	var it iterator
	raw, err := base64.RawURLEncoding.DecodeString(text[strings.LastIndexByte(text, '|')+1:])
	if err != nil || json.Unmarshal(raw, &it) != nil || it.Stream == "" {
		return it, invalid("Invalid ShardIterator")
	}
	return it, nil
}

func (it *iterator) place(records *bbolt.Bucket, in *shardIteratorRequest) *apiError {
	err := checkEnum("shardIteratorType", in.ShardIteratorType,
		"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON")
	switch {
	case err != nil:
		return err
	case in.ShardIteratorType == "":
		return constraint("null", "shardIteratorType", "not be null")
	case in.ShardIteratorType == "TRIM_HORIZON":
		return nil
	case in.ShardIteratorType == "LATEST":
		it.Next = records.Sequence() + 1
		return nil
	case in.SequenceNumber == nil:
		return invalid("SequenceNumber is required for ShardIteratorType %s", in.ShardIteratorType)
	}
	n, ok := parseSequence(*in.SequenceNumber)
	if !ok || n > records.Sequence() {
		return invalid("Invalid SequenceNumber")
	}
	if n < oldest(records) {
		return trimmed()
	}
	it.Next = n
	if in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER" {
		it.Next++
	}
	return nil
}

// oldest is the first sequence number that has not been trimmed.
func oldest(records *bbolt.Bucket) uint64 {
	if key, _ := records.Cursor().First(); key != nil {
		return binary.BigEndian.Uint64(key)
	}
	return records.Sequence() + 1
}

func trimmed() *apiError {
	return refused("TrimmedDataAccessException", "The operation attempted to read past the oldest stream record "+
		"in a shard.")
}
