package process_test

import (
	"context"
	"errors"
	"image"
	"slices"
	"testing"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/render"
)

// line is a queue that keeps what it is given, or is out of order.
type line struct {
	ids    []gallery.ID
	broken bool
}

func (l *line) Requeue(_ context.Context, _ gallery.Owner, id gallery.ID) error {
	if l.broken {
		return errors.New("out of order")
	}
	l.ids = append(l.ids, id)
	return nil
}

// grey is a decoder to which every picture looks the same.
type grey struct{}

func (grey) Decode([]byte, string) (image.Image, error) {
	return image.NewYCbCr(image.Rect(0, 0, 64, 48), image.YCbCrSubsampleRatio420), nil
}

// avif is the boxes of a file of 64 × 48, and not a sample of its picture.
const avif = "\x00\x00\x00\x14ftypavif\x00\x00\x00\x00avif" +
	"\x00\x00\x00\x93meta\x00\x00\x00\x00" +
	"\x00\x00\x00\x0epitm\x00\x00\x00\x00\x00\x01" +
	"\x00\x00\x00\x23iinf\x00\x00\x00\x00\x00\x01\x00\x00\x00\x15infe\x02\x00\x00\x00\x00\x01\x00\x00av01\x00" +
	"\x00\x00\x00\x1eiloc\x00\x00\x00\x00\x44\x00\x00\x01\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x04" +
	"\x00\x00\x00\x38iprp\x00\x00\x00\x1cipco\x00\x00\x00\x14ispe\x00\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x30" +
	"\x00\x00\x00\x14ipma\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01\x01\x01"

func TestAHeavyPictureIsHandedOverUnclaimed(t *testing.T) {
	r := open(t)
	data := []byte(avif)
	i := r.stored(r.announced(data), data)
	queue := &line{}
	light := r.handler
	light.Heavy = queue
	for range 2 {
		if failed := r.deliver(light, event(t, i)); failed != 0 {
			t.Fatalf("not taken: %s", r.log)
		}
	}
	if got := r.get(i); got.Version != 1 || !slices.Equal(queue.ids, []gallery.ID{i.ID, i.ID}) {
		t.Errorf("got version %d, and %v handed over", got.Version, queue.ids)
	}
	queue.broken = true
	if failed := r.deliver(light, event(t, i)); failed != 1 {
		t.Errorf("with the queue out of order %d messages are to come again, want 1", failed)
	}

	heavy := r.handler
	heavy.Developer = render.Developer{HEIF: grey{}}
	for range 2 { // as often as it was handed over
		if failed := r.deliver(heavy, event(t, i)); failed != 0 {
			t.Fatalf("not taken: %s", r.log)
		}
	}
	got := r.get(i)
	if got.Status != gallery.Ready || got.Version != 3 || got.Facts.Format != "avif" || got.Facts.Width != 64 {
		t.Errorf("got %s %s, version %d, %s of %d", got.Status, got.Failure, got.Version, got.Facts.Format, got.Facts.Width)
	}
}

func TestWithoutAHeavyFunctionHEIFIsUnsupported(t *testing.T) {
	r := open(t)
	data := []byte(avif)
	i := r.stored(r.announced(data), data)
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 {
		t.Fatalf("not taken: %s", r.log)
	}
	if got := r.get(i); got.Failure != gallery.Unsupported {
		t.Errorf("got %s %s", got.Status, got.Failure)
	}
}

func TestAJPEGIsNotHandedOver(t *testing.T) {
	r := open(t)
	data := photo(t, 7)
	i := r.stored(r.announced(data), data)
	queue := &line{}
	r.handler.Heavy = queue
	if failed := r.deliver(r.handler, event(t, i)); failed != 0 || len(queue.ids) != 0 || r.get(i).Status != gallery.Ready {
		t.Errorf("%d failed, %d handed over, %s", failed, len(queue.ids), r.get(i).Status)
	}
}
