package dynamodb_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func TestHashesAreReadWithoutTheTrashAndOtherOwners(t *testing.T) {
	images := dynamodb.Images{DB: open(t), Tables: tables}
	var want []gallery.Hashed
	for n := range 4 {
		i := newImage(ann, n)
		i.Facts.Capture.TakenAt = noon.Add(-time.Duration(n) * time.Hour)
		i.Facts.Looks.Hash = fmt.Sprintf("%016x", n)
		create(t, images, i)
		if n == 1 {
			if err := images.Save(t.Context(), i.Trash(noon)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want = append(want, gallery.Hashed{ID: i.ID, Hash: i.Facts.Looks.Hash})
	}
	create(t, images, newImage(ben, 9))
	got, err := images.Hashes(t.Context(), ann)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if none, err := images.Hashes(t.Context(), "nobody"); err != nil || len(none) != 0 {
		t.Errorf("of nobody: got %v, %v", none, err)
	}
}
