package process_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/functions/process"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

func TestAPictureIsDevelopedOnceHoweverOftenItsEventComes(t *testing.T) {
	r := open(t)
	data := photo(t, 0)
	i := r.stored(r.announced(data), data)
	for range 3 {
		if failed := r.deliver(r.handler, event(t, i)); failed != 0 {
			t.Fatalf("not taken: %s", r.log)
		}
	}
	got := r.get(i)
	if got.Status != gallery.Ready || got.Version != 3 || got.Facts.Width != 300 || got.Facts.Height != 200 {
		t.Errorf("got %s, version %d, %d × %d", got.Status, got.Version, got.Facts.Width, got.Facts.Height)
	}
	var want []string
	for _, rendition := range got.Renditions {
		want = append(want, s3.RenditionKey(i.Owner, i.ID, rendition))
	}
	keys := r.objects("renditions")
	slices.Sort(want)
	if len(want) != len(gallery.Specs()) || !slices.Equal(keys, want) {
		t.Errorf("renditions stored: got %v, want %v", keys, want)
	}
}

// TestWhatIsTriedAgainIsDevelopedOnce: by the event of a retry, not by one of before, and not twice.
func TestWhatIsTriedAgainIsDevelopedOnce(t *testing.T) {
	r := open(t)
	data := photo(t, 0)
	i := r.stored(r.announced(data), data)
	failed, err := i.Fail(gallery.TimedOut, noon)
	if err == nil {
		err = r.images.Save(t.Context(), failed)
	}
	if err != nil {
		t.Fatal(err)
	}
	r.deliver(r.handler, event(t, i))
	if got := r.get(i); got.Status != gallery.Failed {
		t.Fatalf("an event of before: got %s", got.Status)
	}
	again, err := failed.Retry(noon.Add(gallery.RetryPause))
	if err == nil {
		err = r.images.Save(t.Context(), again)
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if failed := r.deliver(r.handler, event(t, i)); failed != 0 {
			t.Fatalf("not taken: %s", r.log)
		}
	}
	if got := r.get(i); got.Status != gallery.Ready || got.Version != again.Version+2 || got.Failure != "" {
		t.Errorf("got %s %s, version %d after %d", got.Status, got.Failure, got.Version, again.Version)
	}
}

func TestWhatCannotBeUnderstoodIsReportedAndNotRepeated(t *testing.T) {
	r := open(t)
	for name, body := range map[string]string{
		"not JSON":           "{",
		"no records":         `{"Records":[]}`,
		"another key":        `{"Records":[{"s3":{"object":{"key":"elsewhere/x"}}}]}`,
		"a key that climbs":  `{"Records":[{"s3":{"object":{"key":"originals/../x/019353ab-9c4e-7def-8123-456789abcdef"}}}]}`,
		"a key ill-encoded":  `{"Records":[{"s3":{"object":{"key":"originals/%zz"}}}]}`,
		"something entirely": `[1,2,3]`,
	} {
		r.log.Reset()
		if failed := r.deliver(r.handler, body); failed != 0 || !strings.Contains(r.log.String(), "dropped") {
			t.Errorf("%s: %d to be repeated; log: %s", name, failed, r.log)
		}
	}
	r.log.Reset()
	if failed := r.deliver(r.handler, `{"Service":"Amazon S3","Event":"s3:TestEvent"}`); failed != 0 || r.log.Len() > 0 {
		t.Errorf("S3's test event: %d to be repeated; log: %s", failed, r.log)
	}
}

func TestALiveLeaseSendsTheEventBack(t *testing.T) {
	r := open(t)
	data := photo(t, 6)
	i := r.stored(r.announced(data), data)
	held, err := i.Claim(noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.images.Save(t.Context(), held); err != nil {
		t.Fatal(err)
	}
	*r.now = noon.Add(gallery.Lease - time.Second)
	if failed := r.deliver(r.handler, event(t, i)); failed != 1 || r.get(i).Version != held.Version {
		t.Errorf("while the lease lasts: %d to be repeated, want 1", failed)
	}
	*r.now = noon.Add(gallery.Lease)
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Status != gallery.Ready || r.get(i).Attempt != 2 {
		t.Errorf("after it: %d to be repeated, %+v", failed, r.get(i))
	}
}

func TestAPictureThatKillsItsWorkersIsGivenUp(t *testing.T) {
	r := open(t)
	data := photo(t, 12)
	i := r.stored(r.announced(data), data)
	for n := range gallery.MaxAttempts {
		claimed, err := r.get(i).Claim(r.now.Add(time.Duration(n) * gallery.Lease))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.images.Save(t.Context(), claimed); err != nil {
			t.Fatal(err)
		}
	}
	*r.now = noon.Add(gallery.MaxAttempts * gallery.Lease)
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Failure != gallery.TimedOut {
		t.Errorf("%d to be repeated, %+v", failed, r.get(i))
	}
}

// brokenRenditions is a bucket that cannot be written to.
type brokenRenditions struct{ process.Renditions }

func (brokenRenditions) PutRendition(context.Context, gallery.Image, gallery.Rendition, []byte) error {
	return errors.New("connection refused")
}

func TestAFaultOfOursGivesTheClaimBackAndSendsTheEventBack(t *testing.T) {
	r := open(t)
	data := photo(t, 7)
	i := r.stored(r.announced(data), data)
	broken := r.handler
	broken.Renditions = brokenRenditions{r.handler.Renditions}
	if failed := r.deliver(broken, event(t, i)); failed != 1 {
		t.Errorf("%d to be repeated, want 1", failed)
	}
	if got := r.get(i); got.Status != gallery.Processing || !got.LeaseUntil.IsZero() {
		t.Errorf("got %s, lease until %v", got.Status, got.LeaseUntil)
	}
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Status != gallery.Ready {
		t.Errorf("mended: %d to be repeated, %s", failed, r.get(i).Status)
	}
}

func TestADeletedImageStaysDeletedAndIsTakenUpAgainWhenRestored(t *testing.T) {
	r := open(t)
	data := photo(t, 8)
	i := r.stored(r.announced(data), data)
	h := r.handler
	h.Developer = watching{look: func() { // its owner deletes it while it is developed
		if err := r.images.Save(t.Context(), r.get(i).Trash(noon)); err != nil {
			t.Error(err)
		}
	}}
	if failed := r.deliver(h, event(t, i)); failed != 0 {
		t.Errorf("%d to be repeated: %s", failed, r.log)
	}
	if got := r.get(i); !got.Deleted() || got.Status != gallery.Processing || len(got.Renditions) != 0 {
		t.Errorf("got %+v", got)
	}
	if err := r.images.Save(t.Context(), r.get(i).Restore(noon)); err != nil {
		t.Fatal(err)
	}
	if failed := r.deliver(r.handler, event(t, i)); failed != 1 {
		t.Errorf("restored while the first worker might be at work: %d to be repeated, want 1", failed)
	}
	*r.now = noon.Add(gallery.Lease)
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Status != gallery.Ready {
		t.Errorf("restored: %d to be repeated, %s", failed, r.get(i).Status)
	}
	if got, want := len(r.objects("renditions")), len(r.get(i).Renditions); got != want {
		t.Errorf("%d renditions are stored, and %d named", got, want)
	}
}

func TestABatchIsTakenMessageByMessage(t *testing.T) {
	r := open(t)
	data := photo(t, 10)
	good := r.stored(r.announced(data), data)
	held := r.announced(photo(t, 11))
	r.stored(held, photo(t, 11))
	claimed, err := held.Claim(noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.images.Save(t.Context(), claimed); err != nil {
		t.Fatal(err)
	}
	if failed := r.deliver(r.handler, event(t, held), event(t, good), "{"); failed != 1 || r.get(good).Status != gallery.Ready {
		t.Errorf("%d to be repeated, want 1; the good one is %s", failed, r.get(good).Status)
	}
}
