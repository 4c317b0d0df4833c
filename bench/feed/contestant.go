package main

import (
	"bytes"
	"context"
	"hash/maphash"

	"github.com/darkroom/darkroom/bench/server"
)

// contestant is a server that can be measured.
type contestant struct {
	who    string
	launch func(ctx context.Context, dir string) (*server.Process, error) // starts it on the data in dir
	join   func(ctx context.Context, p *server.Process) (owner, error)    // signs in, and makes images to change
}

// images is how many an owner has. Each is changed in turn, so that no two changes of one are under way at once.
const images = 200

// owner is a signed-in user with images.
type owner interface {
	// subscribe returns once the socket is told of every change, and calls hear for each, from one goroutine, until the
	// context ends. Then, or when the server drops it, ended gives the reason.
	subscribe(ctx context.Context, hear func(change)) (ended <-chan error, err error)

	// change makes the n-th change of an image, and answers which one it is.
	change(ctx context.Context, image, n int) (change, error)
}

// change names one: the image, and the version or time that it then has.
type change uint64

// naming hashes names of changes: so many arrivals are kept that strings would weigh.
type naming struct{ seed maphash.Seed }

func newNaming() naming { return naming{maphash.MakeSeed()} }

func (n naming) of(id, version []byte) change {
	var h maphash.Hash
	h.SetSeed(n.seed)
	_, _ = h.Write(id) // never fails
	_ = h.WriteByte(0)
	_, _ = h.Write(version)
	return change(h.Sum64())
}

// value is what follows the last label in a text of JSON, up to the next of the stops. Decoding each of some hundred
// thousand messages would cost the clients, which share the cores, more than reading them.
func value(text []byte, label, stops string) []byte {
	at := bytes.LastIndex(text, []byte(label))
	if at < 0 {
		return nil
	}
	rest := text[at+len(label):]
	if end := bytes.IndexAny(rest, stops); end >= 0 {
		return rest[:end]
	}
	return rest
}
