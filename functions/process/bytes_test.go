package process_test

import (
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func TestWhatIsWrongWithAPictureIsAnOutcome(t *testing.T) {
	r := open(t)
	whole := photo(t, 1)
	text := []byte("this is text")
	for _, c := range []struct {
		name             string
		promised, stored []byte
		want             gallery.FailureCode
	}{
		{"text named .jpg", text, text, gallery.Unsupported},
		{"a truncated JPEG", whole[:len(whole)/2], whole[:len(whole)/2], gallery.Corrupt},
		{"other bytes than announced", photo(t, 2), photo(t, 3), gallery.Mismatch},
		{"fewer bytes than announced", photo(t, 4), photo(t, 4)[:100], gallery.Mismatch},
		{"more bytes than announced", photo(t, 5), append(photo(t, 5), 0), gallery.Mismatch},
	} {
		i := r.stored(r.announced(c.promised), c.stored)
		if failed := r.deliver(r.handler, event(t, i)); failed != 0 {
			t.Errorf("%s: not taken", c.name)
		}
		if got := r.get(i); got.Status != gallery.Failed || got.Failure != c.want {
			t.Errorf("%s: got %s %s, want FAILED %s", c.name, got.Status, got.Failure, c.want)
		}
	}
	if keys := r.objects("renditions"); len(keys) != 0 {
		t.Errorf("renditions of pictures that failed: %v", keys)
	}
}

func TestAnObjectWithoutARecordIsDeleted(t *testing.T) {
	r := open(t)
	i := gallery.Image{Owner: "ann", ID: "019353ab-9c4e-7def-8123-456789abcdef"}
	r.stored(i, []byte("x"))
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || len(r.objects("uploads")) != 0 {
		t.Errorf("%d to be repeated, left: %v", failed, r.objects("uploads"))
	}
}

func TestBytesOfAnImageThatIsBeingPurgedAreDeletedOnSight(t *testing.T) {
	r := open(t)
	data := photo(t, 13)
	i := r.announced(data)
	if err := r.images.Save(t.Context(), i.Purge(noon)); err != nil {
		t.Fatal(err)
	}
	r.stored(i, data)
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || len(r.objects("uploads")) != 0 {
		t.Errorf("%d to be repeated, left: %v", failed, r.objects("uploads"))
	}
}

func TestWrongBytesMakeRoomForTheRightOnes(t *testing.T) {
	r := open(t)
	i := r.stored(r.announced(photo(t, 14)), photo(t, 15))
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Failure != gallery.Mismatch {
		t.Fatalf("%d to be repeated, %+v", failed, r.get(i))
	}
	a, err := dynamodb.Users{DB: r.images.DB, Tables: r.images.Tables}.Account(t.Context(), "ann")
	if err != nil || a.Usage != (gallery.Usage{}) || len(r.objects("uploads")) != 0 {
		t.Errorf("it still counts: %+v, %v, %v", a.Usage, r.objects("uploads"), err)
	}
	u := gallery.Upload{Filename: "b.jpg", ContentType: "image/jpeg", Bytes: i.Bytes, SHA256: i.SHA256}
	if err := r.images.Save(t.Context(), r.get(i).Announce(u, noon)); err != nil {
		t.Fatal(err)
	}
	r.stored(i, photo(t, 14))
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Status != gallery.Ready {
		t.Errorf("%d to be repeated, %+v", failed, r.get(i))
	}
}

func TestAnEventAheadOfItsBytesIsHarmless(t *testing.T) {
	r := open(t)
	i := r.announced(photo(t, 9))
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Status != gallery.Pending {
		t.Errorf("%d to be repeated, %s", failed, r.get(i).Status)
	}
}
