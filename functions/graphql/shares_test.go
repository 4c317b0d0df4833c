package graphql_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// shared is a share as the API tells of it.
type shared struct {
	ID, URL, ImageID     string
	Image                *struct{ ID gallery.ID }
	Renditions           []string
	CreatedAt, ExpiresAt time.Time
}

const shareFields = `{ id url imageId image { id } renditions createdAt expiresAt }`

// share answers a new link, or the refusal's code and field.
func (a api) share(sub string, id gallery.ID, more string) (shared, string) {
	a.t.Helper()
	got := a.query(sub, fmt.Sprintf(`mutation { shareImage(id: "%s"%s) %s }`, id, more, shareFields))
	if len(got.Errors) > 0 {
		return shared{}, strings.TrimSpace(got.code() + " " + got.Errors[0].Extensions.Field)
	}
	var s shared
	if err := json.Unmarshal(got.Data["shareImage"], &s); err != nil {
		a.t.Fatal(err)
	}
	return s, ""
}

// shares are the ids of a page of links, and where the next one begins.
func (a api) shares(sub, args string) (ids []string, end string) {
	a.t.Helper()
	got := a.query(sub, fmt.Sprintf(`{ shares(first: 2%s) { edges { node { id url } } pageInfo { endCursor } } }`, args))
	var c struct {
		Edges    []struct{ Node struct{ ID, URL string } }
		PageInfo struct{ EndCursor string }
	}
	if err := json.Unmarshal(got.Data["shares"], &c); err != nil {
		a.t.Fatalf("%+v: %v", got, err)
	}
	for _, e := range c.Edges {
		if e.Node.URL != "" {
			a.t.Error("a link was kept")
		}
		ids = append(ids, e.Node.ID)
	}
	return ids, c.PageInfo.EndCursor
}

// shareable makes a READY image of a user.
func (a api) shareable(sub string, n int) gallery.ID {
	a.t.Helper()
	got, code := a.batch(sub, picture(n))
	if code != "" {
		a.t.Fatal(code)
	}
	a.becomesOf(gallery.Owner(sub), got[0].Image.ID, claim, func(i gallery.Image) (gallery.Image, error) {
		return i.Finish(gallery.Facts{}, []gallery.Rendition{{Name: "large", Digest: "d"}, {Name: "small", Digest: "e"}}, noon)
	})
	return got[0].Image.ID
}

func TestALinkIsToldOnceListedAndRevoked(t *testing.T) {
	a := open(t, false)
	first, second := a.shareable("ann", 1), a.shareable("ann", 2)
	s, code := a.share("ann", first, "")
	if code != "" || s.Image.ID != first || s.ImageID != string(first) || strings.Join(s.Renditions, " ") != "large small" ||
		s.ExpiresAt.Sub(s.CreatedAt) != 7*24*time.Hour {
		t.Fatalf("got %+v %s", s, code)
	}
	if key, err := gallery.Named(strings.TrimPrefix(s.URL, "https://example.com/s/")); err != nil || string(key) != s.ID {
		t.Errorf("the link %s does not lead to the share %s: %v", s.URL, s.ID, err)
	}
	var all []string
	for range 3 {
		other, _ := a.share("ann", second, `, expiresIn: 60, renditions: ["small"]`)
		if strings.Join(other.Renditions, " ") != "small" {
			t.Errorf("got %+v", other)
		}
		all = append(all, other.ID)
	}
	page, end := a.shares("ann", "")
	rest, _ := a.shares("ann", `, after: "`+end+`"`)
	for _, id := range append(page, rest...) {
		if !strings.Contains(strings.Join(append(all, s.ID), " "), id) {
			t.Errorf("%s is listed", id)
		}
	}
	if len(page) != 2 || len(rest) != 2 || rest[1] != s.ID {
		t.Errorf("got %v, %v: want the newest image's first", page, rest)
	}
	page, end = a.shares("ann", `, image: "`+string(second)+`"`)
	if rest, _ = a.shares("ann", `, image: "`+string(second)+`", after: "`+end+`"`); len(page) != 2 || len(rest) != 1 {
		t.Errorf("of one image: %v, %v", page, rest)
	}
	if theirs, _ := a.shares("ben", ""); len(theirs) != 0 {
		t.Errorf("somebody else is told of %v", theirs)
	}
	revoke := `mutation { revokeShare(id: "` + s.ID + `") { id imageId url } }`
	if got := a.query("ben", revoke).code(); got != "NOT_FOUND" {
		t.Errorf("somebody else revokes: %s", got)
	}
	if got := a.query("ann", revoke); len(got.Errors) > 0 {
		t.Errorf("revoke: %+v", got)
	}
	if got := a.query("ann", revoke).code(); got != "NOT_FOUND" {
		t.Errorf("revoke again: %s", got)
	}
	if left, _ := a.shares("ann", `, image: "`+string(first)+`"`); len(left) != 0 {
		t.Errorf("revoked, and listed: %v", left)
	}
	*a.later = time.Minute
	if left, _ := a.shares("ann", ""); len(left) != 0 {
		t.Errorf("expired, and listed: %v", left)
	}
}

func TestALinkIsRefusedForWhatCannotBeShown(t *testing.T) {
	a := open(t, false)
	id, unfinished := a.shareable("ann", 1), a.uploaded("ann")
	for name, c := range map[string]struct {
		sub, more, want string
		id              gallery.ID
	}{
		"somebody else's":            {"ben", "", "NOT_FOUND", id},
		"nothing to show":            {"ann", "", "CONFLICT id", unfinished},
		"too short":                  {"ann", ", expiresIn: 59", "INVALID_INPUT expiresIn", id},
		"too long":                   {"ann", ", expiresIn: 31536001", "INVALID_INPUT expiresIn", id},
		"a time before":              {"ann", ", expiresIn: -1", "INVALID_INPUT expiresIn", id},
		"no rendition":               {"ann", ", renditions: []", "INVALID_INPUT renditions", id},
		"one that it has not":        {"ann", `, renditions: ["large", "huge"]`, "INVALID_INPUT renditions", id},
		"one twice":                  {"ann", `, renditions: ["large", "large"]`, "INVALID_INPUT renditions", id},
		"an original, by its prefix": {"ann", `, renditions: ["originals/ann"]`, "INVALID_INPUT renditions", id},
		"no image":                   {"ann", "", "INVALID_INPUT id", "../" + id},
	} {
		if _, got := a.share(c.sub, c.id, c.more); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	for range gallery.MaxShares {
		if _, code := a.share("ann", id, ""); code != "" {
			t.Fatal(code)
		}
	}
	if _, code := a.share("ann", id, ""); code != "CONFLICT id" {
		t.Errorf("one more than there may be: %s", code)
	}
	*a.later = 8 * 24 * time.Hour
	if _, code := a.share("ann", id, ""); code != "" {
		t.Errorf("when they have expired, and the table still has them: %s", code)
	}
}

func TestDeletingAnImageEndsItsLinksForGood(t *testing.T) {
	a := open(t, false)
	id := a.shareable("ann", 1)
	if _, code := a.share("ann", id, ""); code != "" {
		t.Fatal(code)
	}
	*a.later = time.Second
	for _, m := range []string{"deleteImage", "restoreImage"} {
		if got := a.query("ann", fmt.Sprintf(`mutation { %s(id: "%s") { id } }`, m, id)); len(got.Errors) > 0 {
			t.Fatalf("%s: %+v", m, got)
		}
	}
	if left, _ := a.shares("ann", ""); len(left) != 0 {
		t.Errorf("restored with %v", left)
	}
	*a.later = 0 // a clock that is behind
	s, code := a.share("ann", id, "")
	if left, _ := a.shares("ann", ""); code != "" || len(left) != 1 || left[0] != s.ID {
		t.Errorf("shared anew: %s, listed are %v", code, left)
	}
}
