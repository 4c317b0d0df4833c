package dynamodb_test

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

// The library that the product uses speaks in its own dialect: legacy key conditions, and empty values.
func TestGureguDynamoWorks(t *testing.T) {
	c := newCloud(t)
	ctx := t.Context()
	db := dynamo.NewFromIface(c.db)
	if err := db.CreateTable("widgets", widget{}).OnDemand(true).Wait(ctx); err != nil {
		t.Fatal(err)
	}
	table := db.Table("widgets")
	for id := range 5 {
		w := widget{Owner: "ann", ID: id, Made: time.Unix(1e9, 0).UTC(), Tags: []string{"b", "a"}}
		if err := table.Put(w).If("attribute_not_exists(p)").Run(ctx); err != nil {
			t.Fatal(err)
		}
	}
	err := table.Put(widget{Owner: "ann"}).If("attribute_not_exists($)", "p").Run(ctx)
	if !dynamo.IsCondCheckFailed(err) {
		t.Errorf("a second put: got %v, want a failed condition", err)
	}

	var found []widget
	err = table.Get("p", "ann").Range("s", dynamo.Between, 1, 3).Order(dynamo.Descending).Filter("'Count' = ?", 0).
		All(ctx, &found)
	if err != nil || len(found) != 3 || found[0].ID != 3 || len(found[0].Tags) != 2 {
		t.Errorf("got %+v and %v", found, err)
	}
	var updated widget
	err = table.Update("p", "ann").Range("s", 2).Add("Count", 2).Set("made", time.Unix(2e9, 0)).
		DeleteFromSet("tags", "a").If("'Count' < ?", 1).Value(ctx, &updated)
	if err != nil || updated.Count != 2 || updated.Tags[0] != "b" {
		t.Errorf("got %+v and %v", updated, err)
	}
	tx := db.WriteTx().Idempotent(true)
	tx.Put(table.Put(widget{Owner: "bob", ID: 1}))
	tx.Delete(table.Delete("p", "ann").Range("s", 0))
	tx.Check(table.Check("p", "ann").Range("s", 4).IfExists())
	if err := tx.Run(ctx); err != nil {
		t.Error(err)
	}
	var gone widget
	if err := table.Get("p", "ann").Range("s", dynamo.Equal, 0).One(ctx, &gone); !errors.Is(err, dynamo.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	count, err := table.Scan().Count(ctx)
	if err != nil || count != 5 {
		t.Errorf("got %d and %v, want 5", count, err)
	}
}
