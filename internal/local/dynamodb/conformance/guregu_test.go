package conformance_test

import (
	"errors"
	"testing"
	"time"

	"github.com/guregu/dynamo/v2"
)

type widget struct {
	Owner string    `dynamo:"p,hash"`
	ID    int       `dynamo:"s,range"`
	Made  time.Time `dynamo:"made"`
	Tags  []string  `dynamo:"tags,set,omitempty"`
	Size  *struct{ W, H int }
	Count int
}

// testGuregu speaks the dialect of the library that the product uses: legacy key conditions, and empty values.
func testGuregu(s *section) {
	name := newName()
	db := dynamo.NewFromIface(s.db)
	if err := db.CreateTable(name, widget{}).OnDemand(true).Run(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	s.awaitTable(s.t, name)
	table := db.Table(name)
	s.run("puts under a condition", func(t *testing.T) {
		for id := range 5 {
			w := widget{Owner: "ann", ID: id, Made: time.Unix(1e9, 0).UTC(), Tags: []string{"b", "a"}}
			if err := table.Put(w).If("attribute_not_exists(p)").Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		err := table.Put(widget{Owner: "ann"}).If("attribute_not_exists($)", "p").Run(t.Context())
		if !dynamo.IsCondCheckFailed(err) {
			t.Errorf("a second put: got %v, want a failed condition", err)
		}
	})
	s.run("queries a range, filters and turns round", func(t *testing.T) {
		var got []widget
		err := table.Get("p", "ann").Range("s", dynamo.Between, 1, 3).Order(dynamo.Descending).Filter("'Count' = ?", 0).
			Consistent(true).All(t.Context(), &got)
		if err != nil || len(got) != 3 || got[0].ID != 3 || len(got[0].Tags) != 2 {
			t.Errorf("got %+v and %v", got, err)
		}
	})
	s.run("updates", func(t *testing.T) {
		var got widget
		err := table.Update("p", "ann").Range("s", 2).Add("Count", 2).Set("made", time.Unix(2e9, 0)).
			DeleteFromSet("tags", "a").If("'Count' < ?", 1).Value(t.Context(), &got)
		if err != nil || got.Count != 2 || len(got.Tags) != 1 || got.Tags[0] != "b" {
			t.Errorf("got %+v and %v", got, err)
		}
	})
	s.run("writes a transaction", func(t *testing.T) {
		tx := db.WriteTx().Idempotent(true)
		tx.Put(table.Put(widget{Owner: "bob", ID: 1}))
		tx.Delete(table.Delete("p", "ann").Range("s", 0))
		tx.Check(table.Check("p", "ann").Range("s", 4).IfExists())
		if err := tx.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		var gone widget
		err := table.Get("p", "ann").Range("s", dynamo.Equal, 0).Consistent(true).One(t.Context(), &gone)
		if !errors.Is(err, dynamo.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})
	s.run("writes and reads batches", func(t *testing.T) {
		wrote, err := table.Batch("p", "s").Write().
			Put(widget{Owner: "cid", ID: 1}, widget{Owner: "cid", ID: 2}).Run(t.Context())
		if err != nil || wrote != 2 {
			t.Fatalf("wrote %d and %v", wrote, err)
		}
		var got []widget
		err = table.Batch("p", "s").Get(dynamo.Keys{"cid", 1}, dynamo.Keys{"cid", 2}, dynamo.Keys{"cid", 3}).
			Consistent(true).All(t.Context(), &got)
		if err != nil || len(got) != 2 {
			t.Errorf("got %+v and %v", got, err)
		}
	})
	s.run("scans", func(t *testing.T) {
		count, err := table.Scan().Consistent(true).Count(t.Context())
		if err != nil || count != 7 {
			t.Errorf("got %d and %v, want 7", count, err)
		}
	})
}
