package eventsource

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// taker is a function that notes what it takes; refuse may stop it.
type taker struct {
	mu      sync.Mutex
	batches []string
	refuse  func(batch string, attempt int) (any, error)
}

func (f *taker) handle(e events.DynamoDBEvent) (any, error) {
	var keys []string
	for _, r := range e.Records {
		keys = append(keys, r.Change.Keys["id"].String())
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	batch := strings.Join(keys, "")
	f.batches = append(f.batches, batch)
	if f.refuse == nil {
		return nil, nil
	}
	return f.refuse(batch, len(f.batches))
}

func (f *taker) seen() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.batches, " ")
}

func (f *taker) want(t *testing.T, batches string) {
	t.Helper()
	for deadline := time.Now().Add(long); f.seen() != batches; <-time.After(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("got batches %q, want %q", f.seen(), batches)
		}
	}
}

func checkpoints(t *testing.T, path string) *Checkpoints {
	t.Helper()
	c, err := OpenCheckpoints(path)
	if err != nil {
		t.Fatalf("OpenCheckpoints: %v", err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("close the checkpoints: %v", err)
		}
	})
	return c
}

// startStream begins a mapping "publish" of table images.
func startStream(t *testing.T, o StreamOptions) *Mapping {
	t.Helper()
	o.Name, o.Table = "publish", "images"
	if o.Checkpoints == nil {
		o.Checkpoints = checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
	}
	m, err := StartStream(o)
	if err != nil {
		t.Fatalf("StartStream: %v", err)
	}
	t.Cleanup(func() { closeMapping(t, m) })
	return m
}

// wantPosition waits for a checkpoint of shard-1.
func wantPosition(t *testing.T, c *Checkpoints, want position) {
	t.Helper()
	eventually(t, fmt.Sprintf("checkpoint %+v", want), func() bool {
		got, err := c.get("publish", shardKey(streamARN, "shard-1"))
		return err == nil && got == want
	})
}

func TestAChangeArrivesInTheShapeThatLambdaGives(t *testing.T) {
	server, client := newStreamServer(t)
	item := map[string]any{
		"s": map[string]any{"S": "<&>"}, "n": map[string]any{"N": "1.50"}, "b": map[string]any{"B": "AAEq"},
		"yes": map[string]any{"BOOL": true}, "null": map[string]any{"NULL": true},
		"ss": map[string]any{"SS": []string{"a", "b"}}, "ns": map[string]any{"NS": []string{"1", "2"}},
		"bs": map[string]any{"BS": []string{"AAEq"}}, "empty": map[string]any{"B": ""},
		"m": map[string]any{"M": map[string]any{"l": map[string]any{"L": []any{
			map[string]any{"S": "x"}, map[string]any{"M": map[string]any{}}, map[string]any{"L": []any{}},
		}}}},
	}
	server.change(func() {
		server.shards[0].records = append(server.shards[0].records, map[string]any{
			"eventID": "e1", "eventName": "REMOVE", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1",
			"userIdentity": map[string]string{"PrincipalId": "dynamodb.amazonaws.com", "Type": "Service"},
			"dynamodb": map[string]any{
				"ApproximateCreationDateTime": 1772600767.0, "Keys": map[string]any{"id": map[string]any{"S": "x"}},
				"OldImage": item, "SequenceNumber": "100000000000000000001", "SizeBytes": 54, "StreamViewType": "NEW_AND_OLD_IMAGES",
			},
		})
	})
	got := make(chan string, 1)
	startStream(t, StreamOptions{
		Client: client, Function: function(t, func(raw json.RawMessage) { got <- string(raw) }),
		Now: func() time.Time { return time.Unix(1772600770, 0) },
	})
	const want = `{"Records":[{"eventID":"e1","eventName":"REMOVE","eventVersion":"1.1","eventSource":"aws:dynamodb",` +
		`"awsRegion":"eu-west-1","dynamodb":{"ApproximateCreationDateTime":1772600767,"Keys":{"id":{"S":"x"}},` +
		`"OldImage":{"b":{"B":"AAEq"},"bs":{"BS":["AAEq"]},"empty":{"B":""},` +
		`"m":{"M":{"l":{"L":[{"S":"x"},{"M":{}},{"L":[]}]}}},"n":{"N":"1.50"},"ns":{"NS":["1","2"]},"null":{"NULL":true},` +
		`"s":{"S":"<&>"},"ss":{"SS":["a","b"]},"yes":{"BOOL":true}},` +
		`"SequenceNumber":"100000000000000000001","SizeBytes":54,"StreamViewType":"NEW_AND_OLD_IMAGES"},` +
		`"userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"},"eventSourceARN":"` + streamARN + `"}]}`
	if got := <-got; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestChangesComeInOrderAndOnce(t *testing.T) {
	server, client := newStreamServer(t)
	server.add(0, time.Now(), "INSERT", "a", "b", "c", "d", "e")
	f, path := &taker{}, filepath.Join(t.TempDir(), "c.db")
	c := checkpoints(t, path)
	m := startStream(t, StreamOptions{Client: client, Function: function(t, f.handle), BatchSize: 2, Checkpoints: c})
	f.want(t, "ab cd e")
	server.add(0, time.Now(), "MODIFY", "f")
	f.want(t, "ab cd e f")
	closeMapping(t, m)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}

	server.add(0, time.Now(), "MODIFY", "g")
	again := &taker{}
	startStream(t, StreamOptions{Client: client, Function: function(t, again.handle), Checkpoints: checkpoints(t, path)})
	again.want(t, "g")
}

func TestABatchUnderWayAtAnEndComesAgain(t *testing.T) {
	server, client := newStreamServer(t)
	server.add(0, time.Now(), "INSERT", "a", "b")
	invoked, release := make(chan struct{}), make(chan struct{})
	c := checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
	stuck := function(t, func() { invoked <- struct{}{}; <-release })
	defer close(release)
	m := startStream(t, StreamOptions{Client: client, Function: stuck, Checkpoints: c})
	<-invoked
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := m.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close: got %v, want the end of its context", err)
	}
	f := &taker{}
	startStream(t, StreamOptions{Client: client, Function: function(t, f.handle), Checkpoints: c})
	f.want(t, "ab")
}

func TestOnlyChangesAskedForAreDelivered(t *testing.T) {
	server, client := newStreamServer(t)
	server.add(0, time.Now(), "INSERT", "a")
	server.add(0, time.Now(), "REMOVE", "b", "c")
	server.add(0, time.Now(), "MODIFY", "d")
	server.add(0, time.Now(), "REMOVE", "e")
	f := &taker{}
	c := checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
	startStream(t, StreamOptions{
		Client: client, Function: function(t, f.handle), EventNames: []string{"INSERT", "MODIFY"}, Checkpoints: c,
	})
	f.want(t, "ad")
	wantPosition(t, c, position{Sequence: "105"})
}

func TestAShardComesAfterItsParent(t *testing.T) {
	server, client := newStreamServer(t)
	server.change(func() {
		server.shards = append(server.shards, &streamShard{id: "shard-2", parent: "shard-1"}, &streamShard{id: "shard-3", parent: "gone"})
	})
	server.add(0, time.Now(), "INSERT", "a")
	server.add(1, time.Now(), "INSERT", "b")
	f := &taker{}
	c := checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
	startStream(t, StreamOptions{Client: client, Function: function(t, f.handle), Checkpoints: c})
	f.want(t, "a")
	server.add(2, time.Now(), "INSERT", "x")
	f.want(t, "a x")
	server.change(func() { server.shards[0].closed = true })
	f.want(t, "a x b")
	wantPosition(t, c, position{Finished: true})
}

func TestAfterATrimTheOldestRecordIsNext(t *testing.T) {
	server, client := newStreamServer(t)
	server.add(0, time.Now(), "INSERT", "a", "b", "c")
	c := checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
	if err := c.put("publish", shardKey(streamARN, "shard-1"), position{Sequence: "101"}); err != nil {
		t.Fatal(err)
	}
	server.change(func() { server.shards[0].trimmed = 2 })
	f := &taker{}
	startStream(t, StreamOptions{Client: client, Function: function(t, f.handle), Checkpoints: c})
	f.want(t, "c")
}

func TestPositionsInShardsThatAreGoneAreForgotten(t *testing.T) {
	server, client := newStreamServer(t)
	server.add(0, time.Now(), "INSERT", "a")
	c := checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
	old := shardKey(streamARN, "shard-0")
	if err := c.put("publish", old, position{Finished: true}); err != nil {
		t.Fatal(err)
	}
	f := &taker{}
	startStream(t, StreamOptions{Client: client, Function: function(t, f.handle), Checkpoints: c})
	f.want(t, "a")
	if got, err := c.get("publish", old); got != (position{}) || err != nil {
		t.Errorf("got %+v, %v, want it forgotten", got, err)
	}
}

func TestASignalWakesAMappingThatIsOtherwiseIdle(t *testing.T) {
	server, client := newStreamServer(t)
	wake, arrived := make(chan struct{}, 1), make(chan time.Time, 1)
	f := function(t, func() { arrived <- time.Now() })
	startStream(t, StreamOptions{Client: client, Function: f, Wake: wake})
	server.add(0, time.Now(), "INSERT", "first")
	<-arrived
	var took []time.Duration
	for range 20 {
		start := time.Now()
		server.add(0, start, "INSERT", "x")
		wake <- struct{}{}
		took = append(took, (<-arrived).Sub(start))
	}
	slices.Sort(took)
	t.Logf("from write to function: median %v, longest %v", took[len(took)/2], took[len(took)-1])
	if quick := took[len(took)/4]; quick > wokenPoll/2 { // each would wait for the next poll, but for the signal
		t.Errorf("got a quarter within %v from write to function, want it at once", quick)
	}
	began, before := time.Now(), server.calls.Load()
	<-time.After(wokenPoll + wokenPoll/2)
	if got, most := server.calls.Load()-before, int64(time.Since(began)/wokenPoll)+3; got > most {
		t.Errorf("got %d calls in %v of idleness, want one each %v", got, time.Since(began), wokenPoll)
	}
}

func TestFaultsOfAStream(t *testing.T) {
	server, client := newStreamServer(t)
	server.add(0, time.Now(), "INSERT", "a", "b")
	f := &taker{}
	startStream(t, StreamOptions{
		Client: client, Function: function(t, f.handle), BatchSize: 1,
		Faults: Faults{Duplicate: 1, Delay: 1, MaxDelay: time.Millisecond},
	})
	f.want(t, "a a b b")
}

func TestAStreamThatAnswersErrorsIsTriedAgain(t *testing.T) {
	for calls := range int64(5) { // until one succeeds: each kind of call fails once
		server, client := newStreamServer(t)
		server.breakAt.Store(calls + 1)
		server.add(0, time.Now(), "INSERT", "a")
		f := &taker{}
		startStream(t, StreamOptions{Client: client, Function: function(t, f.handle)})
		f.want(t, "a")
		server.add(0, time.Now(), "INSERT", "b")
		f.want(t, "a b")
	}
}

func TestStartStreamRefusesWhatCannotWork(t *testing.T) {
	_, client := newStreamServer(t)
	f := function(t, func() {})
	c := checkpoints(t, filepath.Join(t.TempDir(), "c.db"))
	for name, o := range map[string]StreamOptions{
		"nothing":       {},
		"no name":       {Client: client, Table: "images", Function: f, Checkpoints: c},
		"a large batch": {Name: "n", Client: client, Table: "images", Function: f, Checkpoints: c, BatchSize: 1001},
	} {
		if m, err := StartStream(o); err == nil {
			closeMapping(t, m)
			t.Errorf("%s: got no error", name)
		}
	}
}
