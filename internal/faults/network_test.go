package faults

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// actor is somebody who makes calls: a client, or an invocation of a function. One call of all actors is under way at a time.
type actor struct {
	name   string
	mu     sync.Mutex
	parked []*call
	dead   bool
}

type actorKey struct{}

func as(ctx context.Context, a *actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

type expiryKey struct{}

// until says when the signature expires that a client sends under.
func until(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, expiryKey{}, t)
}

// call waits until the world lets it happen.
type call struct {
	actor   *actor
	what    string
	verdict chan verdict
}

// verdict is what becomes of a call.
type verdict int

const (
	works verdict = iota
	fails
	worksThenFails
	worksTwice // as when the SDK repeats a call whose answer was lost
)

// network carries the calls of actors to the engines.
type network struct {
	engines map[string]http.Handler // by host, those that are in this process
	now     func() time.Time
	stored  func(path string) // is told of objects that were put
	moved   chan struct{}     // one token whenever an actor has parked a call, or has ended
}

// RoundTrip parks the call of an actor until the world decides about it. Who checks the world is no actor: his calls work.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	a, _ := req.Context().Value(actorKey{}).(*actor)
	if a == nil {
		return n.carry(req, body)
	}
	v, alive := n.park(a, req)
	expires, signed := req.Context().Value(expiryKey{}).(time.Time)
	if !alive || v == fails || signed && n.now().After(expires) {
		return refused(req), nil
	}
	res, err := n.carry(req, body)
	if v == worksTwice && err == nil {
		_ = res.Body.Close()
		res, err = n.carry(req, body)
	}
	if v == worksThenFails && err == nil {
		_ = res.Body.Close()
		return refused(req), nil
	}
	return res, err
}

func (n *network) park(a *actor, req *http.Request) (verdict, bool) {
	c := &call{actor: a, what: describe(req), verdict: make(chan verdict, 1)}
	a.mu.Lock()
	if a.dead {
		a.mu.Unlock()
		return fails, false
	}
	a.parked = append(a.parked, c)
	a.mu.Unlock()
	n.moved <- struct{}{}
	v := <-c.verdict
	a.mu.Lock()
	defer a.mu.Unlock()
	return v, !a.dead
}

func (n *network) carry(req *http.Request, body []byte) (*http.Response, error) {
	again := req.Clone(context.WithoutCancel(req.Context()))
	again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	if engine, ours := n.engines[req.URL.Hostname()]; ours {
		rec := httptest.NewRecorder()
		engine.ServeHTTP(rec, again)
		res := rec.Result()
		res.Request = req
		return res, nil
	}
	res, err := http.DefaultTransport.RoundTrip(again)
	if err == nil && req.Method == http.MethodPut && res.StatusCode == http.StatusOK {
		n.stored(strings.TrimPrefix(req.URL.Path, "/"))
	}
	return res, err
}

// refused is an answer that no SDK takes for a reason to try again: here every fault is one that outlasted the attempts.
func refused(req *http.Request) *http.Response {
	body := `{"__type":"com.amazon.coral.service#AccessDeniedException","message":"a fault of the world"}`
	if strings.HasPrefix(req.URL.Hostname(), "127.") {
		body = `<Error><Code>AccessDenied</Code><Message>a fault of the world</Message></Error>`
	}
	return &http.Response{
		StatusCode: http.StatusForbidden, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
	}
}

func describe(req *http.Request) string {
	if target := req.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndexByte(target, '.')+1:]
	}
	return req.Method + " " + req.URL.Path
}
