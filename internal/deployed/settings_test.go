package deployed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/serverless"
)

// TestQueuesHideAMessageForLongEnough: AWS asks for six times the function's timeout, or a message may be delivered to a
// second worker while the first is throttled.
func TestQueuesHideAMessageForLongEnough(t *testing.T) {
	f, err := serverless.Read(root + "/serverless.yml")
	if err != nil {
		t.Fatal(err)
	}
	queues := 0
	for _, fn := range f.Functions() {
		for _, e := range fn.Events {
			if e.Kind != "sqs" {
				continue
			}
			queues++
			arn, _ := e.At("arn").(serverless.Call)
			name := fmt.Sprint(arn.Argument)
			visible, _ := serverless.At(f.Resource(name[:len(name)-len(".Arn")]), "Properties", "VisibilityTimeout").(uint64)
			if int(visible) < 6*fn.Timeout {
				t.Errorf("%s hides a message for %d s, and %s may take %d s", name, visible, fn.Name, fn.Timeout)
			}
			if e.At("functionResponseType") != "ReportBatchItemFailures" {
				t.Errorf("%s: a message that was not taken takes its whole batch with it", fn.Name)
			}
		}
	}
	if queues == 0 {
		t.Error("no function takes from a queue")
	}
}

// TestTheStreamsFilterLetsAllChangesThrough compares the filter of serverless.yml with the records of a picture's whole
// life, its end by the table's own TTL included: what the filter keeps out must be what tells nothing new, and only that.
func TestTheStreamsFilterLetsAllChangesThrough(t *testing.T) {
	s := deploy(t, nil)
	u := s.user("ann", false)
	id := u.upload(picture(t, "filtered"))
	u.ends(id, gallery.Ready)
	if err := s.images().DB.Table(s.Names["ImagesTable"]).Delete("owner", u.owner).Range("id", id).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	patterns := s.patterns("publish")
	seen := map[string]int{}
	for _, r := range s.stream(t.Context()) {
		record := map[string]any{"eventName": string(r.EventName), "eventSource": "aws:dynamodb"}
		passes := slices.ContainsFunc(patterns, func(p any) bool { return fits(p, record) })
		if want := r.EventName != types.OperationTypeRemove; passes != want {
			t.Errorf("%s passes: %v, want %v", r.EventName, passes, want)
		}
		seen[string(r.EventName)]++
	}
	if seen["INSERT"] == 0 || seen["MODIFY"] < 2 || seen["REMOVE"] == 0 {
		t.Errorf("got records %v, want some of each kind", seen)
	}
}

// patterns are the filters of a function's stream, as osls hands them to Lambda: as JSON.
func (s *site) patterns(function string) []any {
	s.t.Helper()
	for _, fn := range s.File.Functions() {
		for _, e := range fn.Events {
			if all, ok := e.At("filterPatterns").([]any); ok && fn.Name == function {
				text, err := json.Marshal(all)
				if err != nil {
					s.t.Fatal(err)
				}
				var patterns []any
				if err := json.Unmarshal(text, &patterns); err != nil {
					s.t.Fatal(err)
				}
				return patterns
			}
		}
	}
	s.t.Fatalf("%s has no filter", function)
	return nil
}

// fits evaluates a filter as Lambda does, as far as exact values go: each key of the pattern must be there, with one of the
// listed values. (docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html.) A rule of another kind is no fit.
func fits(pattern, value any) bool {
	switch p := pattern.(type) {
	case map[string]any:
		v, ok := value.(map[string]any)
		if !ok {
			return false
		}
		for key, inner := range p {
			if found, there := v[key]; !there || !fits(inner, found) {
				return false
			}
		}
		return true
	case []any:
		return slices.ContainsFunc(p, func(one any) bool {
			_, isRule := one.(map[string]any)
			return !isRule && one == value
		})
	}
	return false
}

func TestAFilterIsReadAsLambdaReadsIt(t *testing.T) {
	record := map[string]any{"eventName": "INSERT", "dynamodb": map[string]any{"x": 1.0}}
	for pattern, want := range map[string]bool{
		`{"eventName":["INSERT","MODIFY"]}`: true, `{"eventName":["REMOVE"]}`: false, `{"eventNme":["INSERT"]}`: false,
		`{"dynamodb":{"x":[1]}}`: true, `{"dynamodb":{"x":[1]},"eventName":["MODIFY"]}`: false, `{}`: true,
		`{"eventName":[{"prefix":"IN"}]}`: false,
	} {
		var p any
		if err := json.Unmarshal([]byte(pattern), &p); err != nil {
			t.Fatal(err)
		}
		if got := fits(p, record); got != want {
			t.Errorf("%s: got %v, want %v", pattern, got, want)
		}
	}
}

// stream reads all records of the images table's stream so far.
func (s *site) stream(ctx context.Context) []types.Record {
	s.t.Helper()
	c := dynamodbstreams.NewFromConfig(s.Cloud.AWS(s.Cloud.Endpoints.DynamoDB))
	list, err := c.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: aws.String(s.Names["ImagesTable"])})
	if err != nil || len(list.Streams) == 0 {
		s.t.Fatal(err)
	}
	stream, err := c.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: list.Streams[0].StreamArn})
	if err != nil {
		s.t.Fatal(err)
	}
	var all []types.Record
	for _, shard := range stream.StreamDescription.Shards {
		at, err := c.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{
			StreamArn: list.Streams[0].StreamArn, ShardId: shard.ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		records, err := c.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: at.ShardIterator})
		if err != nil {
			s.t.Fatal(err)
		}
		all = append(all, records.Records...)
	}
	return all
}
