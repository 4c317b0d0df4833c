// Command feed measures how one change reaches thousands of subscribers, through the local cloud as people run it, beside
// PocketBase's realtime in the same run.
//
//	go run ./bench/feed
//
// Every subscriber is a socket of its own, signed in as the owner, and a change is what clients ask of the API: so a figure
// holds all of the way. Contestants take turns at each step. Of every figure the median is printed, and written to
// bench/out/feed.json. It needs Linux, whose /proc tells what a process used.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
)

type options struct {
	rounds  int
	few     int           // subscribers, of a single change and of many
	many    int           // subscribers of a single change
	changes int           // single ones, one after another
	rate    int           // changes a second …
	during  time.Duration // … for so long
	drain   time.Duration // that the last event may come later than the last change
	out     string        // folder for the figures
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 2, "how often to measure everything")
	flag.IntVar(&o.few, "few", 1000, "subscribers of the stream of changes, and of single ones")
	flag.IntVar(&o.many, "many", 5000, "subscribers of single changes")
	flag.IntVar(&o.changes, "changes", 10, "single changes, for each number of subscribers")
	flag.IntVar(&o.rate, "rate", 50, "changes a second")
	flag.DurationVar(&o.during, "during", 10*time.Second, "how long changes stream")
	flag.DurationVar(&o.drain, "drain", 3*time.Minute, "how long to wait for the last event of the stream")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench/feed:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out, progress io.Writer) (err error) {
	if _, err := os.Stat("cmd/darkroom"); err != nil {
		return errors.New("run it in the folder of go.mod: go run ./bench/feed")
	}
	dir, err := os.MkdirTemp("", "darkroom-bench-*")
	if err != nil {
		return fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{o: o, dir: dir, progress: progress, samples: report.NewSamples()}
	if err := b.build(ctx); err != nil {
		return err
	}
	measured := b.measure(ctx) // what was measured until an error is shown all the same
	peer, figures := b.figures()
	if err := report.Table(out, peer, figures); err != nil {
		return err
	}
	if measured != nil {
		return measured
	}
	path, err := report.Write(o.out, "feed", figures)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nMedians of %d rounds, in %s. Load at the end: %s\n", o.rounds, path, load())
	return nil
}

// bench is one run of everything.
type bench struct {
	o           options
	dir         string // temporary
	progress    io.Writer
	samples     *report.Samples
	contestants []contestant
}

// build makes the binaries. Without PocketBase the bench goes on alone.
func (b *bench) build(ctx context.Context) error {
	b.say("building")
	ours, theirs := filepath.Join(b.dir, report.Darkroom), filepath.Join(b.dir, pocketbase)
	if err := server.Build(ctx, ".", "./cmd/darkroom", ours); err != nil {
		return err
	}
	b.contestants = []contestant{{report.Darkroom, server.LaunchDarkroom(ours), joinDarkroom}}
	if err := server.Build(ctx, server.PocketBaseModule, ".", theirs); err != nil {
		b.say("PocketBase is not measured here, its column is from elsewhere: %v", err)
		return ctx.Err()
	}
	b.contestants = append(b.contestants, contestant{pocketbase, server.LaunchPocketBase(theirs), joinPocketBase})
	return nil
}

// figures are the medians, completed by those measured elsewhere where PocketBase could not be built.
func (b *bench) figures() (peer string, figures []report.Figure) {
	figures = b.samples.Medians()
	if len(b.contestants) > 1 {
		return pocketbase, figures
	}
	return elsewhere, append(figures, measuredElsewhere()...)
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, "%s  "+format+"\n", append([]any{time.Now().Format(time.TimeOnly)}, args...)...)
}

// load is the machine's average load of the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	var minute string
	fmt.Sscan(string(text), &minute)
	return minute
}
