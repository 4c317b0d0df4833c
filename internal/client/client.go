// Package client talks to a Darkroom deployment as one signed-in user.
package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// Options are what a Client is made from.
type Options struct {
	Config Config           // where, and as whom
	Now    func() time.Time // the clock

	// Connection is told by Follow, in the goroutine that called it, when the feed's socket is up (nil) and when it is lost
	// (why). Follow goes on by itself either way. Nil when nobody wants to know.
	Connection func(err error)

	// Trouble is told why a call is made again that the API failed by a fault of its own, and then, by nil, that it has
	// worked or was refused. It is called from any goroutine. Nil when nobody wants to know.
	Trouble func(err error)
}

// Client talks to one deployment as one user. Its methods may be called concurrently; every one honours its context.
//
// Refusals are *gallery.Error, compared with errors.Is to gallery.ErrNotFound and its like. Any other error means that the
// deployment could not be reached or did not answer as it should.
type Client struct {
	config  Config
	http    *http.Client
	session *session
	notify  func(error)
	trouble func(error)
	pace    pace
	random  func() float64 // 0 ≤ x < 1: spreads the retries of many clients
}

// SignIn checks the configuration and exchanges its user and password for tokens, which the Client then keeps fresh. Wrong
// ones are gallery.ErrUnauthenticated.
func SignIn(ctx context.Context, o Options) (*Client, error) {
	c, err := newClient(o, normalPace())
	if err != nil {
		return nil, err
	}
	if err := c.session.signIn(ctx, o.Config.User, o.Config.Password); err != nil {
		c.Close()
		return nil, fmt.Errorf("sign in as %s: %w", o.Config.User, err)
	}
	return c, nil
}

func newClient(o Options, p pace) (*Client, error) {
	if err := o.Config.check(); err != nil {
		return nil, err
	}
	web := &http.Client{
		Transport: http.DefaultTransport.(*http.Transport).Clone(),
		// Nothing here redirects, and a token or a picture must not follow one to a stranger.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	notify, trouble := o.Connection, o.Trouble
	if notify == nil {
		notify = func(error) {}
	}
	if trouble == nil {
		trouble = func(error) {}
	}
	return &Client{
		config:  o.Config,
		http:    web,
		session: newSession(o.Config.Cognito, web, o.Now, p.request),
		notify:  notify,
		trouble: trouble,
		pace:    p,
		random:  rand.Float64,
	}, nil
}

// Close drops idle connections. Calls under way go on.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Transient tells whether what failed may succeed later: the deployment could not be reached, or S3 was busy. What the API
// has answered is final. Where that was a fault of its own, the call has been made some times by then.
func Transient(err error) bool {
	return !errors.Is(err, context.Canceled) && !hopeless(err)
}

// transient tells whether the same call may succeed later: everything but a considered refusal.
func transient(err error) bool {
	var refusal *gallery.Error
	if !errors.As(err, &refusal) {
		return true
	}
	return refusal.Code == gallery.CodeInternal || refusal.Code == gallery.CodeConflict
}
