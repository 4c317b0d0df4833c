package client

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/darkroom/darkroom/gallery"
)

// signal is what the socket's goroutine tells Follow.
type signal struct {
	kind  signalKind
	event gallery.Event // of news; its Seq is 0 when AppSync could not deliver what there was
	err   error         // of lost and barred
}

type signalKind int

const (
	live   signalKind = iota // a subscription has been acknowledged
	news                     // an event came
	lost                     // the socket is gone, and will be opened again
	barred                   // the user's tokens are refused for good
)

// listen keeps a subscription open until the context ends or the user is barred, and tells everything to out.
func (c *Client) listen(ctx context.Context, out chan<- signal) {
	var refused string // a token that was refused though it should be good; another one is tried
	for failures := 0; ctx.Err() == nil; failures++ {
		token, err := c.session.token(ctx, refused)
		known := err == nil
		if known {
			var was bool
			if was, err = c.hear(ctx, token, out); was {
				failures, refused = 0, ""
			}
		}
		if errors.Is(err, gallery.ErrUnauthenticated) {
			if !known || refused != "" {
				tell(ctx, out, signal{kind: barred, err: err})
				return
			}
			refused = token
		}
		tell(ctx, out, signal{kind: lost, err: err})
		_ = sleep(ctx, c.pace.backoff(failures, c.random())) // the loop sees whether the context ended
	}
}

// hear opens a socket and passes on what it says until it breaks; was tells whether the subscription had been acknowledged.
func (c *Client) hear(ctx context.Context, token string, out chan<- signal) (was bool, err error) {
	s, err := c.open(ctx, token)
	if err != nil {
		return false, err
	}
	defer s.close()
	tell(ctx, out, signal{kind: live})
	for {
		f, err := s.read(ctx)
		if err != nil {
			return true, err
		}
		if f.Type == "data" && f.ID == subscriptionID {
			tell(ctx, out, signal{kind: news, event: eventOf(f)})
		}
	}
}

// eventOf reads a data frame. What it cannot read is the zero Event: something happened, and the feed will say what.
func eventOf(f frame) gallery.Event {
	var payload struct {
		Data struct{ ImageEvents gallery.Event }
	}
	if err := json.Unmarshal(f.Payload, &payload); err != nil {
		return gallery.Event{}
	}
	return payload.Data.ImageEvents
}

func tell(ctx context.Context, out chan<- signal, s signal) {
	select {
	case out <- s:
	case <-ctx.Done():
	}
}
