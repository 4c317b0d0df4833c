package process

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render"
)

// develop brings a claimed image to READY, or to FAILED if the picture itself is at fault. An error is ours.
func (h Handler) develop(ctx context.Context, i gallery.Image, body io.Reader, l *laps) (string, error) {
	original, ok, err := read(body, i)
	if err != nil {
		return "", err
	}
	if !ok {
		return h.refuse(ctx, i)
	}
	l.lap(reading)
	picture, err := h.Developer.Develop(ctx, original, i.SHA256)
	var fault *render.Failure
	if errors.As(err, &fault) {
		l.lap(developing)
		h.Log.InfoContext(ctx, "unreadable picture", "image", i.ID, "outcome", fault.Code, "reason", fault)
		return h.fail(ctx, i, fault.Code)
	}
	if err != nil {
		return "", fmt.Errorf("develop: %w", err)
	}
	i.Took = l.lap(developing)
	outcome, err := h.store(ctx, i, picture)
	l.lap(storing)
	return outcome, err
}

// refuse ends an image whose bytes are others than announced. They are removed first, while the image is ours alone: then
// the right ones can be sent in their place.
func (h Handler) refuse(ctx context.Context, i gallery.Image) (string, error) {
	if err := h.Originals.DeleteOriginal(ctx, i.Owner, i.ID); err != nil {
		return "", err
	}
	return h.fail(ctx, i, gallery.Mismatch)
}

// read takes the bytes of an original and compares them with what was announced, before anything is trusted.
func read(body io.Reader, i gallery.Image) ([]byte, bool, error) {
	sum := sha256.New()
	var data bytes.Buffer
	data.Grow(int(min(i.Bytes, gallery.MaxBytes)) + bytes.MinRead)
	n, err := io.Copy(io.MultiWriter(&data, sum), io.LimitReader(body, i.Bytes+1))
	if err != nil {
		return nil, false, fmt.Errorf("read original: %w", err)
	}
	return data.Bytes(), n == i.Bytes && hex.EncodeToString(sum.Sum(nil)) == i.SHA256, nil
}

// store writes all renditions, and only then makes the image READY: a partial set is never seen. If the image was deleted
// or taken over meanwhile, the end is not ours to write.
func (h Handler) store(ctx context.Context, i gallery.Image, p render.Picture) (string, error) {
	var made []gallery.Rendition
	for _, r := range p.Renditions {
		if err := h.Renditions.PutRendition(ctx, i, r.Rendition, r.Data); err != nil {
			return "", err
		}
		made = append(made, r.Rendition)
	}
	ready, err := i.Finish(p.Facts, made, h.Now())
	if err != nil {
		return "", err
	}
	err = h.Images.Save(ctx, ready)
	if errors.Is(err, gallery.ErrConflict) {
		return h.overtaken(ctx, i)
	}
	if err != nil {
		return "", fmt.Errorf("finish: %w", err)
	}
	return string(gallery.Ready), nil
}

// overtaken looks at what another writer made of an image while we developed it. If it still needs an end, the event must
// come again. Renditions that nobody names now are left: another worker may be about to name the very same ones. They go
// when the image is given up or purged.
func (h Handler) overtaken(ctx context.Context, i gallery.Image) (string, error) {
	now, err := h.Images.Get(ctx, i.Owner, i.ID)
	switch {
	case errors.Is(err, gallery.ErrNotFound):
		i.Renditions = nil // purged: nobody will ever name one again
		return "purged meanwhile", h.Renditions.Tidy(ctx, i)
	case err != nil:
		return "", err
	case now.Deleted():
		return "deleted meanwhile", nil
	case now.Status.Ended():
		return "finished by another", nil
	}
	return "", gallery.ErrConflict
}
