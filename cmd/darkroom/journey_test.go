package main

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

func at(version int64, s gallery.Status) gallery.Event {
	return gallery.Event{ID: "x", Version: version, Status: s, At: time.Unix(version, 0)}
}

func TestAJourneyGoesOnByVersions(t *testing.T) {
	deleted := at(2, gallery.Pending)
	deleted.DeletedAt = time.Unix(2, 0)
	tests := map[string]struct {
		events []gallery.Event
		want   []gallery.Status
	}{
		"in order": {
			[]gallery.Event{at(1, gallery.Pending), at(2, gallery.Processing), at(3, gallery.Ready)},
			[]gallery.Status{gallery.Pending, gallery.Processing, gallery.Ready},
		},
		"with an older one": {
			[]gallery.Event{at(3, gallery.Ready), at(2, gallery.Processing)},
			[]gallery.Status{gallery.Pending, gallery.Ready},
		},
		"with one seen twice": {
			[]gallery.Event{at(2, gallery.Failed), at(2, gallery.Failed)},
			[]gallery.Status{gallery.Pending, gallery.Failed},
		},
		"with a worker lost": {
			[]gallery.Event{at(2, gallery.Processing), at(3, gallery.Processing), at(4, gallery.Ready)},
			[]gallery.Status{gallery.Pending, gallery.Processing, gallery.Ready},
		},
		"into the trash": {[]gallery.Event{deleted}, []gallery.Status{gallery.Pending}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tracker := newTracker()
			image := client.Image{Image: gallery.Image{ID: "x", Version: 1, Status: gallery.Pending}}
			j := tracker.watch(image, func(gallery.Status) {})
			for _, e := range test.events {
				if err := tracker.see(e); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := j.end(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got []gallery.Status
			for _, s := range j.path() {
				got = append(got, s.status)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("it went %v, want %v", got, test.want)
			}
			tracker.forget("x", j)
			if len(tracker.journeys) > 0 {
				t.Errorf("%d journeys are still tracked", len(tracker.journeys))
			}
		})
	}
}

func TestAJourneyWithoutAnEndEndsWithItsContext(t *testing.T) {
	j := newTracker().watch(client.Image{Image: gallery.Image{ID: "x", Status: gallery.Processing}}, func(gallery.Status) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.end(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v, want %v", err, context.Canceled)
	}
}
