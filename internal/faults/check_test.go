package faults

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

// all reads the records of all images, tombstones too.
func (w *world) all() []gallery.Image {
	w.t.Helper()
	all, err := w.jobs.After(w.t.Context(), w.owner, "", "~", 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// summary tells of every image in a line.
func (w *world) summary() (lines string) {
	for _, i := range w.all() {
		lines += fmt.Sprintf("\n\t%s v%d %s %s attempt %d, lease %v, due %v, deleted %v, purged %v", i.ID, i.Version, i.Status, i.Failure,
			i.Attempt, i.LeaseUntil, i.Due(), i.Deleted(), i.Purged())
	}
	return lines
}

// objects are the keys in a bucket that belong to the owner.
func (w *world) objects(bucket, prefix string) map[string]bool {
	w.t.Helper()
	out, err := w.bucket.Client.ListObjectsV2(w.t.Context(), &sdks3.ListObjectsV2Input{
		Bucket: &bucket, Prefix: aws.String(prefix + "/" + string(w.owner) + "/"),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, o := range out.Contents {
		keys[*o.Key] = true
	}
	return keys
}

func (w *world) wrong(format string, args ...any) {
	w.t.Helper()
	w.t.Errorf("seed %d: %s", w.seed, fmt.Sprintf(format, args...))
}

// noHalfSets looks for all renditions of every image that shows any.
func (w *world) noHalfSets() {
	w.t.Helper()
	stored := w.objects("renditions", "renditions")
	for _, i := range w.all() {
		if i.Purging {
			continue
		}
		if i.Status == gallery.Ready && len(i.Renditions) != 2 {
			w.wrong("%s is READY with %d renditions", i.ID, len(i.Renditions))
		}
		for _, r := range i.Renditions {
			if !stored[s3.RenditionKey(i.Owner, i.ID, r)] {
				w.wrong("%s (%s) names a rendition that is not there: %s", i.ID, i.Status, r.Name)
			}
		}
	}
}

// checkEnded compares, while the trash is still full, what is stored with what the records say.
func (w *world) checkEnded() {
	w.t.Helper()
	originals := w.objects("uploads", "originals")
	for _, i := range w.all() {
		there := originals[s3.OriginalKey(i.Owner, i.ID)]
		switch {
		case i.Deleted():
		case there && i.Empty():
			w.wrong("%s has bytes, and is %s", i.ID, i.Failure)
		case !there && !i.Empty():
			w.wrong("%s is %s %s, and its bytes are gone", i.ID, i.Status, i.Failure)
		}
	}
}

// check compares everything with everything, the trash being empty.
func (w *world) check() {
	w.t.Helper()
	w.noHalfSets()
	var weight gallery.Usage
	known, contents := map[string]bool{}, map[string]gallery.ID{}
	all := w.all()
	for _, i := range all {
		weight = weight.Plus(i.Weight())
		if i.Deleted() != i.Purged() || !i.Purged() && !i.Status.Ended() {
			w.wrong("%s is %s, purging %v, purged %v", i.ID, i.Status, i.Purging, i.Purged())
		}
		if i.Purged() {
			continue
		}
		if contents[i.SHA256] != "" {
			w.wrong("%s and %s are of the same bytes", i.ID, contents[i.SHA256])
		}
		contents[i.SHA256] = i.ID
		if !i.Empty() {
			known[s3.OriginalKey(i.Owner, i.ID)] = true
		}
		for _, r := range i.Renditions {
			known[s3.RenditionKey(i.Owner, i.ID, r)] = true
		}
	}
	for _, stored := range []map[string]bool{w.objects("uploads", "originals"), w.objects("renditions", "renditions")} {
		for key := range stored {
			if !known[key] {
				w.wrong("nobody knows %s", key)
			}
		}
	}
	w.checkAccount(weight)
	w.checkContents(contents)
	w.checkFeed(all)
}

func (w *world) checkAccount(want gallery.Usage) {
	w.t.Helper()
	a, err := w.users.Account(w.t.Context(), w.owner)
	if err != nil || a.Usage != want {
		w.wrong("the account counts %+v, its images %+v (%v)", a.Usage, want, err)
	}
}

// checkContents compares the rows that make bytes unique with the images.
func (w *world) checkContents(want map[string]gallery.ID) {
	w.t.Helper()
	var rows []struct {
		Key   string     `dynamo:"key"`
		Image gallery.ID `dynamo:"image"`
	}
	if err := w.users.DB.Table(w.tables.Users).Get("owner", w.owner).All(w.t.Context(), &rows); err != nil {
		w.t.Fatal(err)
	}
	got := map[string]gallery.ID{}
	for _, r := range rows {
		if sum, ok := strings.CutPrefix(r.Key, "content#"); ok {
			got[sum] = r.Image
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.wrong("contents are %v, want %v", got, want)
	}
}

// checkFeed reads all of the feed: it has every version of every image once, in order, numbered without a gap.
func (w *world) checkFeed(all []gallery.Image) {
	w.t.Helper()
	next, told := int64(1), map[gallery.ID]int64{}
	for {
		c, err := w.feed.Changes(w.t.Context(), w.owner, next-1, gallery.MaxPage, noon)
		if err != nil || c.StartOver {
			w.wrong("the feed after %d: %+v, %v", next-1, c, err)
			return
		}
		if len(c.Events) == 0 {
			break
		}
		for _, e := range c.Events {
			if e.Seq != next || e.Version != told[e.ID]+1 {
				w.wrong("event %d tells version %d of %s after version %d", e.Seq, e.Version, e.ID, told[e.ID])
			}
			next, told[e.ID] = next+1, e.Version
		}
	}
	for _, i := range all {
		if told[i.ID] != i.Version {
			w.wrong("the feed tells of %s up to version %d of %d", i.ID, told[i.ID], i.Version)
		}
	}
}

func (w *world) setQuota(images int) {
	w.t.Helper()
	err := w.users.DB.Table(w.tables.Users).Update("owner", w.owner).Range("key", "account").Set("quotaImages", images).Run(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
}
