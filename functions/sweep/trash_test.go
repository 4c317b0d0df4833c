package sweep_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

func TestTheTrashIsEmptied(t *testing.T) {
	f := open(t)
	kept := f.ready(f.sent(f.announced(1)), "kept")
	i := f.ready(f.sent(f.announced(2)), "new")
	f.put("renditions", s3.RenditionPrefix(i.Owner, i.ID)+"large-of-an-older-pipeline.jpg")
	f.save(i.Trash(*f.now), nil)
	f.later(gallery.TrashLife - time.Second)
	f.sweep()
	if got := f.get(i); got.Purging || f.usage().Images != 2 {
		t.Fatalf("before its time: %+v, %+v", got, f.usage())
	}
	f.later(time.Second)
	f.sweep()
	tomb := f.get(i)
	if !tomb.Purged() || tomb.Filename != "" || tomb.SHA256 != "" || len(tomb.Renditions) != 0 || tomb.Facts.Width != 0 {
		t.Errorf("the tombstone tells: %+v", tomb)
	}
	if got := append(f.objects("uploads"), f.objects("renditions")...); len(got) != 2 || !strings.Contains(got[0], string(kept.ID)) {
		t.Errorf("left: %v", got)
	}
	if got, want := f.usage(), (gallery.Usage{Images: 1, Bytes: 1000}); got != want {
		t.Errorf("usage: got %+v, want %+v", got, want)
	}
	if _, err := f.images.Get(t.Context(), ann, i.ID); !errors.Is(err, gallery.ErrNotFound) {
		t.Errorf("a purged image: got %v, want %v", err, gallery.ErrNotFound)
	}
	f.announced(2) // the same bytes, anew
}

// brokenObjects is a bucket that cannot be reached once its originals are deleted.
type brokenObjects struct{ sweep.Objects }

func (brokenObjects) Tidy(context.Context, gallery.Image) error { return io.ErrUnexpectedEOF }

func TestAPurgeThatDiesHalfWayIsCompletedAndNothingBringsTheImageBack(t *testing.T) {
	f := open(t)
	i := f.ready(f.sent(f.announced(1)), "d")
	f.save(i.Purge(*f.now), nil)
	broken := f.handler
	broken.Objects = brokenObjects{f.handler.Objects}
	if err := broken.Handle(t.Context(), sweep.Event{}); err != nil {
		t.Fatal(err)
	}
	half := f.get(i)
	if back := half.Restore(*f.now); back.Version != half.Version || !back.Deleted() {
		t.Errorf("restored without its bytes: %+v", back)
	}
	f.later(gallery.Lease)
	f.sweep()
	if !f.get(i).Purged() || f.usage() != (gallery.Usage{}) || len(f.objects("renditions")) != 0 {
		t.Errorf("got %+v, usage %+v", f.get(i), f.usage())
	}
}

func TestRenditionsOfAnOlderPipelineGoWhenTheirLinksHaveExpired(t *testing.T) {
	f := open(t)
	i := f.ready(f.sent(f.announced(1)), "old")
	i = f.ready(i, "new")
	f.later(gallery.URLLife)
	f.sweep()
	if got := f.objects("renditions"); len(got) != 2 {
		t.Fatalf("while links are out: %v", got)
	}
	f.later(gallery.UploadGrace)
	f.sweep()
	if got := f.objects("renditions"); len(got) != 1 || !strings.Contains(got[0], "new") || f.get(i).Status != gallery.Ready {
		t.Errorf("got %v, %s", got, f.get(i).Status)
	}
	if due := f.get(i).Due(); !due.IsZero() {
		t.Errorf("it is still due at %v", due)
	}
}
