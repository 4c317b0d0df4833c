package faults

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
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
	hurt   bool // one of its calls was no plain success
	failed bool // one of them failed, at least for him
}

type actorKey struct{}

func as(ctx context.Context, a *actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

type expiryKey struct{}

// until says when the signature expires that a client sends under, or the function is stopped that he called.
func until(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, expiryKey{}, t)
}

type slowKey struct{}

// slowly makes a body take its time.
func slowly(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, slowKey{}, d)
}

// call waits until the world lets it happen.
type call struct {
	actor   *actor
	what    string
	writes  bool      // to a table
	from    time.Time // before which it does not happen
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
	opened  func(a *actor, uploadID string)
	moved   chan struct{} // one token whenever an actor has parked a call, or has ended
}

// RoundTrip parks the call of an actor until the world decides about it. Who checks the world is no actor: his calls work.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = read(req); err != nil {
			return nil, err
		}
	}
	a, _ := req.Context().Value(actorKey{}).(*actor)
	if a == nil {
		return n.carry(req, body)
	}
	begun := n.now()
	v, alive := n.park(a, req)
	if !alive || v == fails {
		return refused(req), nil
	}
	if n.tooLate(req, begun) {
		a.hurt, a.failed = true, true
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

// tooLate tells whether a request has come after its signature had expired, or goes on after its function was stopped. A
// body that was begun in time may take as long as it wants.
func (n *network) tooLate(req *http.Request, begun time.Time) bool {
	expires, bounded := req.Context().Value(expiryKey{}).(time.Time)
	if signed(req) {
		return bounded && begun.After(expires)
	}
	return bounded && n.now().After(expires)
}

// signed tells whether it is a client who sends the request to S3.
func signed(req *http.Request) bool {
	return req.Method == http.MethodPut && strings.HasPrefix(req.URL.Hostname(), "127.")
}

// read takes the whole body of a request. A part is sixteen megabytes: its buffer is not to grow bit by bit.
func read(req *http.Request) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(max(0, req.ContentLength)) + bytes.MinRead)
	_, err := b.ReadFrom(req.Body)
	return b.Bytes(), err
}

func (n *network) park(a *actor, req *http.Request) (verdict, bool) {
	c := &call{actor: a, what: describe(req), verdict: make(chan verdict, 1)}
	if d, slow := req.Context().Value(slowKey{}).(time.Duration); slow {
		c.from = n.now().Add(d)
	}
	c.writes = strings.HasSuffix(c.what, "Item") || strings.HasSuffix(c.what, "Items")
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
		again.Header.Set("Content-Length", strconv.Itoa(len(body))) // a server finds it there, and signatures cover it
		engine.ServeHTTP(rec, again)
		res := rec.Result()
		res.Request = req
		return res, nil
	}
	res, err := http.DefaultTransport.RoundTrip(again)
	if err == nil && res.StatusCode == http.StatusOK && makesObject(req) {
		n.stored(strings.TrimPrefix(req.URL.Path, "/"))
	}
	if err == nil && req.Method == http.MethodPost && req.URL.Query().Has("uploads") {
		err = n.hearOfUpload(req, res)
	}
	return res, err
}

// hearOfUpload reads which upload in parts S3 has begun.
func (n *network) hearOfUpload(req *http.Request, res *http.Response) error {
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	var out struct{ UploadId string }
	if err == nil && xml.Unmarshal(body, &out) == nil && out.UploadId != "" {
		a, _ := req.Context().Value(actorKey{}).(*actor)
		n.opened(a, out.UploadId)
	}
	return err
}

// makesObject tells whether a request is S3's PutObject or CompleteMultipartUpload.
func makesObject(req *http.Request) bool {
	q := req.URL.Query()
	return req.Method == http.MethodPut && !q.Has("partNumber") || req.Method == http.MethodPost && q.Has("uploadId")
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
	return strings.TrimSpace(req.Method + " " + req.URL.Path + " " + firstQuery(req))
}

// firstQuery is the parameter by which S3 tells its operations apart.
func firstQuery(req *http.Request) string {
	q := req.URL.Query()
	for _, name := range []string{"uploads", "partNumber", "uploadId", "list-type"} {
		if q.Has(name) {
			return strings.TrimSuffix(name+"="+q.Get(name), "=")
		}
	}
	return ""
}
