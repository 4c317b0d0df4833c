package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// TestCtrlCFinishesWhatIsUnderWay stops the cloud right behind ten acknowledged uploads. It ends cleanly, and after the next
// start every image ends at once: no lease of a worker that died has to be waited for.
func TestCtrlCFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cloud := startCloud(t, dir)
	c := cloud.as(t.Context())
	var images []gallery.ID
	for _, name := range variants(t, t.TempDir(), 0, 10) {
		id, err := upload(t.Context(), c, name)
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, id)
	}
	cloud.stop()
	cloud = startCloud(t, dir)
	c = cloud.as(t.Context())
	for _, id := range images {
		within(t, gallery.Lease-10*time.Second, fmt.Sprintf("image %s to end", id), func() error { return ended(t.Context(), c, id) })
	}
	cloud.stop()
}
