package sweep_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

func TestAnUploadThatNeverArrivedEndsAndCountsNoLonger(t *testing.T) {
	f := open(t)
	i := f.announced(1)
	f.later(gallery.UploadLife + gallery.UploadGrace - time.Second)
	f.sweep()
	if got := f.get(i); got.Status != gallery.Pending {
		t.Errorf("before its time: %s", got.Status)
	}
	f.later(time.Second)
	f.sweep()
	f.sweep()
	if got := f.get(i); got.Failure != gallery.NeverArrived || got.Version != 2 {
		t.Errorf("got %s %s, version %d", got.Status, got.Failure, got.Version)
	}
	if got := f.usage(); got != (gallery.Usage{}) {
		t.Errorf("it still counts: %+v", got)
	}
	f.save(f.get(i).Claim(*f.now)) // its bytes come late
	if got, want := f.usage(), (gallery.Usage{Images: 1, Bytes: 1000}); got != want {
		t.Errorf("revived: it counts %+v, want %+v", got, want)
	}
}

func TestBytesWhoseEventWasLostAreFound(t *testing.T) {
	f := open(t)
	i := f.sent(f.announced(1))
	f.later(gallery.UploadLife + gallery.UploadGrace)
	f.queue.broken = true
	f.sweep()
	f.queue.broken = false
	f.later(gallery.QueueVisibility + gallery.Lease)
	f.sweep() // the queue was unreachable: once more
	f.sweep()
	if got := f.get(i); got.Status != gallery.Processing || len(f.queue.asked) != 1 || f.usage().InFlight != 0 {
		t.Errorf("got %s, asked for %v, %+v", got.Status, f.queue.asked, f.usage())
	}
}

func TestAnImageWhoseWorkerDiedIsAskedForAgainAndEndsInTime(t *testing.T) {
	f := open(t)
	i := f.save(f.sent(f.announced(1)).Claim(*f.now))
	f.put("renditions", s3.RenditionPrefix(i.Owner, i.ID)+"large-half.jpg")
	f.later(gallery.QueueVisibility + gallery.Lease - time.Second)
	f.sweep()
	if len(f.queue.asked) != 0 {
		t.Fatal("asked for while its event could still come back")
	}
	for range 40 { // minutes, in which nobody answers
		f.later(time.Minute)
		f.sweep()
	}
	got := f.get(i)
	if got.Failure != gallery.TimedOut || len(f.objects("renditions")) != 0 {
		t.Errorf("got %s %s, left over: %v", got.Status, got.Failure, f.objects("renditions"))
	}
	if n := len(f.queue.asked); n < 2 || n > 5 {
		t.Errorf("asked for %d times, want a few", n)
	}
	if bound := i.UpdatedAt.Add(gallery.FinishWithin + 2*gallery.SweepEvery); got.UpdatedAt.After(bound) {
		t.Errorf("it ended at %v, want no later than %v", got.UpdatedAt, bound)
	}
}

func TestALiveLeaseIsLeftAlone(t *testing.T) {
	f := open(t)
	i := f.save(f.sent(f.announced(1)).Claim(*f.now))
	f.later(gallery.FinishWithin - time.Second)
	i = f.save(i.Claim(*f.now)) // the last moment to take it over
	f.later(2 * time.Second)
	f.sweep()
	if got := f.get(i); got.Version != i.Version {
		t.Errorf("version %d became %d", i.Version, got.Version)
	}
	f.later(gallery.Lease)
	f.sweep()
	if got := f.get(i); got.Failure != gallery.TimedOut {
		t.Errorf("after it: %s %s", got.Status, got.Failure)
	}
}

func TestAChangeThatTheFeedHasMissedIsToldAgain(t *testing.T) {
	f := open(t)
	f.checkFeedFrom(noon)
	told, missed := f.announced(1), f.announced(2)
	if _, err := f.feed.Number(t.Context(), ann, []gallery.Event{told.Event()}, noon); err != nil {
		t.Fatal(err)
	}
	f.later(gallery.FeedLag - time.Second)
	f.sweep()
	if got := f.get(missed); got.Version != 1 {
		t.Fatalf("touched before its time: version %d", got.Version)
	}
	f.later(gallery.FeedCheck)
	f.sweep()
	f.sweep() // the next reading is hours away
	if f.get(told).Failure == "" || f.get(missed).Failure == "" {
		t.Fatal("both are overdue by now, too")
	}
	events := []gallery.Event{f.get(told).Event(), f.get(missed).Event()}
	if _, err := f.feed.Number(t.Context(), ann, events, *f.now); err != nil {
		t.Fatal(err)
	}
	f.later(gallery.FeedCheck)
	before := f.get(missed).Version
	f.sweep()
	if got := f.get(missed).Version; got != before {
		t.Errorf("told again though the feed has it: version %d after %d", got, before)
	}
	f.save(f.get(missed).Touch(*f.now), nil)
	f.later(gallery.FeedCheck)
	f.sweep()
	if got := f.get(missed).Version; got != before+2 {
		t.Errorf("not told again: version %d, want %d", got, before+2)
	}
}

func TestTwoSweepersAtOnceDoTheWorkOfOne(t *testing.T) {
	f := open(t)
	var all []gallery.Image
	for n := range 30 {
		all = append(all, f.announced(n))
	}
	trashed := f.ready(f.sent(f.announced(99)), "d")
	f.save(trashed.Trash(*f.now), nil)
	f.later(gallery.TrashLife)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := f.handler.Handle(context.Background(), sweep.Event{}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	f.later(gallery.Lease)
	f.sweep()
	for _, i := range all {
		if got := f.get(i); got.Failure != gallery.NeverArrived || got.Version != 2 {
			t.Errorf("%s %s, version %d", got.Status, got.Failure, got.Version)
		}
	}
	if !f.get(trashed).Purged() || f.usage() != (gallery.Usage{}) {
		t.Errorf("purged %v, usage %+v", f.get(trashed).Purged(), f.usage())
	}
}

func TestWhatCannotBeSweptDoesNotKeepTheRestFromIt(t *testing.T) {
	f := open(t)
	for n := range 120 {
		f.announced(n)
	}
	f.later(gallery.UploadLife + gallery.UploadGrace)
	last := f.announced(500)
	f.later(gallery.UploadLife + gallery.UploadGrace)
	f.handler.Objects = stubborn{f.handler.Objects, last.ID}
	f.sweep()
	f.sweep()
	if got := f.get(last); got.Failure != gallery.NeverArrived {
		t.Errorf("the last one is %s", got.Status)
	}
}

// stubborn cannot look for any original but one.
type stubborn struct {
	sweep.Objects
	but gallery.ID
}

func (s stubborn) HasOriginal(ctx context.Context, i gallery.Image) (bool, error) {
	if i.ID != s.but {
		return false, io.ErrUnexpectedEOF
	}
	return s.Objects.HasOriginal(ctx, i)
}
