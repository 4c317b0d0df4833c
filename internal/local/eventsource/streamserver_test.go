package eventsource

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
)

const streamARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/images/stream/2026-03-04T05:06:07.008"

// streamServer speaks the DynamoDB Streams protocol for one stream whose shards
// a test fills, closes and trims.
type streamServer struct {
	mu     sync.Mutex
	shards []*streamShard
	next   int // sequence number
	calls  atomic.Int64
	// breakAt is the number of the one call that is answered with an error.
	breakAt atomic.Int64
}

type streamShard struct {
	id, parent string
	records    []map[string]any
	trimmed    int // records gone from the front
	closed     bool
}

// newStreamServer serves a stream with one shard, "shard-1".
func newStreamServer(t *testing.T) (*streamServer, *dynamodbstreams.Client) {
	t.Helper()
	s := &streamServer{shards: []*streamShard{{id: "shard-1"}}, next: 100}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, dynamodbstreams.New(dynamodbstreams.Options{
		BaseEndpoint: aws.String(server.URL), Region: "eu-west-1", RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
}

// add appends a record for each key to a shard.
func (s *streamServer) add(shard int, created time.Time, event string, keys ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		s.next++
		s.shards[shard].records = append(s.shards[shard].records, map[string]any{
			"eventID": "event-" + key, "eventName": event, "eventVersion": "1.1",
			"eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
			"dynamodb": map[string]any{
				"ApproximateCreationDateTime": float64(created.Unix()),
				"Keys":                        map[string]any{"id": map[string]any{"S": key}},
				"SequenceNumber":              strconv.Itoa(s.next), "SizeBytes": 10, "StreamViewType": "NEW_IMAGE",
			},
		})
	}
}

// change lets a test alter the shards.
func (s *streamServer) change(alter func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	alter()
}

func (s *streamServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.calls.Add(1) == s.breakAt.Load() {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var in struct{ ShardId, ShardIteratorType, SequenceNumber, ShardIterator string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		s.refuse(w, "ValidationException")
		return
	}
	var out any
	switch strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "DynamoDBStreams_20120810.") {
	case "ListStreams":
		out = map[string]any{"Streams": []any{
			map[string]string{"StreamArn": "arn:of:an:older:one", "StreamLabel": "2025-01-01T00:00:00.000", "TableName": "images"},
			map[string]string{"StreamArn": streamARN, "StreamLabel": "2026-03-04T05:06:07.008", "TableName": "images"},
		}}
	case "DescribeStream":
		out = map[string]any{"StreamDescription": map[string]any{"StreamArn": streamARN, "Shards": s.list()}}
	case "GetShardIterator":
		at, ok := s.seek(in.ShardId, in.ShardIteratorType, in.SequenceNumber)
		if !ok {
			s.refuse(w, "TrimmedDataAccessException")
			return
		}
		out = map[string]string{"ShardIterator": fmt.Sprintf("%s/%d", in.ShardId, at)}
	case "GetRecords":
		out = s.records(in.ShardIterator)
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (s *streamServer) refuse(w http.ResponseWriter, code string) {
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.dynamodb.v20120810#" + code})
}

func (s *streamServer) list() (shards []map[string]string) {
	for _, sh := range s.shards {
		m := map[string]string{"ShardId": sh.id}
		if sh.parent != "" {
			m["ParentShardId"] = sh.parent
		}
		shards = append(shards, m)
	}
	return shards
}

func (s *streamServer) shard(id string) *streamShard {
	for _, sh := range s.shards {
		if sh.id == id {
			return sh
		}
	}
	return nil
}

// seek answers the index to begin at, or false if it is trimmed away.
func (s *streamServer) seek(id, kind, sequence string) (int, bool) {
	sh := s.shard(id)
	if kind == "TRIM_HORIZON" {
		return sh.trimmed, true
	}
	for i, r := range sh.records {
		if r["dynamodb"].(map[string]any)["SequenceNumber"] == sequence {
			return i + 1, i+1 >= sh.trimmed
		}
	}
	return 0, false
}

func (s *streamServer) records(iterator string) map[string]any {
	id, at, _ := strings.Cut(iterator, "/")
	from, _ := strconv.Atoi(at)
	sh := s.shard(id)
	out := map[string]any{"Records": sh.records[max(from, sh.trimmed):]}
	if !sh.closed {
		out["NextShardIterator"] = fmt.Sprintf("%s/%d", id, len(sh.records))
	}
	return out
}
