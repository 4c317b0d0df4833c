// Command local measures the local cloud, as the binary that people run, beside PocketBase in the same run.
//
//	go run ./bench/local
//
// Both do the same work in turns, each in a process of its own, on data of its own, from clients in this process. Of every
// figure the median is printed, and written to bench/out/local.json. It needs Linux, whose /proc tells what a process used.
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
)

// goal is how long a cold build may take on two cores.
const goal = 150 * time.Second

type options struct {
	skipBuild bool
	rounds    int           // of everything but the build
	photos    int           // sent one after another, in each round
	burst     int           // photos sent at once, in each round
	clients   int           // that share the burst
	seconds   time.Duration // of each kind of reading, in each round
	out       string        // folder for the figures
}

func main() {
	var o options
	flag.BoolVar(&o.skipBuild, "skip-build", false, "build with the usual cache, and do not measure it")
	flag.IntVar(&o.rounds, "rounds", 3, "how often to measure everything but the build")
	flag.IntVar(&o.photos, "photos", 3, "photos sent one after another, in each round")
	flag.IntVar(&o.burst, "burst", 40, "photos sent in a burst, in each round")
	flag.IntVar(&o.clients, "clients", 8, "clients that share the burst")
	flag.DurationVar(&o.seconds, "reading", 5*time.Second, "how long to read images, in each round")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench/local:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out, progress io.Writer) (err error) {
	if _, err := os.Stat("cmd/darkroom"); err != nil {
		return errors.New("run it in the folder of go.mod: go run ./bench/local")
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
	b.judgeBuild(out)
	if measured != nil {
		return measured
	}
	path, err := report.Write(o.out, "local", figures)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nMedians of %d rounds, in %s.\n", o.rounds, path)
	return nil
}

// bench is one run of everything.
type bench struct {
	o        options
	dir      string // temporary
	progress io.Writer
	samples  *report.Samples

	darkroom, pocketbase contestant // built; pocketbase is the zero value where it could not be
}

// contestants are those that could be built.
func (b *bench) contestants() []contestant {
	if b.pocketbase.launch == nil {
		return []contestant{b.darkroom}
	}
	return []contestant{b.darkroom, b.pocketbase}
}

// figures are the medians, completed by those measured elsewhere where PocketBase could not be built.
func (b *bench) figures() (peer string, figures []report.Figure) {
	figures = b.samples.Medians()
	if b.pocketbase.launch != nil {
		return pocketbase, figures
	}
	return elsewhere, append(figures, measuredElsewhere()...)
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, "%s  "+format+"\n", append([]any{time.Now().Format(time.TimeOnly)}, args...)...)
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }
