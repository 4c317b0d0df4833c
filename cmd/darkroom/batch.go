package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// waitingPerSlot is how many pictures may wait to be developed for each that may be sent at a time, so that a slow worker
// does not keep the line idle, and a lost one does not let them pile up.
const waitingPerSlot = 4

// feedDelay is how much later than the image itself the feed usually tells of it, at most.
const feedDelay = 2 * time.Second

// batch uploads the files of one command.
type batch struct {
	client   *client.Client
	patience *patience
	show     *progress
	palette  palette
	links    links
	tracker  *tracker
	sending  chan struct{} // as many slots as files may be sent at a time
}

func newBatch(c *client.Client, p *patience, show *progress, at console, u uploading) *batch {
	return &batch{
		client: c, patience: p, show: show, palette: at.palette(), links: at.links() && !links(u.urls),
		tracker: newTracker(), sending: make(chan struct{}, u.parallel),
	}
}

// run uploads every file and answers how many failed. It follows the feed from before the first upload, so that no change
// of an image escapes it; when the feed ends, or the context does, so do the uploads.
func (b *batch) run(ctx context.Context, paths []string) (failed int, err error) {
	var head int64
	err = b.patience.try(ctx, func() (err error) {
		head, err = b.client.Head(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	var following sync.WaitGroup
	following.Go(func() { cancel(b.client.Follow(ctx, head, b.tracker.see)) })
	defer following.Wait()
	defer cancel(nil)

	var failures atomic.Int64
	var files errgroup.Group
	files.SetLimit(waitingPerSlot * cap(b.sending))
	for _, path := range paths {
		if ctx.Err() != nil {
			break
		}
		files.Go(func() error {
			if !b.file(ctx, path) {
				failures.Add(1)
			}
			return nil
		})
	}
	_ = files.Wait()
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	return int(failures.Load()), nil
}

// file uploads one file, prints how it went, and tells whether it went well.
func (b *batch) file(ctx context.Context, path string) bool {
	r, err := b.upload(ctx, path)
	switch {
	case ctx.Err() != nil:
		return false // said once, for all
	case err != nil:
		b.show.print(failureBlock(b.palette, path, err))
		return false
	}
	b.show.print(r.block(b.palette, b.links))
	return r.image.Status == gallery.Ready
}

// upload sends a file and waits for its image to end.
func (b *batch) upload(ctx context.Context, path string) (report, error) {
	row, err := b.slot(ctx, path)
	if err != nil {
		return report{}, err
	}
	defer row.close()
	ticket, way, err := b.send(ctx, path, row)
	<-b.sending
	if err != nil {
		return report{}, err
	}
	defer b.tracker.forget(ticket.Image.ID, way)
	image, err := b.finish(ctx, ticket.Image.ID, way)
	return report{image: image, already: ticket.Sent(), steps: way.path()}, err
}

// slot waits for its turn to send.
func (b *batch) slot(ctx context.Context, path string) (*row, error) {
	select {
	case b.sending <- struct{}{}:
		return b.show.row(path), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// send announces a file and puts its bytes where they belong. The image's journey is watched from before that.
func (b *batch) send(ctx context.Context, path string, row *row) (client.Ticket, *journey, error) {
	file, err := client.Inspect(ctx, path)
	if err != nil {
		return client.Ticket{}, nil, err
	}
	row.measured(file.Bytes)
	var ticket client.Ticket
	err = b.patience.try(ctx, func() (err error) {
		ticket, err = b.client.CreateUpload(ctx, file.Upload)
		return err
	})
	if err != nil {
		return ticket, nil, err
	}
	way := b.tracker.watch(ticket.Image, row.at)
	if err := b.patience.try(ctx, func() error { return b.client.Send(ctx, file, ticket, row.sent) }); err != nil {
		b.tracker.forget(ticket.Image.ID, way)
		return ticket, nil, err
	}
	row.at(gallery.Pending)
	return ticket, way, nil
}

// finish waits for the end of a journey and answers the image as it is then. It looks at the image at once too: somebody
// else may have sent the same bytes, and its end may have come before it was watched.
func (b *batch) finish(ctx context.Context, id gallery.ID, way *journey) (client.Image, error) {
	image, err := b.image(ctx, id)
	if err != nil {
		return image, err
	}
	if err := b.settle(ctx, image, way); err != nil {
		return image, err
	}
	ended, err := way.end(ctx)
	if err != nil {
		return image, err
	}
	if ended.Version > image.Version {
		if image, err = b.image(ctx, id); err != nil {
			return image, err
		}
	}
	if image.Deleted() {
		return image, errors.New("the image was put into the trash meanwhile")
	}
	return image, nil
}

func (b *batch) image(ctx context.Context, id gallery.ID) (image client.Image, err error) {
	err = b.patience.try(ctx, func() (err error) {
		image, err = b.client.Image(ctx, id)
		return err
	})
	return image, err
}

// settle tells a journey what is known of its image already. When that is the end, the feed is given a moment to tell the
// steps that led there, for it is a little slower.
func (b *batch) settle(ctx context.Context, image client.Image, way *journey) error {
	if image.Status.Ended() {
		soon, cancel := context.WithTimeout(ctx, feedDelay)
		defer cancel()
		if _, err := way.end(soon); err == nil {
			return nil
		}
	}
	way.take(image.Event())
	return ctx.Err()
}
