package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"github.com/darkroom/darkroom/bench/server"
)

// pocketbase is the peer's name.
const pocketbase = "pocketbase"

// pocketBaseOwner is a user who has just signed up.
type pocketBaseOwner struct {
	*server.PocketBase
	stream *http.Client
	naming naming
	ids    []string
}

func joinPocketBase(ctx context.Context, p *server.Process) (owner, error) {
	base, err := server.SignUp(ctx, server.NewWeb(64), p.URL)
	if err != nil {
		return nil, err
	}
	streams := http.DefaultTransport.(*http.Transport).Clone()
	streams.DisableCompression = true
	u := &pocketBaseOwner{PocketBase: base, stream: &http.Client{Transport: streams}, naming: newNaming()}
	picture, err := os.ReadFile("testdata/sunrise.jpg")
	if err != nil {
		return nil, fmt.Errorf("read a photograph: %w", err)
	}
	for range images {
		var stored struct{ ID string }
		if err := u.Upload(ctx, "bench.jpg", picture, &stored); err != nil {
			return nil, err
		}
		u.ids = append(u.ids, stored.ID)
	}
	return u, nil
}

// change writes a record as it is; its time of update changes.
func (u *pocketBaseOwner) change(ctx context.Context, image, _ int) (change, error) {
	var updated struct{ Updated string }
	id := u.ids[image]
	err := u.Send(ctx, http.MethodPatch, "/api/collections/images/records/"+id, map[string]any{"owner": u.UserID}, &updated)
	return u.naming.of([]byte(id), []byte(updated.Updated)), err
}

func (u *pocketBaseOwner) subscribe(ctx context.Context, hear func(change)) (<-chan error, error) {
	return u.Subscribe(ctx, u.stream, func(data []byte) error {
		hear(u.naming.of(value(data, `"id":"`, `"`), value(data, `"updated":"`, `"`)))
		return nil
	})
}
