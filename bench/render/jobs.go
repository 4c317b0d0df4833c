package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render"
)

// nobodys stands for the hash of an original, which digests follow from: the peers make none. Whole functions do.
const nobodys = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// developing is the job as a worker of ours does it. (As it is done without more than internal/render, bench/developer does it.)
func developing(d render.Developer) job {
	return job{usage: ownUsage, do: func(ctx context.Context, o order) (int64, error) {
		original, err := os.ReadFile(o.Photo)
		if err != nil {
			return 0, fmt.Errorf("read the photo: %w", err)
		}
		picture, err := d.Develop(ctx, original, nobodys)
		if err != nil {
			return 0, fmt.Errorf("develop: %w", err)
		}
		var size int64
		files := make([][]byte, len(picture.Renditions))
		for i, r := range picture.Renditions {
			files[i] = r.Data
			size += r.Bytes
		}
		return size, keep(o.Out, files)
	}}
}

// thumbnails is the job done by vipsthumbnail, once for each size.
func thumbnails() job {
	return job{usage: childrensUsage, do: func(ctx context.Context, o order) (size int64, err error) {
		dir := o.Out
		if dir == "" {
			if dir, err = os.MkdirTemp("", "darkroom-bench-*"); err != nil {
				return 0, fmt.Errorf("make a folder for thumbnails: %w", err)
			}
			defer os.RemoveAll(dir)
		}
		for i, s := range gallery.Specs() {
			path := fileOf(dir, i)
			args := []string{o.Photo, "--size", fmt.Sprintf("%dx%d>", s.Edge, s.Edge), "-o", path + "[Q=80,strip]"}
			if s.Crop {
				args = append(args, "--smartcrop", "centre")
			}
			if err := quietly(exec.CommandContext(ctx, vipsthumbnail, args...)); err != nil {
				return 0, err
			}
			info, err := os.Stat(path)
			if err != nil {
				return 0, fmt.Errorf("look at a thumbnail: %w", err)
			}
			size += info.Size()
		}
		return size, nil
	}}
}
