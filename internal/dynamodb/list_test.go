package dynamodb_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// names pages through a listing and answers the SHA-256's last digits in the order they came.
func names(t *testing.T, images dynamodb.Images, l gallery.Listing) []string {
	t.Helper()
	var all []string
	for range 100 {
		page, err := images.List(t.Context(), ann, l)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Images) > l.First {
			t.Fatalf("a page of %d holds %d", l.First, len(page.Images))
		}
		for _, i := range page.Images {
			all = append(all, i.SHA256[62:])
		}
		if !page.More {
			return all
		}
		l.After = page.End
	}
	t.Fatal("the list does not end")
	return nil
}

func TestListsGoFromTheNewestToTheOldest(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	var all []gallery.Image
	for n := range 5 {
		i := newImage(ann, n)
		// the later uploaded, the earlier taken
		i.Facts.Capture.TakenAt = noon.Add(-time.Duration(n) * time.Hour)
		all = append(all, i)
	}
	create(t, images, all...)
	create(t, images, newImage(ben, 9))
	if err := images.Save(t.Context(), all[2].Trash(noon)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		l    gallery.Listing
		want []string
	}{
		{"by upload", gallery.Listing{First: 100, Order: gallery.Uploaded}, []string{"04", "03", "01", "00"}},
		{"by upload, page by page", gallery.Listing{First: 1, Order: gallery.Uploaded}, []string{"04", "03", "01", "00"}},
		{"by capture", gallery.Listing{First: 100, Order: gallery.TakenAt}, []string{"00", "01", "03", "04"}},
		{"by capture, page by page", gallery.Listing{First: 3, Order: gallery.TakenAt}, []string{"00", "01", "03", "04"}},
		{"pending", gallery.Listing{First: 2, Order: gallery.Uploaded, Status: gallery.Pending}, []string{"04", "03", "01", "00"}},
		{"ready", gallery.Listing{First: 2, Order: gallery.TakenAt, Status: gallery.Ready}, nil},
	} {
		if got := names(t, images, c.l); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestACursorOfAnotherKindIsRefused(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	create(t, images, newImage(ann, 1), newImage(ann, 2))
	page, err := images.List(t.Context(), ann, gallery.Listing{First: 1, Order: gallery.Uploaded})
	if err != nil {
		t.Fatal(err)
	}
	for name, after := range map[string]string{"of the other order": page.End, "garbage": "%%%", "empty key": "VEFLRU58"} {
		_, err := images.List(t.Context(), ann, gallery.Listing{First: 1, Order: gallery.TakenAt, After: after})
		var refusal *gallery.Error
		if !errors.As(err, &refusal) || refusal.Field != "after" {
			t.Errorf("%s: got %v, want INVALID_INPUT of after", name, err)
		}
	}
}
