package conformance_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	st "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

func testStreamViews(s *section) {
	tests := []struct {
		view types.StreamViewType
		want string
	}{
		{types.StreamViewTypeNewAndOldImages, "INSERT p=1,s=a old - new n=1,p=1,s=a\n" +
			"MODIFY p=1,s=a old n=1,p=1,s=a new n=2,p=1,s=a\nREMOVE p=1,s=a old n=2,p=1,s=a new -"},
		{types.StreamViewTypeNewImage, "INSERT p=1,s=a old - new n=1,p=1,s=a\n" +
			"MODIFY p=1,s=a old - new n=2,p=1,s=a\nREMOVE p=1,s=a old - new -"},
		{types.StreamViewTypeOldImage, "INSERT p=1,s=a old - new -\n" +
			"MODIFY p=1,s=a old n=1,p=1,s=a new -\nREMOVE p=1,s=a old n=2,p=1,s=a new -"},
		{types.StreamViewTypeKeysOnly, "INSERT p=1,s=a old - new -\nMODIFY p=1,s=a old - new -\nREMOVE p=1,s=a old - new -"},
	}
	for _, test := range tests {
		s.run(string(test.view), func(t *testing.T) {
			table := s.table(t, "SS", withStream(test.view))
			key := row{"p": str("1"), "s": str("a")}
			s.put(t, table, patched(key, row{"n": num("1")}))
			if _, err := s.update(t, table, key, "ADD n :one", row{":one": num("1")}); err != nil {
				t.Fatal(err)
			}
			_, err := s.db.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: &table, Key: key})
			if err != nil {
				t.Fatal(err)
			}
			records := s.records(t, table)
			if got := told(records); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			for _, r := range records {
				if *r.EventSource != "aws:dynamodb" || *r.EventVersion != "1.1" || r.UserIdentity != nil ||
					string(r.Dynamodb.StreamViewType) != string(test.view) || r.EventID == nil {
					t.Errorf("got %+v of %+v", r, r.Dynamodb)
				}
			}
		})
	}
}

func testStreamSilence(s *section) {
	item := row{"p": str("1"), "s": str("a"), "n": num("1"), "ss": strs("x", "y")}
	key := row{"p": str("1"), "s": str("a")}
	update := func(expression string, values row) func(t *testing.T, table string) error {
		return func(t *testing.T, table string) error {
			_, err := s.update(t, table, key, expression, values)
			return err
		}
	}
	tests := []struct {
		name string
		do   func(t *testing.T, table string) error
	}{
		{"after a put of the same", func(t *testing.T, table string) error {
			s.put(t, table, item)
			return nil
		}},
		{"after a put of the same, spelt otherwise", func(t *testing.T, table string) error {
			s.put(t, table, patched(item, row{"n": num("1.0"), "ss": strs("y", "x")}))
			return nil
		}},
		{"after an update to the same", update("SET n = :v", row{":v": num("1")})},
		{"after an addition of what is there", update("ADD ss :v", row{":v": strs("x")})},
		{"after a removal of nothing", update("REMOVE absent", nil)},
		{"after a delete of nothing", func(t *testing.T, table string) error {
			_, err := s.db.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: &table, Key: patched(key, row{"s": str("b")})})
			return err
		}},
		{"after a transaction that changes nothing", func(t *testing.T, table string) error {
			return s.transact(t, "", types.TransactWriteItem{Put: &types.Put{TableName: &table, Item: item}})
		}},
		{"after a write that failed its condition", func(t *testing.T, table string) error {
			_, err := s.db.PutItem(t.Context(), &sdk.PutItemInput{
				TableName: &table, Item: key, ConditionExpression: aws.String("attribute_not_exists(p)"),
			})
			s.wantError(t, err, "ConditionalCheckFailedException", "")
			return nil
		}},
		{"after a transaction that was cancelled", func(t *testing.T, table string) error {
			err := s.transact(t, "", types.TransactWriteItem{Put: &types.Put{TableName: &table, Item: key}},
				types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
					TableName: &table, Key: patched(key, row{"s": str("b")}), ConditionExpression: aws.String("attribute_exists(p)"),
				}})
			s.wantError(t, err, "TransactionCanceledException", "")
			return nil
		}},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			table := s.table(t, "SS", withStream(types.StreamViewTypeNewAndOldImages))
			s.put(t, table, item)
			if err := test.do(t, table); err != nil {
				t.Fatal(err)
			}
			if got := s.records(t, table); len(got) != 1 {
				t.Errorf("got\n%s\nwant the INSERT alone", told(got))
			}
		})
	}
}

func testStreamIterators(s *section) {
	table := s.table(s.t, "SS", withStream(types.StreamViewTypeKeysOnly))
	at := func(sort string) row { return row{"p": str("1"), "s": str(sort)} }
	s.put(s.t, table, at("a"))
	arn, shard, first := s.shard(s.t, table)
	s.put(s.t, table, at("b"), at("c"))
	sequence := first.Dynamodb.SequenceNumber
	tests := []struct {
		kind     st.ShardIteratorType
		sequence *string
		want     string // sort keys
	}{
		{st.ShardIteratorTypeTrimHorizon, nil, "abcd"},
		{st.ShardIteratorTypeLatest, nil, "d"},
		{st.ShardIteratorTypeAtSequenceNumber, sequence, "abcd"},
		{st.ShardIteratorTypeAfterSequenceNumber, sequence, "bcd"},
	}
	iterators := make([]*string, len(tests))
	for i, test := range tests {
		iterators[i] = s.iterator(s.t, arn, shard, test.kind, test.sequence)
	}
	s.put(s.t, table, at("d"), end())
	for i, test := range tests {
		s.run(string(test.kind), func(t *testing.T) {
			got, last := "", ""
			for _, r := range s.follow(t, iterators[i]) {
				got += r.Dynamodb.Keys["s"].(*st.AttributeValueMemberS).Value
				if number := fmt.Sprintf("%050s", *r.Dynamodb.SequenceNumber); number <= last {
					t.Errorf("sequence number %s comes after %s", number, last)
				} else {
					last = number
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	s.run("read no more than they are asked for", func(t *testing.T) {
		out, err := s.streams.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{
			ShardIterator: iterators[0], Limit: aws.Int32(2),
		})
		if err != nil || len(out.Records) != 2 || out.NextShardIterator == nil {
			t.Errorf("got %+v and %v", out, err)
		}
	})
}

func testStreamsRefused(s *section) {
	table := s.table(s.t, "SS", withStream(types.StreamViewTypeKeysOnly))
	s.put(s.t, table, end())
	arn, shard, _ := s.shard(s.t, table)
	tests := []struct{ name, operation, body, kind string }{
		{"an unknown stream", "DescribeStream", `{"StreamArn":"` + *arn + `1"}`, "ResourceNotFoundException"},
		{"an unknown shard", "GetShardIterator", `{"StreamArn":"` + *arn + `","ShardId":"shardId-00000000000000000000-00000000",` +
			`"ShardIteratorType":"LATEST"}`, "ResourceNotFoundException"},
		{"an unknown kind of iterator", "GetShardIterator", `{"StreamArn":"` + *arn + `","ShardId":"` + *shard +
			`","ShardIteratorType":"MIDDLE"}`, "ValidationException"},
		{"an iterator without its number", "GetShardIterator", `{"StreamArn":"` + *arn + `","ShardId":"` + *shard +
			`","ShardIteratorType":"AT_SEQUENCE_NUMBER"}`, "ValidationException"},
		{"an iterator that is none", "GetRecords", `{"ShardIterator":"nonsense"}`, "ValidationException"},
		{"too many records at once", "GetRecords", `{"ShardIterator":"nonsense","Limit":1001}`, "ValidationException"},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			got, err := s.post(t.Context(), streamService+test.operation, []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if got.kind != test.kind {
				t.Errorf("got %s, want %s", got, test.kind)
			}
		})
	}
	s.run("are listed by table", func(t *testing.T) {
		out, err := s.streams.ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{TableName: &table})
		if err != nil || len(out.Streams) != 1 || *out.Streams[0].StreamArn != *arn || *out.Streams[0].TableName != table {
			t.Errorf("got %+v and %v", out, err)
		}
	})
}
