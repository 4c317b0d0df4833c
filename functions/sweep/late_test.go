package sweep

import (
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

func TestTheOldestThatHasNotEndedCounts(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	image := func(status gallery.Status, deadline time.Duration) gallery.Image {
		return gallery.Image{Status: status, Deadline: now.Add(deadline)}
	}
	trashed := image(gallery.Processing, -time.Hour)
	trashed.DeletedAt = now
	for name, c := range map[string]struct {
		images []gallery.Image
		want   time.Duration
	}{
		"none":                     {nil, 0},
		"one in its time":          {[]gallery.Image{image(gallery.Processing, 10*time.Minute)}, 20 * time.Minute},
		"one that is overdue":      {[]gallery.Image{image(gallery.Processing, -time.Minute)}, 31 * time.Minute},
		"the oldest of them":       {[]gallery.Image{image(gallery.Processing, 0), image(gallery.Pending, -time.Hour), image(gallery.Processing, time.Minute)}, 90 * time.Minute},
		"none of those that ended": {[]gallery.Image{image(gallery.Ready, -time.Hour), image(gallery.Failed, -time.Hour), trashed}, 0},
	} {
		var l lateness
		var all sync.WaitGroup
		for _, i := range c.images {
			all.Go(func() { l.note(i, now) })
		}
		all.Wait()
		if got := l.age(); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
