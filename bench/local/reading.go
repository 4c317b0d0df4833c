package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/darkroom/darkroom/bench/server"
)

const (
	pageSize    = 50
	connections = 16
)

// reading is a request that is sent again and again, and how to know its right answer.
type reading struct {
	method, url string
	header      http.Header
	body        []byte
	holds       []byte // found in the answer …
	times       int    // … as often as this
}

// size is how large the answer is, in kB.
func (r reading) size(ctx context.Context, web *http.Client) (float64, error) {
	answer, err := r.once(ctx, web)
	return float64(len(answer)) / 1000, err
}

// repeat sends the request for a time and once at least, on some connections that are kept alive, each time as soon as the
// answer before it has been read and checked. It answers how many answers came.
func (r reading) repeat(ctx context.Context, web *http.Client, during time.Duration) (int, error) {
	deadline := time.Now().Add(during)
	errs := make([]error, connections)
	var answers atomic.Int64
	var sending sync.WaitGroup
	for i := range connections {
		sending.Go(func() {
			for first := true; errs[i] == nil && (first || time.Now().Before(deadline)); first = false {
				if _, errs[i] = r.once(ctx, web); errs[i] == nil {
					answers.Add(1)
				}
			}
		})
	}
	sending.Wait()
	return int(answers.Load()), errors.Join(errs...)
}

func (r reading) once(ctx context.Context, web *http.Client) (answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, fmt.Errorf("make a request: %w", err)
	}
	req.Header = r.header
	if answer, err = server.Send(web, req); err != nil {
		return nil, err
	}
	if got := bytes.Count(answer, r.holds); got != r.times {
		return nil, fmt.Errorf("the answer holds %s %d times, want %d: %.500s", r.holds, got, r.times, answer)
	}
	return answer, nil
}
