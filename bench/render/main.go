// Command render measures what developing a photograph costs beside sharp, and vipsthumbnail where that is installed.
//
//	go run ./bench/render
//
// All do the same job in turns, on the same photographs: a JPEG in, and out of it 2048, 1024, 512 and 256 pixels on the long
// edge and a square of 200, as upright JPEGs of quality 80. Each works in processes of its own, which read a photo from a
// file and keep what they make in memory. Then whole functions are measured, each event in a new process: ours as it is
// deployed, and one of Node and sharp, both of which read from S3 and write to it; ours also keeps its records in DynamoDB.
// Of every figure the median is printed, and written to bench/out/render.json. It needs Linux, whose /proc tells how much memory a process used at most, and Node 20 or newer for sharp.
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

// home is this folder, from that of go.mod.
const home = "bench/render"

type options struct {
	quick  bool
	photos string // folder of the user's own JPEGs, instead of ours
	cache  string // folder that keeps ours from run to run
	rounds int
	// formats leaves out all but the cases of formats.go
	formats bool
	out     string // folder for the figures
}

func main() {
	var o options
	var worker string
	flag.BoolVar(&o.quick, "quick", false, "photos of 12 MP only")
	flag.StringVar(&o.photos, "photos", "", "folder of JPEGs to use instead of ours")
	flag.StringVar(&o.cache, "cache", filepath.Join(os.TempDir(), "darkroom-bench-photos"), "folder to keep our photos in")
	flag.IntVar(&o.rounds, "rounds", 5, "how often to measure each case")
	flag.BoolVar(&o.formats, "formats", false, "measure other formats only")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.StringVar(&worker, "worker", "", "take orders as this contestant; the program runs itself so")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, worker, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench/render:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, worker string, o options) error {
	switch worker {
	case "":
		return compare(ctx, o, os.Stdout, os.Stderr)
	case oursHeavy:
		return serve(ctx, os.Stdin, os.Stdout, heavy())
	case oursWebP:
		return serve(ctx, os.Stdin, os.Stdout, webps())
	case vipsthumbnail:
		return serve(ctx, os.Stdin, os.Stdout, thumbnails())
	}
	return fmt.Errorf("there is no worker %q", worker)
}

// compare is the whole benchmark.
func compare(ctx context.Context, o options, out, progress io.Writer) (err error) {
	if _, err := os.Stat(filepath.Join(home, "package.json")); err != nil {
		return errors.New("run it in the folder of go.mod: go run ./bench/render")
	}
	dir, err := os.MkdirTemp("", "darkroom-bench-*")
	if err != nil {
		return fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{o: o, dir: dir, progress: progress, samples: newSamples()}
	if b.contestants, err = b.gather(ctx); err != nil {
		return err
	}
	return errors.Join(b.measureAll(ctx), b.print(out))
}

// measureAll ends at the first error.
func (b *bench) measureAll(ctx context.Context) error {
	if !b.o.formats {
		if err := b.measurePhotos(ctx); err != nil {
			return err
		}
	}
	if err := b.measureFormats(ctx); err != nil {
		return fmt.Errorf("formats: %w", err)
	}
	return nil
}

// print prints and keeps what was measured, be it all or not: it took long enough.
func (b *bench) print(out io.Writer) error {
	figures := b.samples.medians()
	if err := table(out, figures); err != nil {
		return err
	}
	path, err := report.Write(b.o.out, "render", figures)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nMedians of %d rounds, in %s.\n", b.o.rounds, path)
	return nil
}

// measurePhotos measures JPEGs, and whole functions.
func (b *bench) measurePhotos(ctx context.Context) error {
	photos, err := b.gatherPhotos(ctx)
	if err != nil {
		return err
	}
	for i, p := range photos {
		b.say("%d of %d: %s", i+1, len(photos), p.name)
		if err := b.measure(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if err := b.measureFunctions(ctx, cameraPhotos(photos)); err != nil {
		return fmt.Errorf("whole functions: %w", err)
	}
	return nil
}

// bench is one run of everything.
type bench struct {
	o           options
	dir         string // temporary
	self        string // this program
	progress    io.Writer
	samples     *samples
	contestants []contestant
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, "%s  "+format+"\n", append([]any{time.Now().Format(time.TimeOnly)}, args...)...)
}
