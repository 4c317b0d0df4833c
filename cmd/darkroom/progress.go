package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/darkroom/darkroom/gallery"
)

const maxName = 28 // columns of a file name beside its bar

// progress draws a moving line for each picture on its way, on a terminal; elsewhere it only prints what is finished.
type progress struct {
	out, err io.Writer
	bars     *mpb.Progress // nil elsewhere
	palette  palette
	now      func() time.Time

	mu sync.Mutex // makes a block come out in one piece

	troubled atomic.Value // the string that was last told of trouble
}

func newProgress(at console) *progress {
	p := &progress{out: at.out, err: at.err, palette: at.palette(), now: at.now}
	if at.moving() {
		p.bars = mpb.New(mpb.WithOutput(at.out))
	}
	return p
}

// print writes whole lines, above those that move.
func (p *progress) print(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bars != nil {
		if _, err := io.WriteString(p.bars, text); err == nil {
			return
		}
	}
	_, _ = io.WriteString(p.out, text)
}

// trouble tells of what is tried again, once until it works or the reason is another: above the lines that move, or beside what
// is printed for others to read.
func (p *progress) trouble(err error) {
	text := tryingAgain(err)
	switch said := p.troubled.Swap(text); {
	case said == text || text == "":
	case p.bars != nil:
		p.print(p.palette.dim(text) + "\n")
	default:
		p.mu.Lock()
		defer p.mu.Unlock()
		_, _ = fmt.Fprintln(p.err, text)
	}
}

// close draws what is left to draw. Every row must have been closed.
func (p *progress) close() {
	if p.bars != nil {
		p.bars.Wait()
	}
}

// row is the moving line of one picture. Without a terminal it does nothing.
type row struct {
	bar *mpb.Bar
	now func() time.Time

	mu     sync.Mutex
	status gallery.Status // empty while the file is read and sent
	since  time.Time
}

func (p *progress) row(path string) *row {
	r := &row{now: p.now, since: p.now()}
	if p.bars == nil {
		return r
	}
	r.bar = p.bar(filepath.Base(path), func(s decor.Statistics) string { return r.text(s.Current, s.Total) })
	return r
}

// bar draws a line with a name before it and a text behind it. It ends when it is told to, not when it is full.
func (p *progress) bar(name string, text func(decor.Statistics) string, more ...mpb.BarOption) *mpb.Bar {
	style := mpb.BarStyle().Lbound("").Rbound("").Filler("━").Tip("━").Padding("─").
		FillerMeta(p.palette.good).TipMeta(p.palette.good).PaddingMeta(p.palette.dim)
	return p.bars.New(0, style, append(more,
		mpb.BarRemoveOnComplete(),
		mpb.BarWidth(30),
		mpb.PrependDecorators(decor.Name(pad(fit(printable(name), maxName), maxName)+" ")),
		mpb.AppendDecorators(decor.Any(func(s decor.Statistics) string { return " " + text(s) })),
	)...)
}

// text says what is going on, and for how long.
func (r *row) text(sent, total int64) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	spent := seconds(r.now().Sub(r.since))
	switch {
	case r.status.Ended():
		return strings.ToLower(string(r.status))
	case r.status == gallery.Processing:
		return "developing " + spent
	case r.status != "":
		return "sent; waiting " + spent
	case total <= 0:
		return "reading"
	}
	return fmt.Sprintf("%s of %s", size(sent), size(total))
}

// measured tells how many bytes there are to send.
func (r *row) measured(total int64) {
	if r.bar != nil {
		r.bar.SetTotal(total, false)
	}
}

// sent tells how many have been sent.
func (r *row) sent(n int64) {
	if r.bar != nil {
		r.bar.SetCurrent(n)
	}
}

// at tells that the image has come to a status. A step back is not shown: the news of a file's arrival may be older than
// that of its development.
func (r *row) at(s gallery.Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s == r.status || r.status != "" && s == gallery.Pending {
		return
	}
	r.status, r.since = s, r.now()
}

func (r *row) close() {
	if r.bar != nil {
		r.bar.Abort(true)
		r.bar.Wait()
	}
}
