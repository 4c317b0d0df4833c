// Package process is the Lambda that develops pictures: S3's event, taken from a queue, becomes renditions and a finished
// image.
package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
)

// Images keeps the records of images.
type Images interface {
	// Get answers gallery.ErrNotFound for what is not there.
	Get(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error)
	// Save stores an image read at the version before its own, or answers gallery.ErrConflict.
	Save(ctx context.Context, i gallery.Image) error
}

// Originals holds the bytes that were uploaded.
type Originals interface {
	// Original answers gallery.ErrNotFound when there are none.
	Original(ctx context.Context, i gallery.Image) (io.ReadCloser, error)
	DeleteOriginal(ctx context.Context, owner gallery.Owner, id gallery.ID) error
}

// Renditions holds what is made of them.
type Renditions interface {
	PutRendition(ctx context.Context, i gallery.Image, r gallery.Rendition, data []byte) error
	// Tidy removes the renditions that the image does not name. Only the holder of a claim may do that.
	Tidy(ctx context.Context, i gallery.Image) error
}

// Developer makes the renditions of a picture; what is the picture's own fault is a *render.Failure.
type Developer interface {
	Develop(ctx context.Context, original []byte, sha256 string) (render.Picture, error)
}

// Queue takes the images that another function is to develop.
type Queue interface {
	Requeue(ctx context.Context, owner gallery.Owner, id gallery.ID) error
}

// Handler develops the pictures that events tell of.
//
// It may run twice for the same event, and for two events of one image at once: only the holder of a claim works, the
// claim and the end are conditional on the version read, renditions are written under digests of their content, and an
// image that has ended is left alone.
type Handler struct {
	Images     Images
	Originals  Originals
	Renditions Renditions
	Developer  Developer
	Heavy      Queue // takes HEIC and AVIF, which want more memory than others have; nil where they are developed here
	Now        func() time.Time
	Log        *slog.Logger
}

// Handle works through a batch. Messages that must be delivered again are reported; all others are done with: those that
// cannot be understood are logged and dropped, since repetition would not mend them.
func (h Handler) Handle(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	var res events.SQSEventResponse
	for _, m := range e.Records {
		if err := h.message(ctx, m); err != nil { // it is in the log, with its image
			res.BatchItemFailures = append(res.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
		}
	}
	return res, nil
}

func (h Handler) message(ctx context.Context, m events.SQSMessage) error {
	arrivals, err := s3.DecodeEvent(m.Body)
	if errors.Is(err, s3.ErrTestEvent) {
		return nil
	}
	if err != nil {
		h.Log.ErrorContext(ctx, "dropped", "message", m.MessageId, "outcome", "dropped", "error", err)
		return nil
	}
	for _, a := range arrivals {
		l := h.begin()
		outcome, err := h.arrival(ctx, a, l)
		if err != nil {
			h.Log.ErrorContext(ctx, "deliver again", "image", a.ID, "message", m.MessageId, "outcome", "again", "error", err)
			return err
		}
		h.Log.LogAttrs(ctx, slog.LevelInfo, "processed", l.attrs(a.ID, outcome)...)
	}
	return nil
}

// arrival brings one image as far as it can: an error means that the event must come again.
func (h Handler) arrival(ctx context.Context, a s3.Arrival, l *laps) (string, error) {
	i, err := h.Images.Get(ctx, a.Owner, a.ID)
	if errors.Is(err, gallery.ErrNotFound) || err == nil && i.Purging {
		return "object without a record", h.Originals.DeleteOriginal(ctx, a.Owner, a.ID)
	}
	if err != nil {
		return "", err
	}
	if !i.Owed() {
		return "nothing to do", nil
	}
	body, err := h.Originals.Original(ctx, i)
	if errors.Is(err, gallery.ErrNotFound) {
		return h.missing(ctx, i)
	}
	if err != nil {
		return "", err
	}
	defer body.Close()
	if i.Exhausted(h.Now()) {
		return h.giveUp(ctx, i)
	}
	stream := bufio.NewReaderSize(body, render.GlimpseBytes)
	beginning, _ := stream.Peek(render.GlimpseBytes) // a small file ends before, and a broken connection is met again below
	if h.Heavy != nil && render.Heavy(beginning) {
		return "handed over", h.Heavy.Requeue(ctx, i.Owner, i.ID) // unclaimed; handing over twice is harmless
	}
	claimed, err := i.Claim(h.Now())
	if err != nil {
		return "", err
	}
	claimed = claimed.Foresee(render.Glimpse(beginning))
	if err := h.Images.Save(ctx, claimed); err != nil {
		return "", fmt.Errorf("claim: %w", err)
	}
	l.lap(claiming)
	return h.claimed(ctx, claimed, stream, l)
}

// giveUp ends an image that kills its workers. What they left of it is removed first, under a claim, so that nobody is
// writing it again meanwhile.
func (h Handler) giveUp(ctx context.Context, i gallery.Image) (string, error) {
	held, err := i.Hold(h.Now())
	if err != nil {
		return "", err
	}
	if err := h.Images.Save(ctx, held); err != nil {
		return "", fmt.Errorf("hold: %w", err)
	}
	if err := h.Renditions.Tidy(ctx, held); err != nil {
		return "", err
	}
	held.Untidy = false
	return h.fail(ctx, held, gallery.TimedOut)
}

// missing handles an event whose object is not there: one that was never sent is still awaited, one that is gone from
// under a worker will not come back.
func (h Handler) missing(ctx context.Context, i gallery.Image) (string, error) {
	if i.Status != gallery.Processing {
		return "no bytes yet", nil
	}
	if h.Now().Before(i.LeaseUntil) {
		return "", gallery.ErrLeased
	}
	return h.fail(ctx, i, gallery.NeverArrived)
}

// claimed develops an image that is ours, and gives the claim back if it cannot be brought to an end now.
func (h Handler) claimed(ctx context.Context, i gallery.Image, body io.Reader, l *laps) (string, error) {
	outcome, err := h.develop(ctx, i, body, l)
	if err == nil {
		return outcome, nil
	}
	// The context may be what ended the work; giving back must still have its moment.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if released := h.Images.Save(ctx, i.Release(h.Now())); released != nil {
		err = errors.Join(err, fmt.Errorf("release: %w", released))
	}
	return "", err
}

func (h Handler) fail(ctx context.Context, i gallery.Image, code gallery.FailureCode) (string, error) {
	failed, err := i.Fail(code, h.Now())
	if err != nil {
		return "", err
	}
	if err := h.Images.Save(ctx, failed); err != nil {
		return "", fmt.Errorf("fail: %w", err)
	}
	return string(code), nil
}
