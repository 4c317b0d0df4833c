package publish_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/uuid"

	deployed "github.com/darkroom/darkroom/appsync"
	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/appsync"
	"github.com/darkroom/darkroom/internal/dynamodb"
	localappsync "github.com/darkroom/darkroom/internal/local/appsync"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// stage is the function between a real table engine and a real AppSync.
type stage struct {
	t       *testing.T
	handler publish.Handler
	feed    dynamodb.Feed
	appsync *httptest.Server
	tables  *httptest.Server
	log     *bytes.Buffer
}

func open(t *testing.T) stage {
	t.Helper()
	keys := credentials.NewStaticCredentialsProvider("key", "secret", "")
	db, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tables := httptest.NewServer(db)
	cfg := aws.Config{Region: "us-east-1", Credentials: keys, BaseEndpoint: &tables.URL}
	names := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users"}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(cfg), names); err != nil {
		t.Fatal(err)
	}
	schema, _ := fs.ReadFile(deployed.Files, "schema.graphql")
	resolvers, _ := fs.Sub(deployed.Files, "resolvers")
	api, err := localappsync.New(localappsync.Options{
		Schema: string(schema), Resolvers: resolvers, AccessKey: "key", SecretKey: "secret", Region: "us-east-1",
		Now: time.Now, NewID: uuid.NewString,
		Verify: func(context.Context, string) (map[string]any, error) { return nil, errors.New("nobody") },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(func() { server.Close(); _ = api.Close(); tables.Close(); _ = db.Close() })
	feed, log := dynamodb.Feed{DB: dynamodb.Open(cfg), Tables: names}, &bytes.Buffer{}
	return stage{t: t, feed: feed, appsync: server, tables: tables, log: log, handler: publish.Handler{
		Feed: feed,
		Announcer: appsync.Publisher{
			Endpoint: server.URL + "/graphql", Region: "us-east-1", Credentials: keys, HTTP: http.DefaultClient, Now: time.Now,
		},
		Now: func() time.Time { return noon },
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}}
}

// record is a stream's record of an image, as AWS sends it.
func record(seq int, owner, id string, version int) string {
	return fmt.Sprintf(`{"eventID":"%d","eventName":"MODIFY","eventSource":"aws:dynamodb","dynamodb":{"SequenceNumber":"%d",
		"NewImage":{"owner":{"S":"%s"},"id":{"S":"%s"},"version":{"N":"%d"},"status":{"S":"READY"},"filename":{"S":"a.jpg"},
		"createdAt":{"S":"2026-11-23T12:00:00Z"},"updatedAt":{"S":"2026-11-23T12:00:00Z"},
		"facts":{"M":{"width":{"N":"300"},"height":{"N":"200"}}},"renditions":{"S":"large 300 200 999 image/jpeg 70cf"}}}}`,
		seq, seq, owner, id, version)
}

// deliver invokes the function as Lambda does and answers the sequence numbers it did not take.
func (s stage) deliver(records ...string) []string {
	s.t.Helper()
	answer, err := awslambda.NewHandler(s.handler.Handle).Invoke(context.Background(), []byte(`{"Records":[`+strings.Join(records, ",")+`]}`))
	if err != nil {
		s.t.Fatal(err)
	}
	var res events.DynamoDBEventResponse
	if err := json.Unmarshal(answer, &res); err != nil {
		s.t.Fatal(err)
	}
	var failed []string
	for _, f := range res.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

func (s stage) changes(owner gallery.Owner) []gallery.Event {
	s.t.Helper()
	c, err := s.feed.Changes(s.t.Context(), owner, 0, 100, noon)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Events
}

func TestABatchIsNumberedByOwnerOnceHoweverOftenItComes(t *testing.T) {
	s := open(t)
	for range 3 {
		failed := s.deliver(record(1, "ann", "a", 1), record(2, "ben", "b", 1), record(3, "ann", "a", 2), record(4, "ann", "c", 1))
		if len(failed) > 0 || s.log.Len() > 0 {
			t.Fatalf("not taken: %v, log: %s", failed, s.log)
		}
	}
	if got := s.changes("ann"); len(got) != 3 || got[0].Seq != 1 || got[2].Seq != 3 || got[0].Width != 300 {
		t.Errorf("ann: got %+v", got)
	}
	if got := s.changes("ben"); len(got) != 1 || got[0].Seq != 1 {
		t.Errorf("ben: got %+v", got)
	}
}

func TestWhatIsNoImageIsSkippedAndToldOfOnce(t *testing.T) {
	s := open(t)
	for name, bad := range map[string]string{
		"no image at all":  `{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1"}}`,
		"another's record": `{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1","NewImage":{"key":{"S":"x"}}}}`,
		"a wrong type":     `{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1","NewImage":{"owner":{"S":"ann"},"id":{"S":"a"},"version":{"S":"x"}}}}`,
		"a binary owner":   `{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1","NewImage":{"owner":{"B":"AAEC"}}}}`,
	} {
		s.log.Reset()
		failed := s.deliver(bad, record(2, "ann", "id-"+strings.ReplaceAll(name, " ", "-"), 1))
		if len(failed) > 0 || strings.Count(s.log.String(), "msg=dropped") != 1 {
			t.Errorf("%s: not taken %v, log: %s", name, failed, s.log)
		}
	}
	if got := s.changes("ann"); len(got) != 4 {
		t.Errorf("the good records beside them: got %d, want 4", len(got))
	}
}

func TestRemovalsAreNotTold(t *testing.T) {
	s := open(t)
	s.deliver(strings.Replace(record(1, "ann", "a", 1), "MODIFY", "REMOVE", 1))
	if got := s.changes("ann"); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestAppSyncBeingDownDoesNotStopTheNumbering(t *testing.T) {
	s := open(t)
	s.appsync.Close()
	if failed := s.deliver(record(1, "ann", "a", 1)); len(failed) > 0 {
		t.Errorf("not taken: %v", failed)
	}
	if got := s.changes("ann"); len(got) != 1 || !strings.Contains(s.log.String(), "not announced") {
		t.Errorf("got %+v, log: %s", got, s.log)
	}
}

func TestWhatCannotBeNumberedComesAgainFromItsFirstRecord(t *testing.T) {
	s := open(t)
	s.tables.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var e events.DynamoDBEvent
	if err := json.Unmarshal([]byte(`{"Records":[`+record(7, "ann", "a", 1)+`,`+record(8, "ann", "a", 2)+`]}`), &e); err != nil {
		t.Fatal(err)
	}
	res, err := s.handler.Handle(ctx, e)
	if err != nil || len(res.BatchItemFailures) != 1 || res.BatchItemFailures[0].ItemIdentifier != "7" {
		t.Errorf("got %+v, %v", res, err)
	}
}
