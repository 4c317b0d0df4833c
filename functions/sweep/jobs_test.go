package sweep_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/darkroom/darkroom/gallery"
)

func TestAJobAdvancesStopsWhenCancelledAndEnds(t *testing.T) {
	f := open(t)
	var all []gallery.Image
	for n := range 110 {
		all = append(all, f.finished(f.announced(n), gallery.Rendition{Name: "large"}))
	}
	id := func() gallery.ID { return gallery.ID(uuid.Must(uuid.NewV7()).String()) }
	job := gallery.Job{Owner: ann, ID: id(), State: gallery.JobRunning, Until: id(), Version: 1, CreatedAt: noon, UpdatedAt: noon}
	younger := f.ready(f.announced(1000), "d")
	if err := f.jobs.Start(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if err := f.jobs.Start(t.Context(), gallery.Job{Owner: ann, ID: id(), State: gallery.JobRunning, Version: 1}); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("a second job at once: got %v, want %v", err, gallery.ErrConflict)
	}
	f.sweep()
	got, err := f.jobs.Job(t.Context(), ann, job.ID)
	if err != nil || got.Asked != 100 || got.State != gallery.JobRunning || len(f.queue.asked) != 100 {
		t.Fatalf("after one run: %+v, %v, asked for %d", got, err, len(f.queue.asked))
	}
	f.sweep()
	got, err = f.jobs.Job(t.Context(), ann, job.ID)
	if err != nil || got.Asked != 110 || got.State != gallery.JobDone || f.get(younger).Status != gallery.Ready {
		t.Errorf("after two: %+v, %v", got, err)
	}
	if i := f.get(all[0]); i.Status != gallery.Processing || len(i.Renditions) != 1 {
		t.Errorf("asked for: %s with %d renditions, want PROCESSING with the old one", i.Status, len(i.Renditions))
	}
	second := job
	second.ID = id()
	if err := f.jobs.Start(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if err := f.jobs.SaveJob(t.Context(), second.Cancel(*f.now)); err != nil {
		t.Fatal(err)
	}
	f.sweep()
	if got, err := f.jobs.Job(t.Context(), ann, second.ID); err != nil || got.Asked != 0 || got.State != gallery.JobCancelled {
		t.Errorf("cancelled: %+v, %v", got, err)
	}
}
