package graphql_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

func TestPurgingIsForGood(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	for range 2 {
		got := a.query("ann", fmt.Sprintf(`mutation { purgeImage(id: "%s") { deletedAt purgeAt } }`, id))
		if want := `{"deletedAt":"2026-11-23T12:00:00Z","purgeAt":"2026-11-23T12:00:00Z"}`; string(got.Data["purgeImage"]) != want {
			t.Errorf("got %s %+v, want %s", got.Data["purgeImage"], got.Errors, want)
		}
	}
	if got := a.query("ann", fmt.Sprintf(`mutation { restoreImage(id: "%s") { id } }`, id)).code(); got != "NOT_FOUND" {
		t.Errorf("restore: got %s", got)
	}
}

func TestAJobTellsItsCostBeforeItBeginsAndIsOneAtATime(t *testing.T) {
	a := open(t, false)
	var ids []gallery.ID
	for n := range 3 {
		got, _ := a.batch("ann", picture(n))
		ids = append(ids, got[0].Image.ID)
	}
	timed := func(i gallery.Image) (gallery.Image, error) { i.Took = 3 * time.Second; return ready(i) }
	a.becomes(ids[0], claim, timed)
	a.becomes(ids[1], claim, fail(gallery.Corrupt))
	*a.later = time.Second
	ask := func(args string) (string, string) {
		got := a.query("ann", "mutation { reprocessImages"+args+" { state images seconds cost asked } }")
		if len(got.Errors) > 0 {
			return "", got.code()
		}
		return string(got.Data["reprocessImages"]), ""
	}
	for _, args := range []string{"", "(dryRun: true)", "(filter: {})"} {
		got, code := ask(args)
		if want := `{"state":"ESTIMATE","images":2,"seconds":6,"cost":0.00013820`; !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s %s, want %s…", args, got, code, want)
		}
	}
	if _, code := ask(`(filter: {status: PENDING})`); code != "INVALID_INPUT" {
		t.Errorf("of those that wait: got %q", code)
	}
	if got, code := ask(`(filter: {failure: CORRUPT}, dryRun: false)`); !strings.HasPrefix(got, `{"state":"RUNNING","images":1`) {
		t.Errorf("begun: got %s %s", got, code)
	}
	if _, code := ask(`(dryRun: false)`); code != "CONFLICT" {
		t.Errorf("a second one: got %q", code)
	}
	jobs, err := a.jobs.Running(t.Context(), 10)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("%d jobs run, %v", len(jobs), err)
	}
	for range 2 {
		got := a.query("ann", fmt.Sprintf(`mutation { cancelReprocess(id: "%s") { state } }`, jobs[0].ID))
		if string(got.Data["cancelReprocess"]) != `{"state":"CANCELLED"}` {
			t.Errorf("got %s %+v", got.Data["cancelReprocess"], got.Errors)
		}
	}
	if got := a.query("ann", fmt.Sprintf(`{ reprocess(id: "%s") { state asked } }`, jobs[0].ID)); string(got.Data["reprocess"]) != `{"state":"CANCELLED","asked":0}` {
		t.Errorf("got %s %+v", got.Data["reprocess"], got.Errors)
	}
	if jobs, err := a.jobs.Running(t.Context(), 10); err != nil || len(jobs) != 0 {
		t.Errorf("%d jobs run, %v", len(jobs), err)
	}
	if _, code := ask(`(dryRun: false)`); code != "" {
		t.Errorf("after it: got %q", code)
	}
}
