package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
)

const (
	coldBuild  = "cold build"
	cpu        = "CPU"
	peak       = "peak memory"
	wall       = "wall"
	pbModule   = server.PocketBaseModule
	ourProgram = "./cmd/darkroom"
)

// build makes both binaries, with an empty cache unless that is to be skipped. Without PocketBase the bench goes on alone.
func (b *bench) build(ctx context.Context) error {
	if err := b.buildOne(ctx, report.Darkroom, ".", ourProgram); err != nil {
		return err
	}
	b.darkroom = contestant{report.Darkroom, server.LaunchDarkroom(b.path(report.Darkroom)), signInToDarkroom}
	if err := b.buildOne(ctx, pocketbase, pbModule, "."); err != nil {
		if ctx.Err() != nil {
			return err
		}
		b.say("PocketBase is not measured here, its column is from elsewhere: %v", err)
		return nil
	}
	b.pocketbase = contestant{pocketbase, server.LaunchPocketBase(b.path(pocketbase)), signInToPocketBase}
	return nil
}

// buildOne builds a package of the module in dir. Its modules are downloaded before the clock starts.
func (b *bench) buildOne(ctx context.Context, who, dir, pkg string) error {
	if err := goTool(ctx, dir, nil, "list", "-deps", pkg).run(); err != nil {
		return err
	}
	args := []string{"build", "-o", b.path(who), pkg}
	if b.o.skipBuild {
		b.say("building %s", who)
		return goTool(ctx, dir, nil, args...).run()
	}
	b.say("building %s with an empty cache: a minute or two", who)
	cache := b.path("cache-" + who)
	build := goTool(ctx, dir, []string{"GOCACHE=" + cache}, args...)
	started := time.Now()
	if err := build.run(); err != nil {
		return err
	}
	b.samples.Add(coldBuild, who, cpu, "s", (build.ProcessState.UserTime() + build.ProcessState.SystemTime()).Seconds())
	b.samples.Add(coldBuild, who, wall, "s", time.Since(started).Seconds())
	return os.RemoveAll(cache)
}

// judgeBuild says whether the goal was met.
func (b *bench) judgeBuild(out io.Writer) {
	for _, f := range b.samples.Medians() {
		if f.Case == coldBuild && f.Who == report.Darkroom && f.Metric == wall {
			verdict := "met"
			if f.Value > goal.Seconds() {
				verdict = "missed"
			}
			fmt.Fprintf(out, "\nThe goal for a cold build of %s on two cores is %.0f s: %s.\n", ourProgram, goal.Seconds(), verdict)
		}
	}
}

// tool is a call of the go command.
type tool struct{ *exec.Cmd }

func goTool(ctx context.Context, dir string, env []string, args ...string) tool {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	return tool{cmd}
}

func (t tool) run() error {
	var said bytes.Buffer
	t.Stderr = &said
	if err := t.Run(); err != nil {
		return fmt.Errorf("go %s in %s: %w\n%s", t.Args[1], t.Dir, err, bytes.TrimSpace(said.Bytes()))
	}
	return nil
}
