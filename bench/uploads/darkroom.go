package main

import (
	"context"
	"fmt"
	"os/exec"
	"syscall"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
)

// ours uploads both folders, and then the second one again: with the hashes of its files remembered, and without.
func (b *bench) ours(ctx context.Context) error {
	cloud, err := server.LaunchDarkroom(b.path("darkroom"))(ctx, b.path("cloud"))
	if err != nil {
		return err
	}
	work := func(name, folder, hashes string, files int) error {
		var client clientUsage
		u, err := cloud.During(ctx, func() (err error) {
			client, err = b.upload(ctx, folder, hashes)
			return err
		})
		if err != nil {
			return err
		}
		b.figure(name, report.Darkroom, "rate", float64(files)/u.Wall, "files/s")
		b.figure(name, report.Darkroom, "CPU of the server", 1000*u.CPU/float64(files), "ms/file")
		b.figure(name, report.Darkroom, "CPU of the client", 1000*client.cpu/float64(files), "ms/file")
		b.figure(name, report.Darkroom, "peak memory of the server", u.Peak, "MiB")
		b.figure(name, report.Darkroom, "peak memory of the client", client.peak, "MiB")
		return nil
	}
	err = work(fmt.Sprintf("%d photos of 3 MB", b.photos), "photos", "", b.photos)
	if err == nil {
		_, err = b.upload(ctx, "present", b.path("hashes"))
	}
	if err == nil {
		err = work(fmt.Sprintf("%d files that are there", b.present), "present", b.path("hashes"), b.present)
	}
	if err == nil {
		err = work("the same, read and hashed", "present", "", b.present)
	}
	if stopped := cloud.Stop(); err == nil {
		err = stopped
	}
	return err
}

// clientUsage is what an upload took on the client's side.
type clientUsage struct{ cpu, peak float64 } // seconds; MiB

func (b *bench) upload(ctx context.Context, folder, hashes string) (clientUsage, error) {
	cmd := exec.CommandContext(ctx, b.path("darkroom"), "upload", "--config", b.path("cloud/client.json"),
		"--parallel", fmt.Sprint(b.parallel), "--hashes", hashes, b.path(folder))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return clientUsage{}, fmt.Errorf("upload %s: %w\n%s", folder, err, out[max(0, len(out)-2000):])
	}
	s := cmd.ProcessState
	u := clientUsage{cpu: (s.UserTime() + s.SystemTime()).Seconds()}
	if r, ok := s.SysUsage().(*syscall.Rusage); ok {
		u.peak = float64(r.Maxrss) / 1024
	}
	return u, nil
}
