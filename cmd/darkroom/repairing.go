package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/darkroom/darkroom/internal/local/s3"
)

const (
	saidEvery = 10 * time.Second // where there is no terminal
	perObject = 100_000          // bytes that could be read in the time that it takes to open a file
)

// repairing shows how a data folder is repaired that was copied without its attributes: on a terminal by a bar for each
// bucket, elsewhere by a line now and then. It is told of one step after the other.
type repairing struct {
	show *progress
	bar  *mpb.Bar
	said time.Time // a line, last

	mu    sync.Mutex // the bar is drawn by another goroutine
	now   s3.Repair
	began time.Time
}

func (r *repairing) tell(now s3.Repair) {
	at := r.show.now()
	r.mu.Lock()
	begins := now.Bucket != r.now.Bucket
	if r.now = now; begins {
		r.began, r.said = at, at
	}
	r.mu.Unlock()
	switch {
	case r.show.bars != nil:
		r.draw(begins)
	case at.Sub(r.said) >= saidEvery:
		r.said = at
		fmt.Fprintln(r.show.err, r.text())
	}
}

// draw moves the bar of a bucket, which goes when the bucket is whole.
func (r *repairing) draw(begins bool) {
	if begins {
		r.bar = r.show.bar("repairing "+r.now.Bucket, func(decor.Statistics) string { return r.text() })
		r.bar.SetTotal(int64(r.now.AllObjects)+1, false)
	}
	r.bar.SetCurrent(int64(r.now.Objects))
	if r.now.Objects == r.now.AllObjects {
		r.bar.Abort(true)
	}
}

// end leaves nothing of it on the terminal, also where the repair was cut short.
func (r *repairing) end() {
	if r.bar != nil {
		r.bar.Abort(true)
	}
	r.show.close()
}

func (r *repairing) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.now
	text := fmt.Sprintf("%d of %d objects of %s repaired, %s of %s", n.Objects, n.AllObjects, n.Bucket, size(n.Bytes), size(n.AllBytes))
	done, all := n.Bytes+perObject*int64(n.Objects), n.AllBytes+perObject*int64(n.AllObjects)
	if left, known := remaining(r.show.now().Sub(r.began), done, all); known {
		text += fmt.Sprintf(", %s left", left)
	}
	return text
}

// remaining is the time that work takes yet, as far as one can tell after a while, in whole seconds.
func remaining(spent time.Duration, done, all int64) (left time.Duration, known bool) {
	if spent < time.Second || done <= 0 {
		return 0, false
	}
	return time.Duration(float64(spent) * float64(all-done) / float64(done)).Round(time.Second), true
}
