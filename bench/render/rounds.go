package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// The metrics. A square that is half a pixel off its place loses several decibels, though nobody would see it; sharp's and
// vipsthumbnail's own crops are so for most shapes of photos.
const (
	cpuWarm  = "cpu_warm"  // of the second and later jobs of a process, what it does between jobs included
	cpuCold  = "cpu_cold"  // of a process in its whole life, with one job
	wall     = "wall"      // of a job in a warm process
	wallCold = "wall_cold" // from the start of a process with one job to its end
	rss      = "rss"       // the peak of a process with one job
	rssWarm  = "rss_warm"  // the peak of a process with as many jobs as there are rounds, and one more
	size     = "bytes"     // of all files
	psnr     = "psnr"      // of the largest rendition; those of the others have their edge in the name
	ssim     = "ssim"      // of the largest rendition
)

// runner is a contestant at work on one photo.
type runner struct {
	contestant
	warm *worker // nil for one that is always cold
	cpu  float64 // what the warm worker had used by its last receipt
}

// measure runs the rounds of a photo. Contestants take turns, and from round to round in who goes first.
func (b *bench) measure(ctx context.Context, p photo) (err error) {
	want, err := newIdeal(p.path)
	if err != nil {
		return err
	}
	var runners []*runner
	defer func() {
		for _, r := range runners {
			if r.warm != nil {
				_, ending := r.warm.dismiss()
				err = errors.Join(err, ending)
			}
		}
	}()
	for _, c := range b.contestants {
		r := &runner{contestant: c}
		runners = append(runners, r)
		if err := b.begin(ctx, r, p, want); err != nil {
			return fmt.Errorf("%s: %w", c.who, err)
		}
	}
	for round := range b.o.rounds {
		for i := range runners {
			r := runners[(i+round)%len(runners)]
			if err := errors.Join(b.doWarm(r, p, round), b.doCold(ctx, r, p)); err != nil {
				return fmt.Errorf("%s: %w", r.who, err)
			}
		}
	}
	return nil
}

// begin has a contestant do the job a first time, to look at what it makes.
func (b *bench) begin(ctx context.Context, r *runner, p photo, want *ideal) error {
	dir := filepath.Join(b.dir, r.who)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for renditions: %w", err)
	}
	var err error
	if r.warm, err = hire(ctx, r.contestant); err != nil {
		return err
	}
	got, err := r.warm.give(order{p.path, dir})
	if err != nil {
		return err
	}
	r.cpu = got.CPU
	if r.cold {
		if _, err := r.warm.dismiss(); err != nil {
			return err
		}
		r.warm = nil
	}
	b.samples.add(p.name, r.who, size, "B", float64(got.Bytes))
	return b.judge(dir, r.who, p, want)
}

// judge compares renditions with the ideal.
func (b *bench) judge(dir, who string, p photo, want *ideal) error {
	for i, s := range gallery.Specs() {
		decibels, structure, err := want.compare(fileOf(dir, i), s.Crop)
		if err != nil {
			return err
		}
		if i == 0 {
			b.samples.add(p.name, who, psnr, decibel, decibels)
			b.samples.add(p.name, who, ssim, index, structure)
			continue
		}
		b.samples.add(p.name, who, fmt.Sprintf("%s_%d", psnr, s.Edge), decibel, decibels)
	}
	return nil
}

func (b *bench) doWarm(r *runner, p photo, round int) error {
	if r.warm == nil {
		return nil
	}
	got, err := r.warm.give(order{Photo: p.path})
	if err != nil {
		return err
	}
	b.samples.add(p.name, r.who, cpuWarm, "s", got.CPU-r.cpu)
	b.samples.add(p.name, r.who, wall, "s", got.Wall)
	if round == b.o.rounds-1 {
		b.samples.add(p.name, r.who, rssWarm, "MiB", got.Peak)
	}
	r.cpu = got.CPU
	return nil
}

func (b *bench) doCold(ctx context.Context, r *runner, p photo) error {
	started := time.Now()
	w, err := hire(ctx, r.contestant)
	if err != nil {
		return err
	}
	got, err := w.give(order{Photo: p.path})
	if err != nil {
		return err
	}
	cpu, err := w.dismiss()
	if err != nil {
		return err
	}
	took := time.Since(started).Seconds()
	if r.cold {
		cpu, took = got.CPU, got.Wall // of the programs, not of the process that starts them
	}
	b.samples.add(p.name, r.who, cpuCold, "s", cpu)
	b.samples.add(p.name, r.who, wallCold, "s", took)
	b.samples.add(p.name, r.who, rss, "MiB", got.Peak)
	return nil
}
