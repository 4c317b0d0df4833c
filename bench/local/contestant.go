package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // the renditions are JPEGs
	"net/http"
	"sync"
	"time"

	"github.com/darkroom/darkroom/bench/server"
	"github.com/darkroom/darkroom/gallery"
)

// contestant is a server that can be measured.
type contestant struct {
	who    string
	launch func(ctx context.Context, dir string) (*server.Process, error) // starts it on the data in dir
	signIn func(ctx context.Context, p *server.Process) (session, error)  // with a live subscription
}

// session is one signed-in user of a contestant.
type session interface {
	// develop uploads the file and fetches its five renditions. It answers when the events came.
	develop(ctx context.Context, path string) (heard, error)

	// readings are the requests for one image, developed before, and for the newest 50.
	readings() (one, page reading)

	// close ends the subscription.
	close() error
}

// heard is how long after the beginning of an upload its events came: that the original is stored (PocketBase's one, ours
// PROCESSING), and that the renditions are made, which only we tell.
type heard struct{ stored, ready time.Duration }

// arrivals are events that somebody waits for, by the id of an image. An event may come before its waiter.
type arrivals struct {
	mu    sync.Mutex
	by    map[string]*arrival
	ended chan struct{} // closed when no more will come
	why   error         // of ended
}

type arrival struct {
	come chan struct{}
	err  error // of an image that failed
}

func newArrivals() *arrivals {
	return &arrivals{by: map[string]*arrival{}, ended: make(chan struct{})}
}

func (a *arrivals) of(id string) *arrival {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.by[id] == nil {
		a.by[id] = &arrival{come: make(chan struct{})}
	}
	return a.by[id]
}

// tell is called by one goroutine. What it says of an id after the first time is not heard.
func (a *arrivals) tell(id string, err error) {
	it := a.of(id)
	select {
	case <-it.come:
	default:
		it.err = err
		close(it.come)
	}
}

// end is called once, by the goroutine that tells.
func (a *arrivals) end(why error) {
	a.why = why
	close(a.ended)
}

func (a *arrivals) wait(ctx context.Context, id string) error {
	it := a.of(id)
	select {
	case <-it.come:
		return it.err
	case <-a.ended:
		return fmt.Errorf("the subscription ended: %w", a.why)
	case <-ctx.Done():
		return fmt.Errorf("wait for the event of %s: %w", id, ctx.Err())
	}
}

// fetch gets all renditions at once, as a page does, and sees that each is a picture of its size.
func fetch(ctx context.Context, web *http.Client, urls map[string]string) error {
	specs := gallery.Specs()
	errs := make([]error, len(specs))
	var fetching sync.WaitGroup
	for i, spec := range specs {
		fetching.Go(func() { errs[i] = fetchOne(ctx, web, urls[spec.Name], spec) })
	}
	fetching.Wait()
	return errors.Join(errs...)
}

func fetchOne(ctx context.Context, web *http.Client, url string, spec gallery.Spec) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", spec.Name, err)
	}
	body, err := server.Send(web, req)
	if err != nil {
		return fmt.Errorf("fetch %s: %w", spec.Name, err)
	}
	// PocketBase answers the original where it could not make the thumb.
	c, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || max(c.Width, c.Height) > spec.Edge {
		return fmt.Errorf("fetch %s: got %d × %d of at most %d (%v)", spec.Name, c.Width, c.Height, spec.Edge, err)
	}
	return nil
}
