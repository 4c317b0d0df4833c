package sweep

import (
	"sync/atomic"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// lateness is the age of the oldest image that was due and has not ended by this run, in nanoseconds since its bytes were
// first worked on; one that was never worked on counts from so long before its deadline. 0: there is none. An image that is
// not due is younger than any that is.
type lateness struct{ atomic.Int64 }

// note takes an image in, unless it has ended.
func (l *lateness) note(i gallery.Image, now time.Time) {
	if i.Deleted() || i.Status.Ended() {
		return
	}
	age := int64(now.Sub(i.Deadline) + gallery.FinishWithin)
	for {
		oldest := l.Load()
		if age <= oldest || l.CompareAndSwap(oldest, age) {
			return
		}
	}
}

func (l *lateness) age() time.Duration { return time.Duration(l.Load()) }
