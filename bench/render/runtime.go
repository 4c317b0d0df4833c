package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// runtime is what AWS Lambda is to a function, for a single event: the function asks for it over HTTP, and posts what came
// of it.
type runtime struct {
	address  string
	server   *http.Server
	event    chan []byte // the one to come, taken by the first who asks
	answered chan result
}

// result is what a function posted: its answer, or what it says went wrong.
type result struct {
	answer []byte
	err    error
}

func startRuntime(event []byte) (*runtime, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start a runtime: %w", err)
	}
	r := &runtime{
		address: listener.Addr().String(), event: make(chan []byte, 1), answered: make(chan result, 1),
	}
	r.event <- event
	const api = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+api+"invocation/next", r.next)
	mux.HandleFunc("POST "+api+"invocation/{id}/response", r.take(func(body []byte) result { return result{answer: body} }))
	failed := r.take(func(body []byte) result { return result{err: fmt.Errorf("the function failed: %s", body)} })
	mux.HandleFunc("POST "+api+"invocation/{id}/error", failed)
	mux.HandleFunc("POST "+api+"init/error", failed)
	r.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = r.server.Serve(listener) }() // until close
	return r, nil
}

func (r *runtime) close() error { return r.server.Close() }

// next gives the event to the first who asks, and has all others wait.
func (r *runtime) next(w http.ResponseWriter, req *http.Request) {
	select {
	case <-req.Context().Done():
	case event := <-r.event:
		h := w.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000001")
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:000000000000:function:process")
		h.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(time.Minute).UnixMilli()))
		_, _ = w.Write(event) // a function that is gone is noticed by whoever waits for its answer
	}
}

// take hands on what a function posts.
func (r *runtime) take(as func([]byte) result) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
		got := as(body)
		got.err = errors.Join(got.err, err)
		w.WriteHeader(http.StatusAccepted)
		select {
		case r.answered <- got:
		default: // there has been an answer
		}
	}
}

// wait is until the function has answered, or ended without.
func (r *runtime) wait(ctx context.Context, ended <-chan error) ([]byte, error) {
	select {
	case got := <-r.answered:
		return got.answer, got.err
	case err := <-ended:
		return nil, fmt.Errorf("the function ended: %w", err)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
