package gallery_test

import (
	"errors"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func pending() gallery.Image {
	return gallery.New("ann", "01a", gallery.Upload{Filename: "a.jpg", Bytes: 10}, noon)
}

func claimed(t *testing.T) gallery.Image {
	t.Helper()
	i, err := pending().Claim(noon)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestAStatusIsFollowedOnlyByWhatMayFollow(t *testing.T) {
	all := []gallery.Status{gallery.Pending, gallery.Processing, gallery.Ready, gallery.Failed}
	may := map[gallery.Status]string{
		gallery.Pending:    "PROCESSING FAILED",
		gallery.Processing: "PROCESSING READY FAILED",
		gallery.Ready:      "PROCESSING",
		gallery.Failed:     "PENDING PROCESSING",
	}
	for _, from := range all {
		got := ""
		for _, to := range all {
			if from.CanBecome(to) {
				got += " " + string(to)
			}
		}
		if got != " "+may[from] {
			t.Errorf("%s: got%s, want %s", from, got, may[from])
		}
	}
	if gallery.Status("LOST").Valid() {
		t.Error("an unknown status is valid")
	}
}

func TestEveryChangeRaisesTheVersionByOne(t *testing.T) {
	ready, err := claimed(t).Finish(gallery.Facts{}, nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	failed, err := claimed(t).Fail(gallery.Corrupt, noon)
	if err != nil {
		t.Fatal(err)
	}
	again, err := failed.Retry(noon.Add(gallery.RetryPause))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ before, after gallery.Image }{
		"renew":   {pending(), pending().Renew(noon.Add(time.Hour))},
		"claim":   {pending(), claimed(t)},
		"release": {claimed(t), claimed(t).Release(noon)},
		"finish":  {claimed(t), ready},
		"fail":    {claimed(t), failed},
		"retry":   {failed, again},
		"trash":   {ready, ready.Trash(noon)},
		"restore": {ready.Trash(noon), ready.Trash(noon).Restore(noon)},
	} {
		if c.after.Version != c.before.Version+1 {
			t.Errorf("%s: got version %d after %d", name, c.after.Version, c.before.Version)
		}
	}
}

func TestAClaimIsExclusiveUntilItsLeaseRunsOut(t *testing.T) {
	i := claimed(t)
	if _, err := i.Claim(noon.Add(gallery.Lease - time.Second)); !errors.Is(err, gallery.ErrLeased) {
		t.Errorf("while the lease lasts: got %v, want %v", err, gallery.ErrLeased)
	}
	second, err := i.Claim(noon.Add(gallery.Lease))
	if err != nil || second.Attempt != 2 {
		t.Errorf("after it: got attempt %d, %v, want 2", second.Attempt, err)
	}
	if second.Deadline != i.Deadline {
		t.Errorf("the deadline moved from %v to %v: an image could stay unfinished for ever", i.Deadline, second.Deadline)
	}
	if _, err := i.Release(noon).Claim(noon); err != nil {
		t.Errorf("a claim given back: %v", err)
	}
}

func TestADeletedImageIsNotWorkedOn(t *testing.T) {
	i := claimed(t).Trash(noon)
	if _, err := i.Claim(noon.Add(time.Hour)); !errors.Is(err, gallery.ErrNotFound) {
		t.Errorf("claim: got %v", err)
	}
	if _, err := i.Finish(gallery.Facts{}, nil, noon); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("finish: got %v", err)
	}
	if _, err := i.Fail(gallery.Corrupt, noon); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("fail: got %v", err)
	}
	if i.Owed() {
		t.Error("it is owed work")
	}
	back := i.Restore(noon)
	if !back.Owed() || back.Deleted() || !back.PurgeAt.IsZero() {
		t.Errorf("restored: got %+v", back)
	}
	if _, err := back.Claim(noon); !errors.Is(err, gallery.ErrLeased) {
		t.Errorf("claim while the worker of before may be at work: got %v, want %v", err, gallery.ErrLeased)
	}
	if _, err := back.Claim(noon.Add(gallery.Lease)); err != nil {
		t.Errorf("claim after its lease: %v", err)
	}
}

func TestBytesThatComeLateAreTakenUp(t *testing.T) {
	i, err := pending().Fail(gallery.NeverArrived, noon)
	if err != nil || !i.Owed() {
		t.Fatalf("given up: owed %v, %v", i.Owed(), err)
	}
	if i, err = i.Claim(noon); err != nil || i.Failure != "" {
		t.Errorf("claim: failure %q, %v", i.Failure, err)
	}
	other, err := claimed(t).Fail(gallery.Corrupt, noon)
	if err != nil || other.Owed() {
		t.Errorf("a corrupt picture: owed %v, %v", other.Owed(), err)
	}
}

func TestWhatHasEndedIsOwedNothing(t *testing.T) {
	ready, err := claimed(t).Finish(gallery.Facts{Width: 1}, nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	if ready.Owed() || !ready.Deadline.IsZero() || !ready.LeaseUntil.IsZero() || ready.Stage != "" {
		t.Errorf("got %+v", ready)
	}
}

func TestTheTimersAreInTheOrderThatKeepsThemSafe(t *testing.T) {
	if gallery.ProcessTimeout >= gallery.Lease {
		t.Error("a worker could outlive its lease")
	}
	if gallery.Lease >= gallery.QueueVisibility || gallery.QueueVisibility < 6*gallery.ProcessTimeout {
		t.Error("an event could come back while its worker still holds the lease")
	}
	if gallery.FinishWithin < gallery.QueueReceives*gallery.QueueVisibility {
		t.Error("an image could be given up while its event still has deliveries left")
	}
}
