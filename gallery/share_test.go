package gallery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// shareable is an image with something to show.
func shareable(t *testing.T) gallery.Image {
	t.Helper()
	i, err := claimed(t).Finish(gallery.Facts{}, []gallery.Rendition{{Name: "large"}, {Name: "small"}}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestAShareWorksUntilItsTimeOrItsImagesEnd(t *testing.T) {
	i := shareable(t)
	s, err := i.Share("id", time.Hour, nil, noon)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, another := i, i
	elsewhere.Owner, another.ID = "ben", "01b"
	for name, c := range map[string]struct {
		image gallery.Image
		at    time.Time
		want  bool
	}{
		"at once":                     {i, noon, true},
		"in the last moment":          {i, noon.Add(time.Hour - time.Millisecond), true},
		"when its time is over":       {i, noon.Add(time.Hour), false},
		"in the trash":                {i.Trash(noon), noon, false},
		"out of the trash":            {i.Trash(noon).Restore(noon.Add(time.Minute)), noon.Add(2 * time.Minute), false},
		"being purged":                {i.Purge(noon), noon, false},
		"a tombstone":                 {i.Purge(noon).Bury(noon), noon, false},
		"for an image of the same id": {elsewhere, noon, false},
		"for another image":           {another, noon, false},
	} {
		if got := s.Works(c.image, c.at); got != c.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
	back := i.Trash(noon.Add(time.Second)).Restore(noon.Add(2 * time.Second))
	if anew, err := back.Share("id", time.Hour, nil, noon); err != nil || !anew.Works(back, noon) {
		t.Errorf("shared anew by a clock that is behind: %+v, %v", anew, err)
	}
	later, err := i.Share("id", time.Hour, nil, noon.Add(time.Minute))
	if back := i.Trash(noon).Restore(noon.Add(2 * time.Minute)); err != nil || later.Works(back, noon.Add(3*time.Minute)) {
		t.Errorf("it works again after a deletion that was stored later than its clock was read: %+v, %v", later, err)
	}
}

func TestAShareShowsWhatWasChosenAndIsStillThere(t *testing.T) {
	i := shareable(t)
	all, _ := i.Share("id", time.Hour, nil, noon)
	chosen, err := i.Share("id", time.Hour, []string{"small"}, noon)
	if err != nil || len(all.Shows(i)) != 2 || len(chosen.Shows(i)) != 1 || chosen.Shows(i)[0].Name != "small" {
		t.Errorf("got %v and %v, %v", all.Shows(i), chosen.Shows(i), err)
	}
	i.Renditions = i.Renditions[:1]
	if got := chosen.Shows(i); len(got) != 0 {
		t.Errorf("of what is gone it shows %v", got)
	}
}

func TestATokenHasOneForm(t *testing.T) {
	const good = "abcdefghijklmnopqrstuvwxyz-_0123"
	id, err := gallery.Named(good)
	if _, again := gallery.ParseShareID(string(id)); err != nil || again != nil || strings.Contains(string(id), good[:8]) {
		t.Errorf("got %s, %v, %v", id, err, again)
	}
	for _, no := range []string{"", good[1:], good + "a", strings.Replace(good, "-", "+", 1), strings.Replace(good, "a", " ", 1)} {
		if got, err := gallery.Named(no); !errors.Is(err, gallery.ErrNoShare) {
			t.Errorf("%q: got %s, %v", no, got, err)
		}
	}
}

func TestAnOwnerThatAnAdminNamesIsAUUID(t *testing.T) {
	const good = "9DFC1703-f1e5-4cf8-93bd-97c5e95e1cf9"
	if got, err := gallery.ParseOwner(good); err != nil || string(got) != strings.ToLower(good) {
		t.Errorf("got %s, %v", got, err)
	}
	for _, no := range []string{"", "jobs", "sweep", "deletions", good + "a", strings.Replace(good, "-", "/", 1)} {
		if got, err := gallery.ParseOwner(no); !errors.Is(err, gallery.ErrNotFound) {
			t.Errorf("%q: got %s, %v", no, got, err)
		}
	}
}

func TestAnAccountIsClosedWhileItIsSuspendedOrLeaving(t *testing.T) {
	for name, c := range map[string]struct {
		account gallery.Account
		closed  bool
	}{
		"new": {gallery.Account{}, false}, "suspended": {gallery.Account{SuspendedAt: noon}, true}, "leaving": {gallery.Account{DeletingAt: noon}, true},
	} {
		if err := c.account.Closed(); (err != nil) != c.closed {
			t.Errorf("%s: got %v", name, err)
		}
	}
	d := gallery.Deletion{StartedAt: noon}
	if d.Echoed(noon.Add(1000 * time.Hour)) {
		t.Error("nothing was erased, and its echo is over")
	}
	if d = d.Erased(noon); d.Echoed(noon.Add(gallery.EchoLife-time.Second)) || !d.Echoed(noon.Add(gallery.EchoLife)) {
		t.Error("its echo does not end in time")
	}
}
