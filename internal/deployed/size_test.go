package deployed_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// TestAnAnswerIsNeverTooLarge: the longest texts that an image may have, in as many pages as one request may ask for, are
// more than Lambda takes. The client is told to ask for less, and the process lives; a page by itself always fits.
func TestAnAnswerIsNeverTooLarge(t *testing.T) {
	s := deploy(t, nil)
	long := gallery.Description{Title: strings.Repeat("\"", 200), Caption: strings.Repeat("\"ü<", 660), Copyright: strings.Repeat("\"", 200)}
	for n := range 64 {
		long.Keywords = append(long.Keywords, fmt.Sprintf("%02d%s", n, strings.Repeat("\"", 60)))
	}
	for function, appsyncOnly := range map[string]bool{"graphql": false, "field": true} {
		u := s.user(function, appsyncOnly)
		s.fill(u, long)
		page := `images(first: 100) { edges { node { description { title caption keywords copyright } } } }`
		if data, failed := u.ask("{" + page + "}"); failed != "" || len(data) < 100*2000 {
			t.Errorf("%s: one page: got %d bytes, %s", function, len(data), failed)
		}
		if function == "field" { // AppSync asks for each field by itself
			continue
		}
		var many strings.Builder
		for n := range 16 {
			fmt.Fprintf(&many, "a%d: %s\n", n, page)
		}
		if data, failed := u.ask("{" + many.String() + "}"); data != "null" || !strings.Contains(failed, "Ask for less") {
			t.Errorf("many pages: got %d bytes, %.300s", len(data), failed)
		}
		if said := strings.Join(s.said.lines(function), "\n"); strings.Contains(said, "unexpected status code: 413") {
			t.Errorf("the process ended: %s", said)
		}
	}
}

// fill gives a user a page of images, each with a description.
func (s *site) fill(u user, d gallery.Description) {
	s.t.Helper()
	images := s.images()
	for n := range gallery.MaxPage {
		id := gallery.ID(fmt.Sprintf("019353ab-9c4e-7def-8123-%012d", n))
		i := gallery.New(u.owner, id, gallery.Upload{
			Filename: strings.Repeat("\"", 200) + ".jpg", ContentType: "image/jpeg", Bytes: 1, SHA256: fmt.Sprintf("%064x", n+1),
		}, time.Now())
		if err := images.Create(s.t.Context(), i, gallery.Quota{Images: 1000, Bytes: 1 << 40, InFlight: 1000}); err != nil {
			s.t.Fatal(err)
		}
		i, err := i.Claim(time.Now())
		if err == nil {
			err = images.Save(s.t.Context(), i)
		}
		if err == nil {
			i, err = i.Finish(gallery.Facts{Format: "jpeg", Width: 1, Height: 1, Description: d}, nil, time.Now())
		}
		if err == nil {
			err = images.Save(s.t.Context(), i)
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
}
