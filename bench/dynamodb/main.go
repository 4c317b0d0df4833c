// Command dynamodb measures the local DynamoDB engine beside dynoxide, another implementation, in the same run.
//
//	go run ./bench/dynamodb
//
// Both serve the same requests in turns, each in a process of its own, on a file of its own, to one client in this process.
// Of every figure the median is printed, and written to bench/out/dynamodb.json. It needs Linux, whose /proc tells what a
// process used. Where dynoxide is not installed, by npm ci in e2e, the engine is measured alone.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/darkroom/darkroom/bench/report"
)

type options struct {
	rounds  int
	seconds time.Duration // of each case, in each round
	items   int           // to hold when memory is measured
	out     string        // folder for the figures
	peer    string        // binary of dynoxide
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == serveCommand {
		exitOn(serve(os.Args[2], os.Stdin, os.Stdout))
		return
	}
	var o options
	flag.IntVar(&o.rounds, "rounds", 5, "how often to measure everything but memory")
	flag.DurationVar(&o.seconds, "seconds", 2*time.Second, "how long to measure each case, in each round")
	flag.IntVar(&o.items, "items", 100_000, "how many items to hold when memory is measured")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.StringVar(&o.peer, "dynoxide", "e2e/node_modules/@dynoxide/linux-x64/dynoxide", "the peer's binary")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exitOn(run(ctx, o, os.Stdout, os.Stderr))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/dynamodb:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out, progress io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "darkroom-bench-*")
	if err != nil {
		return fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{o: o, dir: dir, progress: progress, samples: map[report.Figure][]float64{}}
	if err := b.findContestants(); err != nil {
		return err
	}
	if err := b.measure(ctx); err != nil {
		return err
	}
	figures := b.medians()
	if err := report.Table(out, dynoxide, figures); err != nil {
		return err
	}
	path, err := report.Write(o.out, "dynamodb", figures)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nMedians of %d rounds, memory of one, in %s.\n", o.rounds, path)
	return nil
}
