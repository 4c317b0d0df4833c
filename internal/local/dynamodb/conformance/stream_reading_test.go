package conformance_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	st "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// stream finds the newest stream of a table.
func (c *cloud) stream(t *testing.T, table string) *st.StreamDescription {
	t.Helper()
	found, err := c.db.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: found.Table.LatestStreamArn}
	out, err := c.streams.DescribeStream(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out.StreamDescription
}

func (c *cloud) iterator(t *testing.T, arn, shard *string, kind st.ShardIteratorType, sequence *string) *string {
	t.Helper()
	out, err := c.streams.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
		StreamArn: arn, ShardId: shard, ShardIteratorType: kind, SequenceNumber: sequence,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.ShardIterator
}

// follow reads from an iterator until a record tells of the item p=end, and answers those before.
func (c *cloud) follow(t *testing.T, iterator *string) []st.Record {
	t.Helper()
	var records []st.Record
	until(t, c.patience, func(ctx context.Context) bool {
		for iterator != nil {
			out, err := c.streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
			if err != nil {
				t.Fatal(err)
			}
			iterator = out.NextShardIterator
			for _, r := range out.Records {
				if sort, ok := r.Dynamodb.Keys["s"].(*st.AttributeValueMemberS); ok && sort.Value == "end" {
					return true
				}
				records = append(records, r)
			}
			if len(out.Records) == 0 {
				return false
			}
		}
		return false
	})
	return records
}

// end is the item that follow waits for. It has the partition of the others, and so the same shard.
func end() row { return row{"p": str("1"), "s": str("end")} }

// shard finds the shard that has the partition p=1, in which there must be a record already.
func (c *cloud) shard(t *testing.T, table string) (arn, shard *string, first st.Record) {
	t.Helper()
	until(t, c.patience, func(ctx context.Context) bool {
		stream := c.stream(t, table)
		arn = stream.StreamArn
		for _, s := range stream.Shards {
			out, err := c.streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{
				ShardIterator: c.iterator(t, arn, s.ShardId, st.ShardIteratorTypeTrimHorizon, nil),
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Records) > 0 {
				shard, first = s.ShardId, out.Records[0]
				return true
			}
		}
		return false
	})
	return arn, shard, first
}

// records reads all of the stream of a table, up to the end that it writes itself.
func (c *cloud) records(t *testing.T, table string) []st.Record {
	t.Helper()
	c.put(t, table, end())
	arn, shard, _ := c.shard(t, table)
	return c.follow(t, c.iterator(t, arn, shard, st.ShardIteratorTypeTrimHorizon, nil))
}

// told writes records a line each.
func told(records []st.Record) string {
	image := func(m map[string]st.AttributeValue) string {
		if m == nil {
			return "-"
		}
		var parts []string
		for name, v := range m {
			switch v := v.(type) {
			case *st.AttributeValueMemberS:
				parts = append(parts, name+"="+v.Value)
			case *st.AttributeValueMemberN:
				parts = append(parts, name+"="+v.Value)
			}
		}
		slices.Sort(parts)
		return strings.Join(parts, ",")
	}
	lines := make([]string, len(records))
	for i, r := range records {
		lines[i] = fmt.Sprintf("%s %s old %s new %s", r.EventName, image(r.Dynamodb.Keys), image(r.Dynamodb.OldImage),
			image(r.Dynamodb.NewImage))
	}
	return strings.Join(lines, "\n")
}
