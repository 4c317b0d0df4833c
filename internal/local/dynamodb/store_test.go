package dynamodb_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/darkroom/darkroom/internal/local/dynamodb"
)

func TestEverythingIsThereAfterReopening(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SN", withIndex("byg", "g", "", types.ProjectionTypeAll),
		withStream(types.StreamViewTypeNewAndOldImages))
	if err := c.setTTL(true); err != nil {
		t.Fatal(err)
	}
	c.put("tbl", row{"p": str("a"), "s": num("1"), "g": str("x")})
	before, err := c.db.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: aws.String("tbl")})
	if err != nil {
		t.Fatal(err)
	}
	arn, shard := c.streamOf("tbl")
	c.reopen()
	after, err := c.db.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: aws.String("tbl")})
	if err != nil {
		t.Fatal(err)
	}
	if *after.Table.TableId != *before.Table.TableId || *after.Table.ItemCount != 1 || *after.Table.TableSizeBytes != 7 {
		t.Errorf("got table %s of %d items and %d bytes", *after.Table.TableId, *after.Table.ItemCount,
			*after.Table.TableSizeBytes)
	}
	if got := c.get("tbl", row{"p": str("a"), "s": num("1")}); got == nil {
		t.Error("the item is gone")
	}
	if newARN, newShard := c.streamOf("tbl"); newARN != arn || *newShard.ShardId != *shard.ShardId {
		t.Errorf("the stream became %s %s", newARN, *newShard.ShardId)
	}
	c.put("tbl", row{"p": str("a"), "s": num("2")})
	records := c.records("tbl")
	if len(records) != 2 || *records[0].Dynamodb.SequenceNumber >= *records[1].Dynamodb.SequenceNumber {
		t.Errorf("got records\n%s", toldAll(records))
	}
}

func TestFileGrowsByMoreThanWasForeseen(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	const rounds, each, size = 2, 6, 300 << 10 // each round is one commit of 1.8 MB
	for round := range rounds {
		var puts []types.WriteRequest
		for i := range each {
			puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: row{
				"p": str(fmt.Sprint(round, "-", i)), "v": bin(strings.Repeat(string(rune('a'+i)), size)),
			}}})
		}
		_, err := c.db.BatchWriteItem(t.Context(), &sdk.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{"tbl": puts},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for round := range rounds {
		for i := range each {
			got := c.get("tbl", row{"p": str(fmt.Sprint(round, "-", i))})
			v, ok := got["v"].(*types.AttributeValueMemberB)
			if !ok || string(v.Value) != strings.Repeat(string(rune('a'+i)), size) {
				t.Errorf("item %d-%d is not what was put", round, i)
			}
		}
	}
}

func TestConcurrentUpdatesAreNeverLost(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S", withStream(types.StreamViewTypeNewImage))
	const workers, each = 16, 25
	var conditional atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range each {
				if _, err := c.update("ADD n :one", row{":one": num("1")}); err != nil {
					t.Error(err)
				}
				_, err := c.db.PutItem(t.Context(), &sdk.PutItemInput{ // a refusal among them harms none
					TableName: aws.String("tbl"), Item: row{"p": str("once")},
					ConditionExpression: aws.String("attribute_not_exists(p)"),
				})
				if err == nil {
					conditional.Add(1)
				}
			}
		})
	}
	group.Wait()
	if got, want := show(c.get("tbl", row{"p": str("a")})), fmt.Sprintf(`{n:%d p:"a"}`, workers*each); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := conditional.Load(); got != 1 {
		t.Errorf("%d of the conditional puts were done, want 1", got)
	}
	if got := len(c.records("tbl")); got != workers*each+1 {
		t.Errorf("got %d stream records, want %d", got, workers*each+1)
	}
}

func TestClosedEngineAnswersErrors(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	if err := c.engine.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := c.db.PutItem(t.Context(), &sdk.PutItemInput{TableName: aws.String("tbl"), Item: row{"p": str("a")}})
	wantError(t, err, "InternalServerError", "")
	_, err = c.db.GetItem(t.Context(), &sdk.GetItemInput{TableName: aws.String("tbl"), Key: row{"p": str("a")}})
	wantError(t, err, "InternalServerError", "")
}

func TestOneFileHasOneEngine(t *testing.T) {
	c := newCloud(t)
	second, err := dynamodb.Open(c.path, dynamodb.Options{})
	if err == nil {
		_ = second.Close()
		t.Fatal("a second engine opened the file")
	}
}
