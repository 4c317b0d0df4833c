package dynamodb_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func TestADeletionBeginsOnceAndIsTakenFurtherByOne(t *testing.T) {
	db := open(t)
	s, users := dynamodb.Deletions{DB: db, Tables: tables}, dynamodb.Users{DB: db, Tables: tables}
	for n := range 2 {
		if err := s.Begin(t.Context(), ann, noon.Add(time.Duration(n)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Begin(t.Context(), ben, noon); err != nil {
		t.Fatal(err)
	}
	all, err := s.Running(t.Context(), "", 10)
	if err != nil || len(all) != 2 || all[0].Owner != ann || !all[0].StartedAt.Equal(noon) {
		t.Fatalf("got %+v, %v", all, err)
	}
	if rest, err := s.Running(t.Context(), ann, 10); err != nil || len(rest) != 1 || rest[0].Owner != ben {
		t.Errorf("after the first: %+v, %v", rest, err)
	}
	first := all[0].Buried("01a")
	if err := s.SaveDeletion(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveDeletion(t.Context(), all[0].Buried("01b")); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("a second run: got %v, want %v", err, gallery.ErrConflict)
	}
	if err := s.SaveDeletion(t.Context(), first.Erased(noon)); err != nil {
		t.Fatal(err)
	}
	if a, err := users.Account(t.Context(), ann); err != nil || !a.ErasedAt.Equal(noon) || !a.DeletingAt.Equal(noon) {
		t.Errorf("the account: %+v, %v", a, err)
	}
	if err := s.End(t.Context(), first); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("an end of what has gone on: got %v, want %v", err, gallery.ErrConflict)
	}
	if err := s.End(t.Context(), first.Erased(noon)); err != nil {
		t.Fatal(err)
	}
	if a, err := users.Account(t.Context(), ann); err != nil || a.Closed() != nil {
		t.Errorf("after the end: %+v, %v", a, err)
	}
}

func TestNoRecordGoesBeforeItsImageIsBuried(t *testing.T) {
	db := open(t)
	s, images := dynamodb.Deletions{DB: db, Tables: tables}, dynamodb.Images{DB: db, Tables: tables}
	i, other := newImage(ann, 1), newImage(ben, 1)
	create(t, images, i, other)
	if err := s.EraseRecords(t.Context(), ann); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("got %v, want %v", err, gallery.ErrConflict)
	}
	if _, err := images.Get(t.Context(), ann, i.ID); err != nil {
		t.Errorf("the image: %v", err)
	}
	purging := i.Purge(noon)
	if err := errors.Join(images.Save(t.Context(), purging), images.Bury(t.Context(), purging.Bury(noon), i.SHA256)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.EraseRecords(t.Context(), ann); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := images.Record(t.Context(), ann, i.ID); !errors.Is(err, gallery.ErrNotFound) {
		t.Errorf("the tombstone: %v", err)
	}
	if _, err := images.Get(t.Context(), ben, other.ID); err != nil {
		t.Errorf("somebody else's: %v", err)
	}
}

func TestSharesAreListedInPagesByWhoeverOwnsThem(t *testing.T) {
	s := dynamodb.Shares{DB: open(t), Tables: tables}
	for n := range 5 {
		x := gallery.Share{
			ID: gallery.ShareID(fmt.Sprintf("%064x", n)), Owner: ann, Image: gallery.ID(fmt.Sprintf("image-%d", n/3)),
			Version: 4, Renditions: []string{"large"}, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour),
		}
		if err := s.Add(t.Context(), x); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(t.Context(), x); err != nil {
			t.Errorf("stored again, as when the answer was lost: %v", err)
		}
		another := x
		another.Image = "another"
		if err := s.Add(t.Context(), another); err == nil {
			t.Error("two shares by one token")
		}
		if got, err := s.Share(t.Context(), x.ID); err != nil || fmt.Sprint(got) != fmt.Sprint(x) {
			t.Errorf("got %+v, %v, want %+v", got, err, x)
		}
	}
	for image, want := range map[gallery.ID]string{"": "43210", "image-0": "210", "image-1": "43", "image": ""} {
		got, l := "", gallery.ShareListing{Image: image, First: 2}
		for more := true; more; {
			page, err := s.ListShares(t.Context(), ann, l)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range page.Shares {
				got += string(x.ID[63])
			}
			l.After, more = page.End, page.More && page.End != ""
		}
		if got != want {
			t.Errorf("of %q: got %s, want %s", image, got, want)
		}
	}
	if page, err := s.ListShares(t.Context(), ben, gallery.ShareListing{First: 9}); err != nil || len(page.Shares) != 0 {
		t.Errorf("somebody else's: %+v, %v", page, err)
	}
	for _, cursor := range []string{"x", "aW1hZ2U", "aW1hZ2UjMDE", "!"} {
		_, err := s.ListShares(t.Context(), ann, gallery.ShareListing{First: 9, After: cursor})
		var refusal *gallery.Error
		if !errors.As(err, &refusal) || refusal.Field != "after" {
			t.Errorf("%s: got %v", cursor, err)
		}
	}
}
