package faults

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
)

// all reads the records of all images, tombstones too.
func (w *world) all() (all []gallery.Image) {
	w.t.Helper()
	err := dynamodb.All{DB: w.images.DB, Tables: w.tables}.Each(w.t.Context(), func(page []gallery.Image) error {
		all = append(all, page...)
		return nil
	})
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

// objects are the keys in a bucket.
func (w *world) objects(bucket string) map[string]bool {
	w.t.Helper()
	out, err := w.bucket.Client.ListObjectsV2(context.Background(), &sdks3.ListObjectsV2Input{Bucket: &bucket})
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
	stored := w.objects(w.bucket.Renditions)
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
	originals := w.objects(w.bucket.Uploads)
	for _, i := range w.all() {
		there := originals[s3.OriginalKey(i.Owner, i.ID)]
		switch {
		case i.Deleted():
		case i.Empty() && w.history.came[i.ID]:
			w.wrong("%s is %s, and its bytes had come", i.ID, i.Failure)
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
	w.checkParts()
	w.checkComparison()
	known := map[string]bool{}
	all := w.all()
	for _, i := range all {
		if i.Deleted() != i.Purged() || !i.Purged() && !i.Status.Ended() {
			w.wrong("%s is %s, purging %v, purged %v", i.ID, i.Status, i.Purging, i.Purged())
		}
		if versions := w.history.versions[i.ID]; i.Version != int64(len(versions)) {
			w.wrong("%s has version %d, and the stream had %d", i.ID, i.Version, len(versions))
		}
		if i.Purged() {
			continue
		}
		if !empty(i) {
			known[s3.OriginalKey(i.Owner, i.ID)] = true
		}
		for _, r := range i.Renditions {
			known[s3.RenditionKey(i.Owner, i.ID, r)] = true
		}
		w.checkRenditions(i)
	}
	for _, bucket := range []string{w.bucket.Uploads, w.bucket.Renditions} {
		for key := range w.objects(bucket) {
			if !known[key] {
				w.wrong("nobody knows %s", key)
			}
		}
	}
	for _, u := range w.users {
		if u.asked {
			w.checkGone(u)
		} else {
			w.checkUser(u, all)
		}
	}
}

// checkUser compares what a user has with his images.
func (w *world) checkUser(u *user, all []gallery.Image) {
	w.t.Helper()
	var sum gallery.Usage
	var own []gallery.Image
	contents := map[string]gallery.ID{}
	for _, i := range all {
		if i.Owner != u.owner {
			continue
		}
		own, sum = append(own, i), sum.Plus(weight(i))
		if i.Purged() {
			continue
		}
		if contents[i.SHA256] != "" {
			w.wrong("%s and %s are of the same bytes", i.ID, contents[i.SHA256])
		}
		contents[i.SHA256] = i.ID
	}
	w.checkAccount(u, sum)
	w.checkContents(u, contents)
	w.checkFeed(u, own)
	w.checkFollowed(u)
}

// checkRenditions makes an image's renditions once more: they are those of one of the pipelines.
func (w *world) checkRenditions(i gallery.Image) {
	w.t.Helper()
	if i.Status != gallery.Ready {
		return
	}
	for _, d := range []render.Developer{older, newer} {
		var want []gallery.Rendition
		p, err := d.Develop(w.t.Context(), pictureOf(gallery.Upload{Bytes: i.Bytes, SHA256: i.SHA256}).start, i.SHA256)
		if err != nil {
			w.wrong("%s is READY, and cannot be developed: %v", i.ID, err)
		}
		for _, r := range p.Renditions {
			want = append(want, r.Rendition)
		}
		if slices.Equal(i.Renditions, want) {
			return
		}
	}
	w.wrong("%s has renditions that no pipeline makes: %+v", i.ID, i.Renditions)
}

// checkComparison lets the operator's complete comparison look: it finds nothing but parts whose name got lost.
func (w *world) checkComparison() {
	w.t.Helper()
	_, _, err := w.comparison(func(f sweep.Finding) {
		if !strings.HasPrefix(f.What, "originals/") || f.Wrong != "no record knows it" || f.Mended == "" {
			w.wrong("the comparison found %+v", f)
		}
	}).Run(w.t.Context())
	if err != nil {
		w.t.Error(err)
	}
	err = w.bucket.EachUpload(w.t.Context(), func(page []gallery.Object) error {
		for _, o := range page {
			w.wrong("the parts of %s are still there", o.Key)
		}
		return nil
	})
	if err != nil {
		w.t.Error(err)
	}
}

// checkQuotas: nobody has more than he may, but for bytes that came after they had been given up.
func (w *world) checkQuotas() {
	w.t.Helper()
	for _, u := range w.users {
		if !w.tight {
			return
		}
		a, err := w.accounts.Account(w.t.Context(), u.owner)
		if err != nil || a.Usage.Images > a.Quota.Images+w.history.revived[u.owner] {
			w.wrong("%s has %+v of %+v (%v)", u.owner, a.Usage, a.Quota, err)
		}
	}
}

func (w *world) checkAccount(u *user, want gallery.Usage) {
	w.t.Helper()
	a, err := w.accounts.Account(w.t.Context(), u.owner)
	if err != nil || a.Usage != want {
		w.wrong("the account of "+string(u.owner)+" counts %+v, its images %+v (%v)", a.Usage, want, err)
	}
}

// checkContents compares the rows that make bytes unique with the images.
func (w *world) checkContents(u *user, want map[string]gallery.ID) {
	w.t.Helper()
	var rows []struct {
		Key   string     `dynamo:"key"`
		Image gallery.ID `dynamo:"image"`
	}
	if err := w.images.DB.Table(w.tables.Users).Get("owner", u.owner).All(w.t.Context(), &rows); err != nil {
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
func (w *world) checkFeed(u *user, all []gallery.Image) {
	w.t.Helper()
	next, told := int64(1), map[gallery.ID]int64{}
	for {
		c, err := w.feed.Changes(w.t.Context(), u.owner, next-1, gallery.MaxPage, noon)
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
	for _, u := range w.staying() {
		err := w.images.DB.Table(w.tables.Users).Update("owner", u.owner).Range("key", "account").Set("quotaImages", images).Run(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
	}
}
