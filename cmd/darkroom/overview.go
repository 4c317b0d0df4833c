package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// maxFailures bounds how many failures are listed; the rest is counted.
const maxFailures = 1000

// overview tells how the upload of a collection goes: on a terminal by a bar for all and a moving line for each file in
// work, elsewhere by a line for each that has ended; and by a table at the end.
type overview struct {
	*progress
	all   *mpb.Bar // nil without a terminal
	began time.Time

	mu       sync.Mutex
	total    int64 // files found so far
	left     int   // that were passed over
	done     map[string]int64
	bytes    int64 // sent
	failures []string
	last     string // trouble
}

func newOverview(p *progress) *overview {
	o := &overview{progress: p, began: p.now(), done: map[string]int64{}}
	if p.bars != nil {
		o.all = p.bar("all", func(decor.Statistics) string { return o.text() }, mpb.BarPriority(1<<30))
	}
	return o
}

func (o *overview) text() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var ended int64
	for _, n := range o.done {
		ended += n
	}
	line := fmt.Sprintf("%d of %d, %s sent", ended, o.total, size(o.bytes))
	if n := len(o.failures); n > 0 {
		line += fmt.Sprintf(", %d failed", n)
	}
	if o.last != "" {
		line += "; " + fit(o.last, 40)
	}
	return line
}

// passed tells how many files were passed over, being no pictures.
func (o *overview) passed(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.left = n
}

// found counts a file. The bar is told outside of the lock: drawing it takes the lock too.
func (o *overview) found() {
	o.mu.Lock()
	o.total++
	total := o.total
	o.mu.Unlock()
	if o.all != nil {
		o.all.SetTotal(total, false)
	}
}

// trouble tells of what is tried again, in the bar if there is one.
func (o *overview) trouble(err error) {
	if o.all == nil {
		o.progress.trouble(err)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = tryingAgain(err)
}

// count notes the end of a file.
func (o *overview) count(what string, sent int64) {
	o.mu.Lock()
	o.done[what]++
	o.bytes += sent
	o.last = ""
	o.mu.Unlock()
	if o.all != nil {
		o.all.Increment()
	}
}

// had notes a file whose bytes were there before.
func (o *overview) had(f client.File, i client.Image) {
	if i.Status == gallery.Failed {
		o.fail(f.Path, string(i.Failure), i.Failure.Message())
		return
	}
	o.count("already there", 0)
}

// ended notes a file whose image has ended.
func (o *overview) ended(f client.File, e gallery.Event, already bool) {
	sent := f.Bytes
	if already {
		sent = 0
	}
	if e.Status == gallery.Failed {
		o.fail(f.Path, string(e.Failure), e.Failure.Message())
		return
	}
	o.count("ready", sent)
	if o.all == nil {
		o.print(fmt.Sprintf("%s %s  %s\n", o.palette.good("✓"), printable(f.Path), o.palette.dim(size(f.Bytes))))
	}
}

// failed notes a file that could not be uploaded. That everything was stopped is said once, for all.
func (o *overview) failed(ctx context.Context, path string, err error) {
	if ctx.Err() != nil {
		return
	}
	reason, kind := err.Error(), "not uploaded"
	var file *fs.PathError
	var refusal *gallery.Error
	switch {
	case errors.As(err, &file):
		reason, kind = file.Err.Error(), "not read"
	case errors.As(err, &refusal):
		kind = string(refusal.Code)
	}
	o.fail(path, kind, reason)
}

func (o *overview) fail(path, kind, reason string) {
	o.count(printable(kind), 0)
	o.mu.Lock()
	if len(o.failures) < maxFailures {
		o.failures = append(o.failures, path)
	}
	o.mu.Unlock()
	o.print(fmt.Sprintf("%s %s  %s  %s\n", o.palette.bad("✗"), printable(path), printable(kind), printable(reason)))
}

// end draws no more, and answers how many files failed, and the table of what became of all.
func (o *overview) end() (failed int64, table string) {
	if o.all != nil {
		o.all.Abort(true)
	}
	o.close()
	o.mu.Lock()
	defer o.mu.Unlock()
	var kinds []string
	for kind, n := range o.done {
		if kind != "ready" && kind != "already there" {
			kinds = append(kinds, kind)
			failed += n
		}
	}
	slices.Sort(kinds)
	var b strings.Builder
	for _, kind := range append([]string{"ready", "already there"}, kinds...) {
		fmt.Fprintf(&b, "  %s  %s\n", pad(kind, 20), padLeft(fmt.Sprint(o.done[kind]), 8))
	}
	if o.left > 0 {
		fmt.Fprintf(&b, "  %s  %s\n", pad("no pictures", 20), padLeft(fmt.Sprint(o.left), 8))
	}
	took := max(o.now().Sub(o.began), time.Millisecond)
	ended := o.done["ready"] + o.done["already there"] + failed
	fmt.Fprintf(&b, "  %d of %d files in %s, %s sent, %.1f files/s\n", ended, o.total, seconds(took), size(o.bytes), float64(ended)/took.Seconds())
	return failed, b.String()
}
