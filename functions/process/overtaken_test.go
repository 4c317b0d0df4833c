package process_test

import (
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render"
)

func TestAWorkerWhoseClaimHasBeenTakenLeavesTheEndToTheOther(t *testing.T) {
	r := open(t)
	data := photo(t, 0)
	i := r.stored(r.announced(data), data)
	slow := r.handler
	slow.Developer = watching{r.handler.Developer.(render.Developer), func() { // it takes longer than its lease, and another worker begins
		*r.now = r.now.Add(gallery.Lease)
		claimed, err := r.get(i).Claim(*r.now)
		if err == nil {
			err = r.images.Save(t.Context(), claimed)
		}
		if err != nil {
			t.Error(err)
		}
	}}
	if failed := r.deliver(slow, event(t, i)); failed != 1 {
		t.Errorf("the event of an image that has no end yet is taken: %s", r.log)
	}
	if got := r.get(i); got.Status != gallery.Processing || got.Attempt != 2 || !got.Leased(*r.now) || len(got.Renditions) > 0 {
		t.Errorf("the claim of the other: %s, attempt %d, until %v, %d renditions", got.Status, got.Attempt, got.LeaseUntil, len(got.Renditions))
	}
	*r.now = r.now.Add(gallery.Lease)
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || r.get(i).Status != gallery.Ready {
		t.Errorf("when the other has died: %s, %s", r.get(i).Status, r.log)
	}
}
