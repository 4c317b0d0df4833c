package dynamodb

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// ask runs an operation as the wire would, and decodes its answer into out.
func ask(t *testing.T, e *Engine, target, body string, out any) error {
	t.Helper()
	answer, err := e.dispatch(context.Background(), target, []byte(body))
	if err != nil {
		return err
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatal(err)
	}
	return nil
}

func TestWhatIsADayOldIsTrimmed(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	e, err := Open(filepath.Join(t.TempDir(), "tables.db"), Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	e.cancel() // the test trims, no one else
	e.workers.Wait()
	defer e.Close()
	const tables, streams = "DynamoDB_20120810.", "DynamoDBStreams_20120810."
	must := func(target, body string, out any) {
		t.Helper()
		if err := ask(t, e, target, body, out); err != nil {
			t.Fatalf("%s: %v", target, err)
		}
	}
	put := func(p string) {
		t.Helper()
		must(tables+"TransactWriteItems", `{"ClientRequestToken":"`+p+`","TransactItems":[{"Put":`+
			`{"TableName":"tbl","Item":{"p":{"S":"`+p+`"}}}}]}`, &struct{}{})
	}
	must(tables+"CreateTable", `{"TableName":"tbl","BillingMode":"PAY_PER_REQUEST",`+
		`"AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p",`+
		`"KeyType":"HASH"}],"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}}`, &struct{}{})
	put("old")
	now = now.Add(24*time.Hour + time.Minute)
	put("new")
	if err := e.trim(t.Context()); err != nil {
		t.Fatal(err)
	}

	var described struct{ StreamDescription streamDescription }
	label := e.catalogue.Load().tables["tbl"].LatestLabel
	from := `{"StreamArn":"` + streamARN("tbl", label) + `"`
	must(streams+"DescribeStream", from+"}", &described)
	from += `,"ShardId":"` + described.StreamDescription.Shards[0].ShardId + `","ShardIteratorType":`
	var iterator struct{ ShardIterator string }
	must(streams+"GetShardIterator", from+`"TRIM_HORIZON"}`, &iterator)
	var read struct{ Records []json.RawMessage }
	must(streams+"GetRecords", `{"ShardIterator":"`+iterator.ShardIterator+`"}`, &read)
	if len(read.Records) != 1 {
		t.Errorf("got %d records, want the new one", len(read.Records))
	}
	err = ask(t, e, streams+"GetShardIterator", from+`"AT_SEQUENCE_NUMBER","SequenceNumber":"`+sequenceText(1)+`"}`, nil)
	if api := asAPIError(err); api == nil || api.kind != dynamoService+"TrimmedDataAccessException" {
		t.Errorf("at a trimmed record: got %v", err)
	}
	if got := tokens(t, e); got != "new" {
		t.Errorf("got tokens %s, want the new one", got)
	}

	must(tables+"DeleteTable", `{"TableName":"tbl"}`, &struct{}{})
	must(streams+"DescribeStream", from+`""}`, &described)
	now = now.Add(24*time.Hour + time.Minute)
	if err := e.trim(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := e.catalogue.Load().streams; len(left) != 0 {
		t.Errorf("a day after the table was deleted its stream is there: %v", left)
	}
}

// tokens lists the tokens kept, one after the other.
func tokens(t *testing.T, e *Engine) (all string) {
	t.Helper()
	err := e.view(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketTokens).ForEach(func(token, _ []byte) error {
			all += string(token)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
