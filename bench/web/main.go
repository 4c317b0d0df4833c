// Command web measures the web client in Chromium on the local cloud, beside PocketBase's dashboard on the same pictures in
// the same run.
//
//	go run ./bench/web
//
// PocketBase's dashboard is no gallery: it is the page with pictures that comes with a peer, a table of records with a thumb
// in each row. Every round opens both with an empty cache and somebody signed in. Of every figure the median is printed, and
// written to bench/out/web.json. It needs Node and Chromium, as `make e2e-web` does.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
)

const (
	peer = "pocketbase"

	// Of PocketBase's dashboard, which its superusers alone may open.
	superuser = "super@darkroom.local"
	password  = "Darkroom-demo-1"
)

type options struct {
	pictures, rounds int
	out              string
}

func main() {
	var o options
	flag.IntVar(&o.pictures, "pictures", 2_000, "pictures that each server has")
	flag.IntVar(&o.rounds, "rounds", 3, "how often to measure everything")
	flag.StringVar(&o.out, "out", "bench/out", "folder for the figures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench/web:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if _, err := os.Stat("cmd/darkroom"); err != nil {
		return errors.New("run it in the folder of go.mod: go run ./bench/web")
	}
	dir, err := os.MkdirTemp("", "darkroom-bench-*")
	if err != nil {
		return fmt.Errorf("make a folder to work in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := bench{options: o, dir: dir}
	ours, err := b.darkroom(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.Stop()) }()
	theirs, err := b.pocketBase(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, theirs.Stop()) }()
	figures, err := b.browse(ctx, theirs.URL)
	if err != nil {
		return err
	}
	if err := report.Table(os.Stdout, peer, figures); err != nil {
		return err
	}
	path, err := report.Write(o.out, "web", figures)
	if err == nil {
		fmt.Println("\nIn", path)
	}
	return err
}

// bench is one run.
type bench struct {
	options
	dir string
}

func (b bench) path(name string) string { return filepath.Join(b.dir, name) }

// browse opens both in Chromium, in turns.
func (b bench) browse(ctx context.Context, theirs string) ([]report.Figure, error) {
	config, err := server.ReadConfig(b.path("darkroom"))
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "node", "bench/web/browse.mjs")
	cmd.Env = append(os.Environ(),
		"GRAPHQL="+config.GraphQL, "POCKETBASE="+theirs, "SUPERUSER="+superuser, "PASSWORD="+password,
		"PICTURES="+strconv.Itoa(b.pictures), "ROUNDS="+strconv.Itoa(b.rounds))
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("browse: %w", err)
	}
	var measured []report.Figure
	if err := json.Unmarshal(said, &measured); err != nil {
		return nil, fmt.Errorf("read what the browser measured: %w", err)
	}
	samples := report.NewSamples()
	for _, f := range measured {
		samples.Add(f.Case, f.Who, f.Metric, f.Unit, f.Value)
	}
	return samples.Medians(), nil
}
