package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/evanw/esbuild/pkg/api"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/gallery"
)

// function is a Lambda function: a program that takes an event and stores five renditions.
type function struct {
	who  string
	args []string
	env  []string
}

// functions are ours, as it is deployed, and the same of Node and sharp, bundled as people do to start sooner.
func (b *bench) functions(ctx context.Context) ([]function, error) {
	binary := filepath.Join(b.dir, "bootstrap")
	build := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc,nodynamic", "-trimpath", "-ldflags", "-s -w",
		"-o", binary, "./functions/process/bootstrap")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if err := quietly(build); err != nil {
		return nil, err
	}
	all := []function{{who: report.Darkroom, args: []string{binary}}}
	for _, c := range b.contestants {
		way, isSharp := strings.CutPrefix(c.who, "sharp-")
		if !isSharp {
			continue
		}
		script, err := bundle("function.mjs")
		if err != nil {
			return nil, err
		}
		all = append(all, function{c.who, []string{c.args[0], script}, []string{"WAY=" + way}})
	}
	return all, nil
}

// bundle makes one file of a script of this folder and all it imports but sharp, and answers its path.
func bundle(name string) (string, error) {
	folder, err := filepath.Abs(home)
	if err != nil {
		return "", fmt.Errorf("bundle %s: %w", name, err)
	}
	path := filepath.Join(folder, "node_modules", ".cache", name) // from where Node finds sharp
	made := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(folder, name)}, Outfile: path, Write: true, LogLevel: api.LogLevelSilent,
		Bundle: true, Platform: api.PlatformNode, Format: api.FormatESModule, External: []string{"sharp"},
		MinifyWhitespace: true, MinifySyntax: true,
		Banner: map[string]string{"js": "import { createRequire } from 'module';const require = createRequire(import.meta.url);"},
	})
	if len(made.Errors) > 0 {
		return "", fmt.Errorf("bundle %s: %s", name, made.Errors[0].Text)
	}
	return path, nil
}

// measureFunctions runs the rounds of whole functions, cold: each event starts a process.
func (b *bench) measureFunctions(ctx context.Context, photos []photo) (err error) {
	all, err := b.functions(ctx)
	if err != nil {
		return err
	}
	c, err := startCloud(ctx, b.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.close(ctx)) }()
	for _, p := range photos {
		b.say("whole function: %s", p.name)
		data, err := os.ReadFile(p.path)
		if err != nil {
			return fmt.Errorf("read a photo: %w", err)
		}
		for round := range b.o.rounds {
			for i := range all {
				if err := b.invoke(ctx, c, all[(i+round)%len(all)], p, data); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// invoke measures a function from the start of its process to its answer, which means that all is stored.
func (b *bench) invoke(ctx context.Context, c *cloud, f function, p photo, data []byte) error {
	owner, body, err := c.upload(ctx, data)
	if err != nil {
		return err
	}
	event, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{MessageId: "1", Body: body}}})
	if err != nil {
		return fmt.Errorf("write an event: %w", err)
	}
	took, err := f.run(ctx, event, c.env)
	if err != nil {
		return fmt.Errorf("%s: %w", f.who, err)
	}
	if n, err := c.stored(ctx, owner); err != nil || n != len(gallery.Specs()) {
		return fmt.Errorf("%s stored %d renditions: %w", f.who, n, err)
	}
	name := "whole function, " + p.name
	b.samples.add(name, f.who, cpuCold, "s", took.CPU)
	b.samples.add(name, f.who, wallCold, "s", took.Wall)
	b.samples.add(name, f.who, rss, "MiB", took.Peak)
	return nil
}

// run starts a function, has it work on an event, and ends it.
func (f function) run(ctx context.Context, event []byte, env []string) (took receipt, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	r, err := startRuntime(event)
	if err != nil {
		return took, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	cmd := exec.Command(f.args[0], f.args[1:]...)
	cmd.Env = append(append(append(os.Environ(), env...), f.env...), "AWS_LAMBDA_RUNTIME_API="+r.address)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return took, fmt.Errorf("start: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait(); close(ended) }()
	answer, err := r.wait(ctx, ended)
	took.Wall = time.Since(started).Seconds()
	if err == nil {
		took.Peak, err = peakOf(cmd.Process.Pid)
	}
	_ = cmd.Process.Kill() // an error means that it has ended
	<-ended
	took.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	if err == nil && !bytes.Contains(bytes.ReplaceAll(answer, []byte("null"), []byte("[]")), []byte(`"batchItemFailures":[]`)) {
		err = fmt.Errorf("the answer is %s", answer)
	}
	if err != nil {
		return took, fmt.Errorf("%w\n%s", err, said.Bytes())
	}
	return took, nil
}
