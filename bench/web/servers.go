package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/bench/server"
)

// parallel is how many pictures are sent to PocketBase at a time.
const parallel = 8

// darkroom runs the local cloud with the pictures in it.
func (b bench) darkroom(ctx context.Context) (*server.Process, error) {
	if err := server.Build(ctx, ".", "./cmd/darkroom", b.path("darkroom.bin")); err != nil {
		return nil, err
	}
	if err := b.folder(b.path("pictures")); err != nil {
		return nil, err
	}
	p, err := server.LaunchDarkroom(b.path("darkroom.bin"))(ctx, b.path("darkroom"))
	if err != nil {
		return nil, err
	}
	upload := exec.CommandContext(ctx, b.path("darkroom.bin"), "upload", "--config", filepath.Join(b.path("darkroom"), "client.json"), b.path("pictures"))
	if said, err := upload.CombinedOutput(); err != nil {
		return p, fmt.Errorf("upload the pictures: %w\n%.2000s", err, said)
	}
	return p, nil
}

// pocketBase runs the peer with the same pictures in it.
func (b bench) pocketBase(ctx context.Context) (*server.Process, error) {
	binary, data := b.path(peer+".bin"), b.path(peer)
	if err := server.Build(ctx, server.PocketBaseModule, ".", binary); err != nil {
		return nil, err
	}
	if said, err := exec.CommandContext(ctx, binary, "superuser", "upsert", superuser, password, "--dir", data).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make a superuser: %w\n%s", err, said)
	}
	p, err := server.LaunchPocketBase(binary)(ctx, data)
	if err != nil {
		return nil, err
	}
	owner, err := server.SignUp(ctx, server.NewWeb(parallel), p.URL)
	if err != nil {
		return p, err
	}
	var sending errgroup.Group
	sending.SetLimit(parallel)
	for n := range b.pictures {
		sending.Go(func() error {
			bytes, err := os.ReadFile(b.picture(n))
			if err != nil {
				return fmt.Errorf("read a picture: %w", err)
			}
			return owner.Upload(ctx, filepath.Base(b.picture(n)), bytes, nil)
		})
	}
	return p, sending.Wait()
}

func (b bench) picture(n int) string {
	return filepath.Join(b.path("pictures"), fmt.Sprintf("%05d.jpg", n))
}

// folder writes the pictures: slopes of several shapes and colours, no two the same.
func (b bench) folder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for pictures: %w", err)
	}
	shapes := []image.Point{{600, 400}, {400, 600}, {640, 360}, {500, 500}, {800, 300}}
	for n := range b.pictures {
		shape := shapes[n%len(shapes)]
		picture := image.NewRGBA(image.Rectangle{Max: shape})
		for y := range shape.Y {
			for x := range shape.X {
				picture.SetRGBA(x, y, color.RGBA{uint8(x*255/shape.X) ^ uint8(n), uint8(y * 255 / shape.Y), uint8(n * 37), 255})
			}
		}
		var out bytes.Buffer
		if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 80}); err != nil {
			return fmt.Errorf("encode a picture: %w", err)
		}
		fmt.Fprint(&out, n) // what follows the end belongs to nobody, and makes each another
		if err := os.WriteFile(b.picture(n), out.Bytes(), 0o600); err != nil {
			return fmt.Errorf("write a picture: %w", err)
		}
	}
	return nil
}
