package deployed_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// everything does what a client can do, by one of the endpoints.
func (u user) everything() {
	t, name := u.s.t, string(u.owner)[:8]
	id := u.upload(picture(t, name))
	u.ends(id, gallery.Ready)
	u.upload(picture(t, name)) // again: it is there
	u.fine(`{ me { id usage { bytes } } changes(after: 0) { head events { seq } } }`)
	u.fine(`{ images(first: 20, order: TAKEN) { edges { node { id original { url } renditions { url } } } } }`)
	u.fine(`{ images(first: 20) { edges { node { id } } } }`)
	u.fine(fmt.Sprintf(`{ similarImages(id: %q) { distance image { id } } }`, id))
	u.download(id)
	u.inParts(name)
	u.share(id)
	for _, back := range []gallery.ID{id, u.announced(name + "-later")} { // of the second, work may have been dropped
		u.fine(fmt.Sprintf(`mutation { deleteImage(id: %q) { deletedAt } }`, back))
		u.fine(`{ trash(first: 20) { edges { node { id } } } }`)
		u.fine(fmt.Sprintf(`mutation { restoreImage(id: %q) { deletedAt } }`, back))
	}
	u.reprocess()
	u.ends(id, gallery.Ready)
	u.fine(fmt.Sprintf(`mutation { purgeImage(id: %q) { deletedAt } }`, id))
	u.upload(picture(t, name)) // its place is taken by a new image
	u.s.sweep()
}

// suspends keeps a user out, for a moment.
func (u user) suspends(name string) {
	u.s.t.Helper()
	whom := u.s.user(name, false).owner
	u.fine(fmt.Sprintf(`mutation { suspendUser(user: %q) { suspendedAt } }`, whom))
	u.fine(fmt.Sprintf(`mutation { suspendUser(user: %q, suspended: false) { suspendedAt } }`, whom))
}

// fine sends a request that must not be refused.
func (u user) fine(query string) {
	u.s.t.Helper()
	if data, failed := u.ask(query); failed != "" {
		u.s.t.Errorf("%s:\n%s\n%s", query, failed, data)
	}
}

// download fetches the original and a rendition by their links: what they may do is what their signer may do.
func (u user) download(id gallery.ID) {
	u.s.t.Helper()
	data, failed := u.ask(fmt.Sprintf(`{ image(id: %q) { original { url } renditions { url } } }`, id))
	links := urls(data)
	if failed != "" || len(links) < 2 {
		u.s.t.Fatalf("got %s %s", data, failed)
	}
	for _, link := range links {
		u.s.get(link)
	}
}

// inParts sends a picture that is too large for one request, and begins it twice at once.
func (u user) inParts(name string) {
	t := u.s.t
	path := filepath.Join(t.TempDir(), name+".tif")
	if err := os.WriteFile(path, append([]byte("II*\x00"+name), make([]byte, gallery.MaxUploadBytes)...), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := client.Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	u.s.meeting.arrange("originals/" + string(u.owner))
	tickets := make([]client.Ticket, 2)
	var both sync.WaitGroup
	for n := range tickets {
		both.Go(func() {
			var err error
			if tickets[n], err = u.CreateUpload(t.Context(), f.Upload); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	id := tickets[0].Image.ID
	if tickets[0].Parts == 0 || tickets[1].Image.ID != id {
		t.Fatalf("got %+v", tickets)
	}
	u.fine(fmt.Sprintf(`{ uploadProgress(id: %q) { bytes } }`, id))
	if err := u.Send(t.Context(), f, tickets[0], func(int64) {}); err != nil {
		t.Fatal(err)
	}
	u.ends(id, gallery.Failed)
	u.partsGone()
}

// partsGone completes an upload whose parts S3 has removed meanwhile.
func (u user) partsGone() {
	t, id := u.s.t, u.partial()
	i, err := u.s.images().Get(t.Context(), u.owner, id)
	if err == nil {
		err = u.s.bucket().AbandonParts(t.Context(), i)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, failed := u.ask(fmt.Sprintf(`mutation { completeUpload(id: %q) { id } }`, id)); !strings.Contains(failed, "Announce the picture again") {
		t.Errorf("got %s", failed)
	}
}

func (u user) reprocess() {
	t := u.s.t
	job, err := u.Reprocess(t.Context(), gallery.Filter{}, false)
	if err != nil {
		t.Fatal(err)
	}
	u.s.sweep() // asks for the images
	if _, err := u.Job(t.Context(), job.ID); err != nil {
		t.Error(err)
	}
	if job, err = u.Reprocess(t.Context(), gallery.Filter{}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := u.CancelJob(t.Context(), job.ID); err != nil {
		t.Error(err)
	}
}

// announced makes an image whose bytes are not sent.
func (u user) announced(name string) gallery.ID {
	u.s.t.Helper()
	f, err := client.Inspect(u.s.t.Context(), picture(u.s.t, name))
	if err != nil {
		u.s.t.Fatal(err)
	}
	ticket, err := u.CreateUpload(u.s.t.Context(), f.Upload)
	if err != nil {
		u.s.t.Fatal(err)
	}
	return ticket.Image.ID
}

// leaves has the sweeper remove a user who asked for it, with images, a link, and an upload in parts that somebody has begun
// meanwhile.
func (u user) leaves() {
	s, t := u.s, u.s.t
	id := u.upload(picture(t, "leaving"))
	u.ends(id, gallery.Ready)
	u.share(id)
	u.reprocess() // a job is a record, too
	u.ends(id, gallery.Ready)
	later := gallery.New(u.owner, "01890000-0000-7000-8000-00000000beef", gallery.Upload{ContentType: "image/tiff"}, time.Now())
	if _, err := s.bucket().OpenParts(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	u.fine(fmt.Sprintf(`mutation { deleteAccount(confirm: %q) { images } }`, u.owner))
	s.eventually("a user to be removed", func() error {
		s.sweep()
		for _, r := range s.said.records("sweep") {
			if r["msg"] == "user removed" && r["user"] == string(u.owner) {
				return nil
			}
		}
		return errors.New("not told yet")
	})
}

// partial begins an upload in parts, of which none is sent.
func (u user) partial() gallery.ID {
	u.s.t.Helper()
	data, failed := u.ask(fmt.Sprintf(`mutation { createUpload(filename: "scan.tif", contentType: "image/tiff", bytes: %d, sha256: "%064x") {
		... on UploadParts { image { id } } } }`, gallery.MaxUploadBytes+1, time.Now().UnixNano()))
	_, rest, _ := strings.Cut(data, `"id":"`)
	id, _, ok := strings.Cut(rest, `"`)
	if failed != "" || !ok {
		u.s.t.Fatalf("got %s %s", data, failed)
	}
	return gallery.ID(id)
}

// share makes links, lists them, and ends one.
func (u user) share(id gallery.ID) (token string) {
	u.s.t.Helper()
	data, failed := u.ask(fmt.Sprintf(`mutation { shareImage(id: %q) { id url } }`, id))
	links := urls(data)
	if failed != "" || len(links) != 1 {
		u.s.t.Fatalf("got %s %s", data, failed)
	}
	u.fine(`{ shares { edges { node { id } } } }`)
	u.fine(fmt.Sprintf(`{ shares(image: %q) { edges { node { id } } } }`, id))
	ended, failed := u.ask(fmt.Sprintf(`mutation { shareImage(id: %q) { id } }`, id))
	if failed != "" {
		u.s.t.Fatal(failed)
	}
	u.fine(fmt.Sprintf(`mutation { revokeShare(id: %q) { id } }`, strings.Split(ended, `"`)[5]))
	return links[0][strings.LastIndex(links[0], "/")+1:]
}
