package sweep_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/s3"
)

// compare answers what does not add up, without ids, sorted.
func (f floor) compare(mend bool) []string {
	f.t.Helper()
	var found []string
	c := sweep.Comparison{
		Handler: f.handler, Store: f.bucket, Records: dynamodb.All{DB: f.images.DB, Tables: f.images.Tables}, Mend: mend,
		Report: func(x sweep.Finding) { found = append(found, strings.TrimSuffix(x.Wrong+": "+x.Mended, ": ")) },
	}
	if _, _, err := c.Run(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
	slices.Sort(found)
	return found
}

func TestWhatIsWrongIsFoundLeftAloneAndMendedWhenToldTo(t *testing.T) {
	f := open(t)
	*f.now = time.Now() // of objects the store says when they came
	f.ready(f.sent(f.announced(1)), "fine")
	lost := f.sent(f.announced(2))
	f.finished(lost, gallery.Rendition{Name: "large", ContentType: "image/jpeg", Digest: "gone"})
	f.finished(f.announced(3), gallery.Rendition{Name: "large", ContentType: "image/jpeg", Digest: "gone"})
	extra := f.ready(f.sent(f.announced(4)), "named")
	f.put("renditions", s3.RenditionPrefix(extra.Owner, extra.ID)+"large-unnamed.jpg")
	unheard := f.announced(5)
	f.save(unheard.Fail(gallery.NeverArrived, *f.now))
	f.sent(unheard)
	f.put("uploads", "originals/ben/019353ab-9c4e-7def-8123-456789abcdef")
	f.put("renditions", "renditions/ben/019353ab-9c4e-7def-8123-456789abcdef/large-x.jpg")
	parts := f.announced(6)
	upload, err := f.bucket.OpenParts(t.Context(), parts)
	if err != nil || upload == "" {
		t.Fatal(err)
	}
	if err := f.images.DB.Table("users").Update("owner", ann).Range("key", "account").Add("images", 7).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.later(gallery.StrayGrace + time.Minute)
	f.sweep() // the one whose parts nobody recorded ends

	want := []string{
		"1 of its renditions are gone", "1 of its renditions are gone, and what they are made of",
		"1 renditions are stored that it does not name", "it counts {Images:11 Bytes:4000 InFlight:0}, its images are {Images:4 Bytes:4000 InFlight:0}",
		"its bytes are there, and nobody has heard of them", "its original is gone",
		"no record knows it", "no record knows it", "no record knows it",
	}
	for range 2 { // looking changes nothing
		if got := f.compare(false); !slices.Equal(got, want) {
			t.Fatalf("got  %s\nwant %s", strings.Join(got, "; "), strings.Join(want, "; "))
		}
	}
	mended := f.compare(true)
	if n := strings.Count(fmt.Sprint(mended), ": removed"); n != 3 { // ben's rendition goes with his original
		t.Errorf("%d were removed, want 3: %v", n, mended)
	}
	if n := strings.Count(fmt.Sprint(mended), ": requeued"); n != 2 || len(f.queue.asked) != 2 {
		t.Errorf("%d were requeued, want 2: %v", n, mended)
	}
	for _, found := range f.compare(false) {
		if strings.Contains(found, "no record") || strings.Contains(found, "not name") {
			t.Errorf("still wrong: %s", found)
		}
	}
}
