package process_test

import (
	"context"
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render"
)

// watching looks at the record while a picture is being developed.
type watching struct {
	render.Developer
	look func()
}

func (w watching) Develop(ctx context.Context, original []byte, sha256 string) (render.Picture, error) {
	w.look()
	return w.Developer.Develop(ctx, original, sha256)
}

func TestTheSizeIsKnownBeforeThePictureIsDeveloped(t *testing.T) {
	r := open(t)
	data := photo(t, 0)
	i := r.stored(r.announced(data), data)
	var early gallery.Image
	h := r.handler
	h.Developer = watching{look: func() { early = r.get(i) }}
	if failed := r.deliver(h, event(t, i)); failed != 0 {
		t.Fatalf("not taken: %s", r.log)
	}
	e := early.Event()
	if early.Status != gallery.Processing || early.Version != 2 || e.Width != 300 || e.Height != 200 {
		t.Errorf("while developing: got %s, version %d, %d × %d", early.Status, early.Version, e.Width, e.Height)
	}
	if early.KnownCapture() != nil || early.KnownFormat() != nil {
		t.Error("what nobody has seen is told as if it were known")
	}
	if got := r.get(i); got.Status != gallery.Ready || got.Version != 3 {
		t.Errorf("in the end: got %s, version %d", got.Status, got.Version)
	}
}

func TestWhatWasForeseenOfAPictureThatFailsIsForgotten(t *testing.T) {
	r := open(t)
	promised, other := photo(t, 1), photo(t, 2)
	i := r.stored(r.announced(promised), other)
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 {
		t.Fatalf("not taken: %s", r.log)
	}
	if got := r.get(i); got.Failure != gallery.Mismatch || got.Facts.Width != 0 {
		t.Errorf("got %s %s, %d wide", got.Status, got.Failure, got.Facts.Width)
	}
}
