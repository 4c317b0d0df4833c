package dynamodb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func event(owner gallery.Owner, id string, version int64) gallery.Event {
	return gallery.Event{Owner: owner, ID: gallery.ID(id), Version: version, Status: gallery.Pending, At: noon}
}

// told lists events as "id.version=seq".
func told(events []gallery.Event) []string {
	var all []string
	for _, e := range events {
		all = append(all, fmt.Sprintf("%s.%d=%d", e.ID, e.Version, e.Seq))
	}
	return all
}

func TestEachVersionIsNumberedOnce(t *testing.T) {
	feed := dynamodb.Feed{DB: open(t), Tables: tables}
	for _, c := range []struct {
		name   string
		owner  gallery.Owner
		events []gallery.Event
		want   []string
	}{
		{"the first batch", ann, []gallery.Event{event(ann, "a", 1), event(ann, "b", 1), event(ann, "a", 2)}, []string{"a.1=1", "b.1=2", "a.2=3"}},
		{"another owner has numbers of their own", ben, []gallery.Event{event(ben, "c", 1)}, []string{"c.1=1"}},
		{"the same batch again", ann, []gallery.Event{event(ann, "a", 1), event(ann, "b", 1), event(ann, "a", 2)}, []string{"a.2=3", "b.1=2"}},
		{"some old, some new", ann, []gallery.Event{event(ann, "a", 2), event(ann, "a", 3)}, []string{"a.3=4", "a.2=3"}},
		{"older than what is numbered", ann, []gallery.Event{event(ann, "b", 1)}, []string{"b.1=2"}},
	} {
		got, err := feed.Number(t.Context(), c.owner, c.events, noon)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		g, w := told(got), slices.Clone(c.want)
		slices.Sort(g)
		slices.Sort(w)
		if !slices.Equal(g, w) {
			t.Errorf("%s: got %v, want %v", c.name, g, w)
		}
	}
	changes, err := feed.Changes(t.Context(), ann, 0, 100, noon)
	if want := []string{"a.1=1", "b.1=2", "a.2=3", "a.3=4"}; err != nil || !slices.Equal(told(changes.Events), want) || changes.Head != 4 {
		t.Errorf("changes: got %v, head %d, %v, want %v", told(changes.Events), changes.Head, err, want)
	}
}

func TestRacingWritersLeaveNoGap(t *testing.T) {
	feed := dynamodb.Feed{DB: open(t), Tables: tables}
	const writers, each = 6, 10
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for v := range each {
				for { // as a stream does, until it is numbered
					if _, err := feed.Number(context.Background(), ann, []gallery.Event{event(ann, fmt.Sprint("i", w), int64(v+1))}, noon); err == nil {
						break
					}
				}
			}
		})
	}
	group.Wait()
	changes, err := feed.Changes(t.Context(), ann, 0, 100, noon)
	if err != nil || len(changes.Events) != writers*each || changes.Head != writers*each {
		t.Fatalf("got %d events, head %d, %v, want %d", len(changes.Events), changes.Head, err, writers*each)
	}
	last := map[gallery.ID]int64{}
	for n, e := range changes.Events {
		if e.Seq != int64(n+1) || e.Version != last[e.ID]+1 {
			t.Errorf("event %d: got seq %d, version %d after %d", n, e.Seq, e.Version, last[e.ID])
		}
		last[e.ID] = e.Version
	}
}

func TestABatchLargerThanATransactionIsNumberedInOrder(t *testing.T) {
	feed := dynamodb.Feed{DB: open(t), Tables: tables}
	var batch []gallery.Event
	for n := range 120 {
		batch = append(batch, event(ann, fmt.Sprint("i", n%70), int64(n/70+1)))
	}
	got, err := feed.Number(t.Context(), ann, batch, noon)
	if err != nil || len(got) != 120 || got[119].Seq != 120 {
		t.Fatalf("got %d events, %v", len(got), err)
	}
}

func TestAFeedSaysWhenToStartOver(t *testing.T) {
	db := open(t)
	feed := dynamodb.Feed{DB: db, Tables: tables}
	for v := range 5 {
		// the first two are old
		at := noon.Add(-gallery.EventLife - time.Hour)
		if v >= 2 {
			at = noon
		}
		if _, err := feed.Number(t.Context(), ann, []gallery.Event{event(ann, "a", int64(v+1))}, at); err != nil {
			t.Fatal(err)
		}
	}
	// the TTL removes rows late and in no order: one that is not expired has gone
	if err := db.Table(tables.Feed).Delete("owner", ann).Range("key", fmt.Sprintf("event#%019d", 4)).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		after int64
		want  []string
		over  bool
	}{
		{"from the beginning, which has expired", 0, nil, true},
		{"just before what is kept", 2, []string{"a.3=3"}, false},
		{"before a hole", 3, nil, true},
		{"after the hole", 4, []string{"a.5=5"}, false},
		{"up to date", 5, nil, false},
		{"past the head", 6, nil, true},
	} {
		got, err := feed.Changes(t.Context(), ann, c.after, 100, noon)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(told(got.Events), c.want) || got.StartOver != c.over || got.Head != 5 {
			t.Errorf("%s: got %v, start over %v, head %d; want %v, %v, 5", c.name, told(got.Events), got.StartOver, got.Head, c.want, c.over)
		}
	}
}

// betweenReads is a client whose first batch read is answered in two parts, the markers first, as DynamoDB may; in between
// something happens.
type betweenReads struct {
	aws.HTTPClient
	once    sync.Once
	between func()
}

func (c *betweenReads) Do(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".BatchGetItem") {
		return c.HTTPClient.Do(r)
	}
	var res *http.Response
	var err error
	c.once.Do(func() { res, err = c.part(r) })
	if res == nil && err == nil {
		return c.HTTPClient.Do(r)
	}
	return res, err
}

// part reads all keys but the first, which is the head's, and leaves that one unprocessed.
func (c *betweenReads) part(r *http.Request) (*http.Response, error) {
	type keys struct {
		Keys           []json.RawMessage
		ConsistentRead bool
	}
	var in struct{ RequestItems map[string]keys }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	asked := in.RequestItems[tables.Feed]
	body, err := json.Marshal(map[string]any{"RequestItems": map[string]keys{tables.Feed: {asked.Keys[1:], true}}})
	if err != nil {
		return nil, err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res, err := c.HTTPClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		return nil, err
	}
	c.between()
	out["UnprocessedKeys"] = map[string]keys{tables.Feed: {asked.Keys[:1], true}}
	text, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(text))}, nil
}

func TestAReadThatIsNotOfOneMomentNumbersNothingTwice(t *testing.T) {
	cfg := start(t)
	other := dynamodb.Feed{DB: dynamodb.Open(cfg), Tables: tables}
	number := func(f dynamodb.Feed, versions ...int64) {
		var events []gallery.Event
		for _, v := range versions {
			events = append(events, event(ann, "a", v))
		}
		if _, err := f.Number(t.Context(), ann, events, noon); err != nil {
			t.Error(err)
		}
	}
	number(other, 1)
	cfg.HTTPClient = &betweenReads{HTTPClient: http.DefaultClient, between: func() { number(other, 2) }}
	number(dynamodb.Feed{DB: dynamodb.Open(cfg), Tables: tables}, 2, 3)
	changes, err := other.Changes(t.Context(), ann, 0, 100, noon)
	if want := []string{"a.1=1", "a.2=2", "a.3=3"}; err != nil || !slices.Equal(told(changes.Events), want) {
		t.Errorf("got %v, %v, want %v", told(changes.Events), err, want)
	}
}
