// Command uploads measures how a folder of photos is uploaded: by `darkroom upload` to the local cloud, both as people run
// them, and to PocketBase beside it, by as many connections.
//
//	go run ./bench/uploads
//
// A photo has arrived when all its renditions are made; PocketBase makes them when they are asked for, so it is measured
// twice: until all photos are stored, and until all thumbs of some have been fetched. It needs Linux, whose /proc tells
// what a process used.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
)

const peer = "pocketbase"

type options struct {
	photos, thumbed, present, parallel int
	out                                string
}

func main() {
	var o options
	flag.IntVar(&o.photos, "photos", 500, "photos of 3 MB in the folder")
	flag.IntVar(&o.thumbed, "thumbed", 20, "of them, photos whose thumbs PocketBase is asked for")
	flag.IntVar(&o.present, "present", 10_000, "small pictures that are there already")
	flag.IntVar(&o.parallel, "parallel", 4, "files sent at a time")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench/uploads:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	options
	dir     string
	figures []report.Figure
}

func run(ctx context.Context, o options) (err error) {
	if _, err := os.Stat("cmd/darkroom"); err != nil {
		return errors.New("run it in the folder of go.mod: go run ./bench/uploads")
	}
	dir, err := os.MkdirTemp("", "darkroom-bench-*")
	if err != nil {
		return fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{options: o, dir: dir}
	for _, step := range []func(context.Context) error{b.prepare, b.ours, b.theirs} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := report.Table(os.Stdout, peer, b.figures); err != nil {
		return err
	}
	path, err := report.Write(o.out, "uploads", b.figures)
	if err == nil {
		fmt.Println("\nIn", path)
	}
	return err
}

// prepare builds both servers, and the photos.
func (b *bench) prepare(ctx context.Context) error {
	if err := server.Build(ctx, ".", "./cmd/darkroom", b.path("darkroom")); err != nil {
		return err
	}
	if b.thumbed > 0 {
		if err := server.Build(ctx, server.PocketBaseModule, ".", b.path(peer)); err != nil {
			return err
		}
	}
	photo, err := photograph(3_000_000)
	if err != nil {
		return err
	}
	if err := folder(b.path("photos"), photo, b.photos); err != nil {
		return err
	}
	small, err := os.ReadFile("testdata/djembe.jpg")
	if err != nil {
		return err
	}
	return folder(b.path("present"), small, b.present)
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) figure(work, who, metric string, value float64, unit string) {
	fmt.Fprintf(os.Stderr, "%s  %s  %s: %.3g %s\n", work, who, metric, value, unit)
	b.figures = append(b.figures, report.Figure{Case: work, Who: who, Metric: metric, Value: value, Unit: unit})
}
