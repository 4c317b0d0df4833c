package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

const (
	readers   = 4                     // files read and hashed at once
	announced = 4                     // batches announced at once
	gather    = 20 * time.Millisecond // that a batch waits for more
	lookAgain = 30 * time.Second      // at an image that nothing has been heard of
)

// collection uploads thousands of files: read, hashed, announced in batches, sent and developed side by side, each stage a
// little ahead of the next and no more. Whatever stops it, the next run goes on: what is there is skipped.
type collection struct {
	client   *client.Client
	patience *patience
	hashes   *hashes
	show     *overview
	tracker  *tracker
	sending  chan struct{} // as many slots as files may be sent at a time
	waiting  chan struct{} // as many as may be on their way, sent or not
}

func newCollection(c *client.Client, p *patience, h *hashes, show *overview, u uploading) *collection {
	return &collection{
		client: c, patience: p, hashes: h, show: show, tracker: newTracker(),
		sending: make(chan struct{}, u.parallel), waiting: make(chan struct{}, max(gallery.MaxBatch, 4*waitingPerSlot*u.parallel)),
	}
}

// run uploads all pictures below the paths. When the context ends, or the feed refuses, so does it, with the reason.
func (k *collection) run(ctx context.Context, paths []string) error {
	var head int64
	err := k.patience.try(ctx, func() (err error) {
		head, err = k.client.Head(ctx)
		return err
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var following sync.WaitGroup
	following.Go(func() { cancel(k.client.Follow(ctx, head, k.tracker.see)) })
	defer following.Wait()
	defer cancel(nil)

	found, measured := make(chan walked, 64), make(chan client.File, gallery.MaxBatch)
	var stages errgroup.Group
	stages.Go(func() error { k.show.passed(walk(ctx, paths, found)); return nil })
	stages.Go(func() error { k.measure(ctx, found, measured); return nil })
	k.announce(ctx, measured)
	_ = stages.Wait() // nothing in it answers an error
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// measure hashes what was found, some files at a time.
func (k *collection) measure(ctx context.Context, found <-chan walked, measured chan<- client.File) {
	defer close(measured)
	var group errgroup.Group
	for range readers {
		group.Go(func() error {
			for w := range found {
				k.show.found()
				f, err := client.File{Path: w.path}, w.err
				if err == nil {
					f, err = k.hashes.inspect(ctx, w.path)
				}
				if err != nil {
					k.show.failed(ctx, w.path, err)
					continue
				}
				select {
				case measured <- f:
				case <-ctx.Done():
				}
			}
			return nil
		})
	}
	_ = group.Wait()
}

// announce takes files in batches, and sends those whose bytes are wanted.
func (k *collection) announce(ctx context.Context, measured <-chan client.File) {
	var batches, files errgroup.Group
	batches.SetLimit(announced)
	for more := true; more; {
		var batch []client.File
		batch, more = k.batch(ctx, measured)
		if len(batch) == 0 {
			continue
		}
		batches.Go(func() error { k.one(ctx, batch, &files); return nil })
	}
	_ = batches.Wait()
	_ = files.Wait()
}

// batch waits for a first file, and a moment for more.
func (k *collection) batch(ctx context.Context, measured <-chan client.File) (batch []client.File, more bool) {
	var soon <-chan time.Time
	for len(batch) < gallery.MaxBatch {
		select {
		case f, ok := <-measured:
			if !ok {
				return batch, false
			}
			if batch = append(batch, f); soon == nil {
				soon = time.After(gather)
			}
		case <-soon:
			return batch, true
		case <-ctx.Done():
			return batch, false
		}
	}
	return batch, true
}

// one announces a batch and begins to send what of it is wanted; it returns when all of it is on its way.
func (k *collection) one(ctx context.Context, batch []client.File, files *errgroup.Group) {
	uploads := make([]gallery.Upload, len(batch))
	for n, f := range batch {
		uploads[n] = f.Upload
	}
	var answers []client.Answer
	err := k.patience.try(ctx, func() (err error) {
		answers, err = k.client.CreateUploads(ctx, uploads)
		return err
	})
	for n, f := range batch {
		switch {
		case err != nil:
			k.show.failed(ctx, f.Path, err)
		case answers[n].Err != nil:
			k.show.failed(ctx, f.Path, answers[n].Err)
		case answers[n].Ticket.Sent() && answers[n].Ticket.Image.Status.Ended():
			k.show.had(f, answers[n].Ticket.Image)
		default:
			ticket := answers[n].Ticket
			way := k.tracker.watch(ticket.Image, func(gallery.Status) {})
			select {
			case k.waiting <- struct{}{}:
				files.Go(func() error {
					defer func() { <-k.waiting }()
					defer k.tracker.forget(ticket.Image.ID, way)
					k.file(ctx, f, ticket, way)
					return nil
				})
			case <-ctx.Done():
			}
		}
	}
}

// file sends a file and waits for its image to end.
func (k *collection) file(ctx context.Context, f client.File, t client.Ticket, way *journey) {
	select {
	case k.sending <- struct{}{}:
	case <-ctx.Done():
		return
	}
	row := k.show.row(f.Path)
	defer row.close()
	row.measured(f.Bytes)
	err := k.patience.try(ctx, func() error { return k.client.Send(ctx, f, t, row.sent) })
	<-k.sending
	if err != nil {
		k.show.failed(ctx, f.Path, err)
		return
	}
	row.at(gallery.Pending)
	ended, err := k.end(ctx, t, way)
	if err != nil {
		k.show.failed(ctx, f.Path, err)
		return
	}
	k.show.ended(f, ended, t.Sent())
}

// end waits for the end of an image. The feed tells it; should it not, for a while, the image itself is asked.
func (k *collection) end(ctx context.Context, t client.Ticket, way *journey) (gallery.Event, error) {
	for {
		soon, cancel := context.WithTimeout(ctx, lookAgain)
		e, err := way.end(soon)
		cancel()
		if err == nil && !e.DeletedAt.IsZero() {
			return e, errors.New("the image was put into the trash meanwhile")
		}
		if err == nil || ctx.Err() != nil {
			return e, err
		}
		i, err := k.client.Image(ctx, t.Image.ID)
		if err == nil {
			way.take(i.Event())
		} else if !client.Transient(err) {
			return e, err
		}
	}
}
