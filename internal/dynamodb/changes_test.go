package dynamodb_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// feedModel says what a feed must answer: which of the rows 1, 2, 3, … are still there and not expired.
type feedModel struct{ alive []bool }

func (m feedModel) changes(after, first int) (run []int64, over bool) {
	head := len(m.alive)
	if after >= head {
		return nil, after > head
	}
	for seq := after + 1; seq <= head && m.alive[seq-1] && len(run) < first; seq++ {
		run = append(run, int64(seq))
	}
	return run, len(run) == 0
}

// TestAFeedWithRowsGoneIsNeverAnsweredWithAGap takes rows away as the TTL does, late and in no order, and some that had not
// expired, and asks for every stretch.
func TestAFeedWithRowsGoneIsNeverAnsweredWithAGap(t *testing.T) {
	db := open(t)
	feed := dynamodb.Feed{DB: db, Tables: tables}
	for seed := range uint64(8) {
		rng, owner := rand.New(rand.NewPCG(seed, 2)), gallery.Owner(fmt.Sprint("owner-", seed))
		var m feedModel
		old := rng.IntN(30) // how many were written so long ago that they have expired
		for n := range old + 1 + rng.IntN(30) {
			at := noon.Add(-time.Hour)
			if n < old {
				at = noon.Add(-gallery.EventLife)
			}
			if _, err := feed.Number(t.Context(), owner, []gallery.Event{event(owner, "a", int64(n+1))}, at); err != nil {
				t.Fatal(err)
			}
			gone := rng.IntN(3) == 0 && n < old || rng.IntN(12) == 0
			if gone {
				row := db.Table(tables.Feed).Delete("owner", owner).Range("key", fmt.Sprintf("event#%019d", n+1))
				if err := row.Run(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			m.alive = append(m.alive, n >= old && !gone)
		}
		for after := range len(m.alive) + 3 {
			limit := 1 + rng.IntN(len(m.alive)+3)
			got, err := feed.Changes(t.Context(), owner, int64(after), limit, noon)
			if err != nil {
				t.Fatal(err)
			}
			want, over := m.changes(after, limit)
			var seqs []int64
			for _, e := range got.Events {
				seqs = append(seqs, e.Seq)
			}
			if !slices.Equal(seqs, want) || got.StartOver != over || got.Head != int64(len(m.alive)) {
				t.Errorf("seed %d, %v: after %d, first %d: got %v, start over %v, head %d; want %v, %v", seed, m.alive, after, limit,
					seqs, got.StartOver, got.Head, want, over)
			}
		}
	}
}

// TestNumberingGoesOnAfterTheTTL: the head and the markers stay when rows go, so no number is given again, and a change
// that was numbered before is not numbered anew; its row being gone, nothing is announced.
func TestNumberingGoesOnAfterTheTTL(t *testing.T) {
	db := open(t)
	feed := dynamodb.Feed{DB: db, Tables: tables}
	for v := range int64(3) {
		if _, err := feed.Number(t.Context(), ann, []gallery.Event{event(ann, "a", v+1)}, noon); err != nil {
			t.Fatal(err)
		}
		if err := db.Table(tables.Feed).Delete("owner", ann).Range("key", fmt.Sprintf("event#%019d", v+1)).Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	again, err := feed.Number(t.Context(), ann, []gallery.Event{event(ann, "a", 2), event(ann, "a", 3)}, noon)
	if err != nil || len(again) != 0 {
		t.Errorf("delivered again: got %v, %v", told(again), err)
	}
	got, err := feed.Number(t.Context(), ann, []gallery.Event{event(ann, "a", 4), event(ann, "b", 1)}, noon)
	if want := []string{"a.4=4", "b.1=5"}; err != nil || !slices.Equal(told(got), want) {
		t.Errorf("got %v, %v, want %v", told(got), err, want)
	}
}

// TestAClientThatStartsOverMissesNothing: it notes the head, pages the images, and goes on after that head; what happens
// in between has a higher number.
func TestAClientThatStartsOverMissesNothing(t *testing.T) {
	feed := dynamodb.Feed{DB: open(t), Tables: tables}
	number := func(version int64, at time.Time) {
		t.Helper()
		if _, err := feed.Number(t.Context(), ann, []gallery.Event{event(ann, "a", version)}, at); err != nil {
			t.Fatal(err)
		}
	}
	number(1, noon.Add(-gallery.EventLife))
	number(2, noon.Add(-gallery.EventLife))
	lost, err := feed.Changes(t.Context(), ann, 1, 100, noon)
	if err != nil || !lost.StartOver || lost.Head != 2 {
		t.Fatalf("got %+v, %v", lost, err)
	}
	number(3, noon) // while it pages
	got, err := feed.Changes(t.Context(), ann, lost.Head, 100, noon)
	if want := []string{"a.3=3"}; err != nil || got.StartOver || !slices.Equal(told(got.Events), want) {
		t.Errorf("got %v, start over %v, %v, want %v", told(got.Events), got.StartOver, err, want)
	}
}
