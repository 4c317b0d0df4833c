package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/darkroom/darkroom/bench/report"
	"github.com/darkroom/darkroom/bench/server"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// darkroomUser is the demo user.
type darkroomUser struct {
	client   *client.Client
	config   client.Config
	token    string
	web      *http.Client
	events   *arrivals // of an image's end
	stored   *arrivals // of its beginning: it is there, and being developed
	stop     context.CancelFunc
	followed atomic.Pointer[gallery.ID] // an image that is READY
}

func signInToDarkroom(ctx context.Context, p *server.Process) (session, error) {
	config, err := server.ReadConfig(p.Dir)
	if err != nil {
		return nil, fmt.Errorf("read where the cloud is: %w", err)
	}
	u := &darkroomUser{config: config, web: server.NewWeb(64), events: newArrivals(), stored: newArrivals()}
	up := make(chan struct{}, 1)
	u.client, err = client.SignIn(ctx, client.Options{Config: config, Now: time.Now, Connection: func(err error) {
		if err == nil {
			select {
			case up <- struct{}{}:
			default:
			}
		}
	}})
	if err != nil {
		return nil, err
	}
	if u.token, err = server.AccessToken(ctx, u.web, config); err != nil {
		return nil, err
	}
	following, stop := context.WithCancel(ctx)
	u.stop = stop
	go func() {
		why := u.client.Follow(following, -1, u.take)
		u.stored.end(why)
		u.events.end(why)
	}()
	select {
	case <-up:
		return u, nil
	case <-u.events.ended:
		stop()
		return nil, fmt.Errorf("follow: %w", u.events.why)
	}
}

// take hears of an image's beginning and end. Events may overtake each other: what has ended has begun.
func (u *darkroomUser) take(e gallery.Event) error {
	if e.Status != gallery.Pending {
		u.stored.tell(string(e.ID), nil)
	}
	switch e.Status {
	case gallery.Ready:
		u.followed.Store(&e.ID)
		u.events.tell(string(e.ID), nil)
	case gallery.Failed:
		u.events.tell(string(e.ID), fmt.Errorf("image %s failed: %s", e.ID, e.Failure))
	}
	return nil
}

func (u *darkroomUser) develop(ctx context.Context, path string) (heard, error) {
	started := time.Now()
	f, err := client.Inspect(ctx, path)
	if err != nil {
		return heard{}, err
	}
	ticket, err := u.client.CreateUpload(ctx, f.Upload)
	if err != nil {
		return heard{}, err
	}
	if err := u.client.Send(ctx, f, ticket, func(int64) {}); err != nil {
		return heard{}, err
	}
	var told heard
	if err := u.stored.wait(ctx, string(ticket.Image.ID)); err != nil {
		return heard{}, err
	}
	told.stored = time.Since(started)
	if err := u.events.wait(ctx, string(ticket.Image.ID)); err != nil {
		return heard{}, err
	}
	told.ready = time.Since(started)
	i, err := u.client.Image(ctx, ticket.Image.ID)
	if err != nil {
		return heard{}, err
	}
	urls := map[string]string{}
	for _, r := range i.Renditions {
		urls[r.Name] = r.URL
	}
	return told, fetch(ctx, u.web, urls)
}

// The documents are what a page of pictures needs: a frame of the right shape at once, and each size to put into it.
const (
	imageFields = `{ id version status filename contentType bytes width height placeholder createdAt updatedAt
  renditions { name url width height bytes contentType expiresAt } }`
	imageDocument  = `query Image($id: ID!) { image(id: $id) ` + imageFields + ` }`
	imagesDocument = `query Images { images(first: 50) { edges { node ` + imageFields +
		` } pageInfo { hasNextPage endCursor } } }`
)

func (u *darkroomUser) readings() (one, page reading) {
	ask := func(document string, images int) reading {
		body, _ := json.Marshal(map[string]any{ // strings always encode
			"query": document, "variables": map[string]any{"id": u.followed.Load()},
		})
		return reading{
			method: http.MethodPost, url: u.config.GraphQL, body: body, holds: []byte(`"name":"xlarge"`), times: images,
			header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + u.token}},
		}
	}
	return ask(imageDocument, 1), ask(imagesDocument, pageSize)
}

func (u *darkroomUser) close() error {
	u.stop()
	<-u.events.ended
	u.client.Close()
	u.web.CloseIdleConnections()
	if !errors.Is(u.events.why, context.Canceled) {
		return fmt.Errorf("follow %s: %w", report.Darkroom, u.events.why)
	}
	return nil
}
