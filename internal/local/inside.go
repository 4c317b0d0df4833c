package local

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/darkroom/darkroom/internal/local/buffer"
)

// inside carries requests to the engines of this process straight to their handlers: the same requests and answers as on
// the wire, without a socket. What goes elsewhere goes out as usual.
type inside struct {
	engines map[string]http.Handler // by host and port
	outside aws.HTTPClient
	lent    buffer.Pool // what bodies of answers are kept in until they are closed
}

// Do is what the SDK asks of an HTTP client.
func (i *inside) Do(r *http.Request) (*http.Response, error) {
	engine, here := i.engines[r.URL.Host]
	if !here {
		return i.outside.Do(r)
	}
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer := &answer{header: http.Header{}, status: http.StatusOK, body: body{lender: &i.lent, all: i.lent.Get()}}
	if err := answer.of(engine, asReceived(r)); err != nil {
		return nil, err
	}
	return answer.response(r), nil
}

// asReceived is a request as its receiver sees it.
func asReceived(r *http.Request) *http.Request {
	in := *r
	in.URL = &url.URL{Path: cmp.Or(r.URL.Path, "/"), RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	in.RequestURI, in.Proto, in.ProtoMajor, in.ProtoMinor = r.URL.RequestURI(), "HTTP/1.1", 1, 1
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	return &in
}

// answer keeps what a handler answers.
type answer struct {
	header http.Header
	status int
	body   body
}

// of asks the handler. Its panic is a broken connection to the one who asked, as it would be with a socket between.
func (a *answer) of(h http.Handler, r *http.Request) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s: handler panicked: %v", r.Host, v)
		}
	}()
	h.ServeHTTP(a, r)
	return nil
}

// Header is that of the answer.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) { a.status = status }

// Write adds to the body.
func (a *answer) Write(p []byte) (int, error) {
	a.body.all = append(a.body.all, p...)
	return len(p), nil
}

func (a *answer) response(r *http.Request) *http.Response {
	return &http.Response{
		Status: strconv.Itoa(a.status) + " " + http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: &a.body, ContentLength: int64(len(a.body.all)), Request: r,
	}
}

// body is read by one goroutine, as any is, and closed by it.
type body struct {
	lender *buffer.Pool // nil when it is closed
	all    []byte
	read   int
}

// Read takes what is next.
func (b *body) Read(p []byte) (int, error) {
	if b.lender == nil {
		return 0, http.ErrBodyReadAfterClose
	}
	if b.read == len(b.all) {
		return 0, io.EOF
	}
	n := copy(p, b.all[b.read:])
	b.read += n
	return n, nil
}

// Close gives back what the body was kept in. Whoever has never called it has left it to the collector of garbage.
func (b *body) Close() error {
	if b.lender != nil {
		b.lender.Put(b.all)
		*b = body{}
	}
	return nil
}
