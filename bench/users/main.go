// Command users measures what users cost: verifying their tokens beside aws-jwt-verify, AWS's own library for Node, and
// signing them in beside PocketBase.
//
//	go run ./bench/users
//
// All do the same work in turns, each in a process of its own; of every figure the median is printed, and written to
// bench/out/users.json. It needs Linux, whose /proc tells what a process used.
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

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
)

// The peers.
const (
	verifier   = "aws-jwt-verify"
	pocketbase = "pocketbase"
)

type options struct {
	rounds  int
	tokens  int // different ones, verified once each in a round
	repeat  int // times that one of them is verified after that
	signIns int // of each kind, in a round
	clients int // that sign in at a time
	out     string
}

func main() {
	var o options
	verify := flag.Bool("verify", false, "be the process that verifies tokens")
	flag.IntVar(&o.rounds, "rounds", 5, "how often to measure everything")
	flag.IntVar(&o.tokens, "tokens", 1000, "different tokens to verify")
	flag.IntVar(&o.repeat, "repeat", 5000, "times to verify one of them again")
	flag.IntVar(&o.signIns, "sign-ins", 100, "sign-ins of each kind, in each round")
	flag.IntVar(&o.clients, "clients", 4, "clients that sign in at a time")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := errors.New("run it in the folder of go.mod: go run ./bench/users")
	if *verify {
		err = verifyTokens(ctx, os.Stdin, os.Stdout)
	} else if _, missing := os.Stat("cmd/darkroom"); missing == nil {
		err = run(ctx, o, os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/users:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	options
	dir      string // temporary
	progress io.Writer
	verified *report.Samples
	signedIn *report.Samples
}

func run(ctx context.Context, o options, out, progress io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "darkroom-bench-*")
	if err != nil {
		return fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{options: o, dir: dir, progress: progress, verified: report.NewSamples(), signedIn: report.NewSamples()}
	for _, step := range []func(context.Context) error{b.build, b.measureTokens, b.measureSignIns} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	tokens, signIns := b.verified.Medians(), b.signedIn.Medians()
	if err := errors.Join(report.Table(out, verifier, tokens), space(out), report.Table(out, pocketbase, signIns)); err != nil {
		return err
	}
	path, err := report.Write(o.out, "users", append(tokens, signIns...))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nMedians of %d rounds, in %s.\n", o.rounds, path)
	return nil
}

func space(out io.Writer) error {
	_, err := fmt.Fprintln(out)
	return err
}

func (b *bench) build(ctx context.Context) error {
	b.say("building both servers")
	return errors.Join(
		server.Build(ctx, ".", "./cmd/darkroom", b.path(report.Darkroom)),
		server.Build(ctx, server.PocketBaseModule, ".", b.path(pocketbase)),
	)
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.progress, format+"\n", args...) }
