package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
	"github.com/darkroom/darkroom/internal/client"
)

// way is a way of signing in to a server that runs.
type way struct {
	name, who string
	process   *server.Process
	signIn    func(context.Context) error
}

// measureSignIns signs in to both servers, in turns.
func (b *bench) measureSignIns(ctx context.Context) (err error) {
	ours, err := server.LaunchDarkroom(b.path(report.Darkroom))(ctx, b.path("cloud"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ours.Stop()) }()
	theirs, err := server.LaunchPocketBase(b.path(pocketbase))(ctx, b.path("pb"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, theirs.Stop()) }()
	ways, err := b.ways(ctx, ours, theirs)
	if err != nil {
		return err
	}
	for round := range b.rounds {
		b.say("sign in %d times each way, round %d", b.signIns, round+1)
		for i := range ways {
			if err := b.signInBy(ctx, ways[(i+round)%len(ways)]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) ways(ctx context.Context, ours, theirs *server.Process) ([]way, error) {
	config, err := server.ReadConfig(b.path("cloud"))
	if err != nil {
		return nil, err
	}
	web := server.NewWeb(b.clients)
	user, err := server.SignUp(ctx, web, theirs.URL)
	if err != nil {
		return nil, err
	}
	return []way{
		{"by password", report.Darkroom, ours, func(ctx context.Context) error {
			_, err := server.AccessToken(ctx, web, config)
			return err
		}},
		{"by password", pocketbase, theirs, func(ctx context.Context) error {
			return user.Send(ctx, http.MethodPost, "/api/collections/users/auth-with-password",
				map[string]any{"identity": config.User, "password": config.Password}, nil)
		}},
		{"by SRP", report.Darkroom, ours, func(ctx context.Context) error {
			c, err := client.SignIn(ctx, client.Options{Config: config, Now: time.Now})
			if err == nil {
				c.Close()
			}
			return err
		}},
	}, nil
}

// signInBy measures one way of signing in, by as many clients as there are.
func (b *bench) signInBy(ctx context.Context, w way) error {
	u, err := w.process.During(ctx, func() error {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(b.clients)
		for range b.signIns {
			group.Go(func() error { return w.signIn(ctx) })
		}
		return group.Wait()
	})
	if err != nil {
		return fmt.Errorf("sign in %s to %s: %w", w.name, w.who, err)
	}
	name := fmt.Sprintf("%s, %d at a time", w.name, b.clients)
	b.signedIn.Add(name, w.who, "CPU of the server", "ms", 1000*u.CPU/float64(b.signIns))
	b.signedIn.Add(name, w.who, "peak memory of the server", "MiB", u.Peak)
	b.signedIn.Add(name, w.who, "sign-ins", "1/s", float64(b.signIns)/u.Wall)
	return nil
}
