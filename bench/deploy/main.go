// Command deploy measures the functions as they are deployed, each in a process that a Lambda Runtime API starts and feeds,
// beside the same functions as people write them for Node: @apollo/server for images(first: 20), sharp for a photo.
//
//	go run ./bench/deploy
//
// Init is the time from the start of a process to its first request for work. CPU is that of the process; a first
// invocation includes all that was left for later, such as connections. Everybody speaks to the same engines, whose CPU is
// not counted, and contestants take turns. Of every figure the median is printed, and written to bench/out/deploy.json. It
// needs Linux, whose clocks tell what another process used, and Node.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/darkroom/darkroom/bench/report"
)

type options struct {
	rounds int
	warm   int    // invocations after the first
	out    string // folder for the figures
	nodes  bool
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 5, "how often to start everything anew")
	flag.IntVar(&o.warm, "warm", 100, "warm invocations in a round; of pictures a tenth")
	flag.BoolVar(&o.nodes, "node", true, "measure the peers, too")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench/deploy:", err)
		os.Exit(1)
	}
}

// peer is who the other figures belong to: a program on Node.
const peer = "node"

func run(ctx context.Context, o options, out, progress io.Writer) (err error) {
	if _, err := os.Stat("serverless.yml"); err != nil {
		return errors.New("run it in the folder of go.mod: go run ./bench/deploy")
	}
	dir, err := os.MkdirTemp("", "darkroom-bench-*")
	if err != nil {
		return fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{o: o, dir: dir, progress: progress, samples: report.NewSamples()}
	measured := b.measure(ctx) // what was measured until an error is shown all the same
	figures := b.samples.Medians()
	if err := report.Table(out, peer, figures); err != nil {
		return err
	}
	if measured != nil {
		return measured
	}
	path, err := report.Write(o.out, "deploy", figures)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nwritten to %s\n", path)
	return nil
}
