package client

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// maxRefusalBytes bounds what is read of S3's refusal.
const maxRefusalBytes = 64 << 10

// refusal is S3 saying no.
type refusal struct {
	Status  int    `xml:"-"`
	Code    string // such as AccessDenied
	Message string
}

func (r *refusal) Error() string {
	return strings.TrimSpace(fmt.Sprintf("S3 answered %d %s %s", r.Status, r.Code, r.Message))
}

// again tells whether S3 may say yes to the same request later.
func (r *refusal) again() bool {
	switch r.Status {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return true
	}
	return r.Status >= 500
}

// Send puts the bytes of a file where its ticket says. Network errors and a busy S3 are tried again a few times; that the
// bytes are there already is a success. A refused signature (it has expired) is replaced once by announcing the file again.
// progress is told how many bytes of the current attempt have gone out, from another goroutine, never after Send returns.
func (c *Client) Send(ctx context.Context, f File, t Ticket, progress func(sent int64)) error {
	if t.Parts > 0 {
		return c.sendParts(ctx, f, t, progress)
	}
	renewed := false
	for attempt := 0; t.Target != nil; {
		err := c.put(ctx, f, t, progress)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case forbidden(err) && !renewed:
			renewed = true
			if t, err = c.announceAgain(ctx, f, t); err != nil {
				return err
			}
			continue
		case hopeless(err):
			return fmt.Errorf("send %s: %w", f.Path, err)
		}
		attempt++
		if attempt >= c.pace.attempts {
			return fmt.Errorf("send %s, tried %d times: %w", f.Path, attempt, err)
		}
		if err := sleep(ctx, c.pace.backoff(attempt-1, c.random())); err != nil {
			return err
		}
	}
	return nil
}

func forbidden(err error) bool {
	var no *refusal
	return errors.As(err, &no) && no.Status == http.StatusForbidden
}

// hopeless tells whether another attempt would end like this one: S3 said no for good, or the fault is here.
func hopeless(err error) bool {
	var no *refusal
	if errors.As(err, &no) {
		return !no.again()
	}
	var local *fs.PathError
	var invalid *gallery.Error
	return errors.As(err, &local) || errors.As(err, &invalid)
}

func (c *Client) announceAgain(ctx context.Context, f File, old Ticket) (Ticket, error) {
	t, err := c.CreateUpload(ctx, f.Upload)
	if err == nil && t.Image.ID != old.Image.ID {
		return t, fmt.Errorf("send %s: image %s is gone meanwhile; upload it again", f.Path, old.Image.ID)
	}
	return t, err
}

// put makes one attempt.
func (c *Client) put(ctx context.Context, f File, t Ticket, progress func(int64)) error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	body := &meter{file: file, from: file}
	defer body.Close()
	if info, err := file.Stat(); err != nil || info.Size() != f.Bytes {
		return gallery.Invalid("bytes", "the file has changed since it was measured")
	}
	return c.carry(ctx, *t.Target, f.Bytes, body, progress)
}

// carry sends a body to a target. It is given up when no byte moves for a while.
func (c *Client) carry(ctx context.Context, t gallery.Target, length int64, body *meter, progress func(int64)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := time.AfterFunc(c.pace.stall, func() { cancel(errors.New("the upload has stalled")) })
	defer stalled.Stop()
	body.moved = func(sent int64) {
		stalled.Reset(c.pace.stall)
		progress(sent)
	}
	req, err := signedRequest(ctx, t, length, body)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		return err
	}
	defer res.Body.Close()
	return verdict(res)
}

// signedRequest is the request that was signed: its headers and no other. Length and host follow from body and URL.
func signedRequest(ctx context.Context, t gallery.Target, length int64, body *meter) (*http.Request, error) {
	u, err := url.Parse(t.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || t.Method != http.MethodPut {
		return nil, gallery.Invalid("url", "the upload's target is not a PUT to a web address")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, t.URL, body)
	if err != nil {
		return nil, err
	}
	req.ContentLength = length
	for _, h := range t.Headers {
		if !strings.EqualFold(h.Name, "Content-Length") && !strings.EqualFold(h.Name, "Host") {
			req.Header.Set(h.Name, h.Value)
		}
	}
	return req, nil
}

func verdict(res *http.Response) error {
	switch res.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusNoContent:
		return nil
	case http.StatusPreconditionFailed: // If-None-Match: an earlier attempt got through, though its answer did not
		return nil
	}
	no := &refusal{Status: res.StatusCode}
	if b, err := readBounded(res.Body, maxRefusalBytes); err == nil {
		_ = xml.Unmarshal(b, no) // a proxy's page is not XML: the status must do
	}
	return no
}
