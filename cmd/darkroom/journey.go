package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// maxSteps bounds what is remembered of a journey; three or four are usual.
const maxSteps = 16

// step is an image's entry into a status.
type step struct {
	status gallery.Status
	at     time.Time // by the clock of the deployment
}

// journey is what has been seen of an image on its way to READY or FAILED.
type journey struct {
	arrived func(gallery.Status) // is told of each new status

	mu    sync.Mutex
	last  gallery.Event
	steps []step
	news  chan struct{} // holds one value when last has changed
}

// take notes an event, unless a newer one is known.
func (j *journey) take(e gallery.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Version <= j.last.Version {
		return
	}
	changed := e.Status != j.last.Status
	j.last = e
	if changed && len(j.steps) < maxSteps {
		j.steps = append(j.steps, step{e.Status, e.At})
	}
	if changed {
		j.arrived(e.Status)
	}
	select {
	case j.news <- struct{}{}:
	default: // the one who waits has yet to look, and will see this too
	}
}

// end waits until nothing more is going to happen to the image, and answers the event that says so.
func (j *journey) end(ctx context.Context) (gallery.Event, error) {
	for {
		j.mu.Lock()
		last := j.last
		j.mu.Unlock()
		if last.Status.Ended() || !last.DeletedAt.IsZero() {
			return last, nil
		}
		select {
		case <-j.news:
		case <-ctx.Done():
			return last, ctx.Err()
		}
	}
}

func (j *journey) path() []step {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.steps)
}

// tracker hands events to the journeys that they belong to. Two files with the same bytes have two journeys of one image.
type tracker struct {
	mu       sync.Mutex
	journeys map[gallery.ID][]*journey
}

func newTracker() *tracker { return &tracker{journeys: map[gallery.ID][]*journey{}} }

// watch begins a journey with an image as it is known.
func (t *tracker) watch(image client.Image, arrived func(gallery.Status)) *journey {
	j := &journey{
		arrived: arrived,
		last:    image.Event(),
		steps:   []step{{image.Status, image.UpdatedAt}},
		news:    make(chan struct{}, 1),
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.journeys[image.ID] = append(t.journeys[image.ID], j)
	return j
}

func (t *tracker) forget(id gallery.ID, j *journey) {
	t.mu.Lock()
	defer t.mu.Unlock()
	rest := slices.DeleteFunc(t.journeys[id], func(other *journey) bool { return other == j })
	if len(rest) == 0 {
		delete(t.journeys, id)
		return
	}
	t.journeys[id] = rest
}

// see takes an event of the feed.
func (t *tracker) see(e gallery.Event) error {
	t.mu.Lock()
	watching := slices.Clone(t.journeys[e.ID])
	t.mu.Unlock()
	for _, j := range watching {
		j.take(e)
	}
	return nil
}
