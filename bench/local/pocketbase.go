package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/darkroom/darkroom/bench/server"
	"github.com/darkroom/darkroom/gallery"
)

// pocketbase is the peer's name.
const pocketbase = "pocketbase"

// pocketBaseUser is a user who has just signed up.
type pocketBaseUser struct {
	*server.PocketBase
	events *arrivals
	stop   context.CancelFunc
	record atomic.Pointer[string] // an image that is developed
}

func signInToPocketBase(ctx context.Context, p *server.Process) (session, error) {
	base, err := server.SignUp(ctx, server.NewWeb(64), p.URL)
	if err != nil {
		return nil, err
	}
	u := &pocketBaseUser{PocketBase: base, events: newArrivals()}
	ctx, u.stop = context.WithCancel(ctx)
	ended, err := u.Subscribe(ctx, http.DefaultClient, u.take)
	if err != nil {
		u.stop()
		return nil, err
	}
	go func() { u.events.end(<-ended) }()
	return u, nil
}

func (u *pocketBaseUser) take(data []byte) error {
	var said struct {
		Action string
		Record struct{ ID string }
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return fmt.Errorf("read event: %w", err)
	}
	if said.Action == "create" {
		u.events.tell(said.Record.ID, nil)
	}
	return nil
}

func (u *pocketBaseUser) develop(ctx context.Context, path string) (heard, error) {
	started := time.Now()
	var stored struct{ ID, File string }
	picture, err := os.ReadFile(path)
	if err != nil {
		return heard{}, fmt.Errorf("upload: %w", err)
	}
	if err := u.Upload(ctx, filepath.Base(path), picture, &stored); err != nil {
		return heard{}, err
	}
	if err := u.events.wait(ctx, stored.ID); err != nil {
		return heard{}, err
	}
	told := heard{stored: time.Since(started)}
	u.record.Store(&stored.ID)
	urls := map[string]string{}
	for _, spec := range gallery.Specs() {
		thumb := fmt.Sprintf("%dx%df", spec.Edge, spec.Edge)
		if spec.Crop {
			thumb = fmt.Sprintf("%dx%d", spec.Edge, spec.Edge)
		}
		urls[spec.Name] = u.URL + "/api/files/images/" + stored.ID + "/" + stored.File + "?thumb=" + thumb
	}
	return told, fetch(ctx, u.Web, urls)
}

func (u *pocketBaseUser) readings() (one, page reading) {
	read := func(path string, images int) reading {
		return reading{
			method: http.MethodGet, url: u.URL + "/api/collections/images/records" + path,
			header: http.Header{"Authorization": {u.Token}}, holds: []byte(`"collectionName":"images"`), times: images,
		}
	}
	// Darkroom's pages are the newest first and have no total either.
	return read("/"+*u.record.Load(), 1), read(fmt.Sprintf("?perPage=%d&skipTotal=1&sort=-created", pageSize), pageSize)
}

func (u *pocketBaseUser) close() error {
	u.stop()
	<-u.events.ended
	u.Web.CloseIdleConnections()
	return nil
}
