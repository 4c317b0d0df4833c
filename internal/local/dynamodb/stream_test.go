package dynamodb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	st "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// streamOf finds the newest stream of a table, and its shard.
func (c *cloud) streamOf(table string) (arn string, shard st.Shard) {
	c.t.Helper()
	found, err := c.db.DescribeTable(c.t.Context(), &sdk.DescribeTableInput{TableName: &table})
	if err != nil {
		c.t.Fatal(err)
	}
	arn = *found.Table.LatestStreamArn
	out, err := c.streams.DescribeStream(c.t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &arn})
	if err != nil {
		c.t.Fatal(err)
	}
	return arn, out.StreamDescription.Shards[0]
}

func (c *cloud) iterator(arn, shard string, kind st.ShardIteratorType, sequence *string) (*string, error) {
	out, err := c.streams.GetShardIterator(c.t.Context(), &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &arn, ShardId: &shard, ShardIteratorType: kind, SequenceNumber: sequence,
	})
	if err != nil {
		return nil, err
	}
	return out.ShardIterator, nil
}

// read reads once from an iterator.
func (c *cloud) read(iterator *string) ([]st.Record, *string) {
	c.t.Helper()
	out, err := c.streams.GetRecords(c.t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
	if err != nil {
		c.t.Fatal(err)
	}
	return out.Records, out.NextShardIterator
}

// records reads all of a table's stream.
func (c *cloud) records(table string) []st.Record {
	c.t.Helper()
	arn, shard := c.streamOf(table)
	iterator, err := c.iterator(arn, *shard.ShardId, st.ShardIteratorTypeTrimHorizon, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	records, _ := c.read(iterator)
	return records
}

// told writes a record in one line.
func told(r st.Record) string {
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
	return fmt.Sprintf("%s %s old %s new %s", r.EventName, image(r.Dynamodb.Keys), image(r.Dynamodb.OldImage),
		image(r.Dynamodb.NewImage))
}

func toldAll(records []st.Record) string {
	lines := make([]string, len(records))
	for i, r := range records {
		lines[i] = told(r)
	}
	return strings.Join(lines, "\n")
}

func TestStreamRecordIsLikeAWSs(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S", withStream(types.StreamViewTypeNewImage))
	c.put("tbl", row{"p": str("a"), "n": num("1")})
	r := c.records("tbl")[0]
	if *r.AwsRegion != "us-east-1" || *r.EventSource != "aws:dynamodb" || *r.EventVersion != "1.1" ||
		len(*r.EventID) != 32 || r.UserIdentity != nil {
		t.Errorf("got %+v", r)
	}
	d := r.Dynamodb
	if !d.ApproximateCreationDateTime.Equal(c.clock.Now()) || *d.SizeBytes != 7 || len(*d.SequenceNumber) < 21 ||
		d.StreamViewType != st.StreamViewTypeNewImage {
		t.Errorf("got %+v, size %d", d, *d.SizeBytes)
	}
	if again := c.records("tbl")[0]; *again.EventID != *r.EventID {
		t.Errorf("the event id changed from %s to %s", *r.EventID, *again.EventID)
	}
}

func TestIteratorsGrowOld(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S", withStream(types.StreamViewTypeKeysOnly))
	arn, shard := c.streamOf("tbl")
	iterator, err := c.iterator(arn, *shard.ShardId, st.ShardIteratorTypeLatest, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.clock.add(16 * time.Minute)
	_, err = c.streams.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
	wantError(t, err, "ExpiredIteratorException", "")
}

func TestStreamSwitchedOffCanBeReadToItsEnd(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S", withStream(types.StreamViewTypeKeysOnly))
	c.put("tbl", row{"p": str("a")})
	arn, shard := c.streamOf("tbl")
	specify := func(spec *types.StreamSpecification) {
		t.Helper()
		_, err := c.db.UpdateTable(t.Context(), &sdk.UpdateTableInput{TableName: aws.String("tbl"), StreamSpecification: spec})
		if err != nil {
			t.Fatal(err)
		}
	}
	specify(&types.StreamSpecification{StreamEnabled: aws.Bool(false)})
	c.put("tbl", row{"p": str("unseen")})
	specify(&types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewImage})
	c.put("tbl", row{"p": str("b")})

	iterator, err := c.iterator(arn, *shard.ShardId, st.ShardIteratorTypeTrimHorizon, nil)
	if err != nil {
		t.Fatal(err)
	}
	records, next := c.read(iterator)
	if toldAll(records) != "INSERT p=a old - new -" || next != nil {
		t.Errorf("the old stream: got %s and next %v", toldAll(records), next)
	}
	if got := toldAll(c.records("tbl")); got != "INSERT p=b old - new p=b" {
		t.Errorf("the new stream: got %s", got)
	}
	listed, err := c.streams.ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{TableName: aws.String("tbl")})
	if err != nil {
		t.Fatal(err)
	}
	if len(listed.Streams) != 2 {
		t.Errorf("got %d streams, want 2", len(listed.Streams))
	}
}
