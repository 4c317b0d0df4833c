package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/bench/server"
)

// thumbs are the sizes that the peer is set up with, as many as Darkroom makes.
var thumbs = []string{"2048x2048f", "1024x1024f", "512x512f", "256x256f", "200x200"}

// theirs stores the same photos in PocketBase, and fetches the thumbs of some. It has no batch, no hash and no client of its
// own: what it takes to skip what is there cannot be measured.
func (b *bench) theirs(ctx context.Context) error {
	if b.thumbed < 1 {
		return nil
	}
	p, err := server.LaunchPocketBase(b.path(peer))(ctx, b.path("pb"))
	if err != nil {
		return err
	}
	err = b.storeInPocketBase(ctx, p)
	if stopped := p.Stop(); err == nil {
		err = stopped
	}
	return err
}

func (b *bench) storeInPocketBase(ctx context.Context, p *server.Process) error {
	user, err := server.SignUp(ctx, server.NewWeb(b.parallel), p.URL)
	if err != nil {
		return err
	}
	paths, err := filepath.Glob(b.path("photos/*.jpg"))
	if err != nil {
		return err
	}
	u, err := p.During(ctx, func() error {
		return b.each(ctx, paths, func(path string) error { return b.store(ctx, user, path, nil) })
	})
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%d photos of 3 MB", b.photos)
	b.figure(name, peer, "rate, stored only", float64(len(paths))/u.Wall, "files/s")
	b.figure(name, peer, "CPU of the server, stored only", 1000*u.CPU/float64(len(paths)), "ms/file")
	some := paths[:min(b.thumbed, len(paths))]
	u, err = p.During(ctx, func() error {
		return b.each(ctx, some, func(path string) error { return b.store(ctx, user, path, thumbs) })
	})
	if err != nil {
		return err
	}
	b.figure(name, peer, "rate", float64(len(some))/u.Wall, "files/s")
	b.figure(name, peer, "CPU of the server", 1000*u.CPU/float64(len(some)), "ms/file")
	b.figure(name, peer, "peak memory of the server", u.Peak, "MiB")
	return nil
}

func (b *bench) each(ctx context.Context, paths []string, do func(path string) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.parallel)
	for _, path := range paths {
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return do(path)
		})
	}
	return group.Wait()
}

// store uploads a photo and fetches the thumbs named.
func (b *bench) store(ctx context.Context, user *server.PocketBase, path string, thumbs []string) error {
	photo, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var record struct{ ID, CollectionID, File string }
	if err := user.Upload(ctx, filepath.Base(path), photo, &record); err != nil {
		return err
	}
	for _, thumb := range thumbs {
		url := fmt.Sprintf("%s/api/files/%s/%s/%s?thumb=%s", user.URL, record.CollectionID, record.ID, record.File, thumb)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		if _, err := server.Send(user.Web, req); err != nil {
			return err
		}
	}
	return nil
}
