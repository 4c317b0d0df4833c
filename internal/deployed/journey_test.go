package deployed_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/darkroom/darkroom/gallery"
)

// TestAPictureGoesThroughTheRealBinaries is the whole way: signed by one, put into S3, developed by another, numbered and
// announced by the third, and READY for who listens at AppSync.
func TestAPictureGoesThroughTheRealBinaries(t *testing.T) {
	s := deploy(t, nil)
	for name, appsyncOnly := range map[string]bool{"over-http": false, "over-appsync": true} {
		t.Run(name, func(t *testing.T) {
			u := s.user(name, appsyncOnly)
			seen := u.listen(t)
			id := u.upload(picture(t, name))
			last := seen(id)
			if last.Width != 300 || last.Height != 200 || last.Placeholder == "" {
				t.Errorf("got %+v", last)
			}
			i := u.ends(id, gallery.Ready)
			for _, r := range i.Renditions {
				res, err := http.Get(r.URL)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/jpeg" {
					t.Errorf("%s: got %s %s", r.Name, res.Status, res.Header.Get("Content-Type"))
				}
			}
			if len(i.Renditions) == 0 {
				t.Error("no renditions")
			}
		})
	}
}

// listen follows the user's feed over AppSync, and answers what waits for the event with which an image is READY.
func (u user) listen(t *testing.T) func(gallery.ID) gallery.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	events, ended := make(chan gallery.Event, 100), make(chan error, 1)
	go func() {
		ended <- u.Follow(ctx, 0, func(e gallery.Event) error { events <- e; return nil })
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the feed ended: %v", err)
		}
	})
	seq := int64(0)
	return func(id gallery.ID) gallery.Event {
		t.Helper()
		for {
			select {
			case e := <-events:
				if seq++; e.Seq != seq {
					t.Errorf("got event %d, want %d", e.Seq, seq)
				}
				if e.ID == id && e.Status.Ended() {
					return e
				}
			case <-ctx.Done():
				t.Fatalf("%s did not end", id)
			}
		}
	}
}
