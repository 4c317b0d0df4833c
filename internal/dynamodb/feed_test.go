package dynamodb_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

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
