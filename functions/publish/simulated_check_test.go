package publish_test

import (
	"github.com/darkroom/darkroom/gallery"
)

// hear takes an announcement: it must tell of a row that is stored, as it is stored.
func (w *world) hear(e gallery.Event) {
	stored, err := w.feed.Changes(w.t.Context(), e.Owner, e.Seq-1, 1, noon)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(stored.Events) != 1 || stored.Events[0] != e {
		w.t.Errorf("announced %+v, stored %+v", e, stored.Events)
	}
	w.told[e.Owner] = append(w.told[e.Owner], e)
}

// look reads every feed and holds it against what was read before: numbers 1, 2, 3, … up to the head, nothing changed,
// nothing numbered twice, and each image's versions in their order.
func (w *world) look() {
	w.t.Helper()
	for _, owner := range w.owners {
		events, head := w.read(owner)
		if int64(len(events)) != head {
			w.t.Errorf("%s: %d events, head %d", owner, len(events), head)
		}
		for n, before := range w.seen[owner] {
			if n >= len(events) || events[n] != before {
				w.t.Fatalf("%s: event %d was %+v and is no more", owner, n+1, before)
			}
		}
		last := map[gallery.ID]int64{}
		for n, e := range events {
			if e.Seq != int64(n+1) || e.Version <= last[e.ID] {
				w.t.Errorf("%s: event %d has seq %d and version %d after %d", owner, n+1, e.Seq, e.Version, last[e.ID])
			}
			last[e.ID] = e.Version
		}
		w.seen[owner] = events
	}
}

func (w *world) read(owner gallery.Owner) (events []gallery.Event, head int64) {
	w.t.Helper()
	for {
		c, err := w.feed.Changes(w.t.Context(), owner, int64(len(events)), 100, noon)
		if err != nil {
			w.t.Fatal(err)
		}
		if c.StartOver {
			w.t.Fatalf("%s: after %d it says to start over, head %d", owner, len(events), c.Head)
		}
		events, head = append(events, c.Events...), c.Head
		if len(c.Events) == 0 {
			return events, head
		}
	}
}

// check holds a world at rest to what is promised. Of each image the last version is numbered and has been announced. Where
// the stream kept its order, no version is missing; where nothing failed, each number has been announced.
func (w *world) check() {
	w.t.Helper()
	w.look()
	numbered, told := map[gallery.ID][]int64{}, map[gallery.ID]map[int64]bool{}
	for _, owner := range w.owners {
		for _, e := range w.seen[owner] {
			numbered[e.ID] = append(numbered[e.ID], e.Version)
			told[e.ID] = map[int64]bool{}
		}
	}
	for _, events := range w.told {
		for _, e := range events {
			if told[e.ID] != nil { // else hear has complained
				told[e.ID][e.Version] = true
			}
		}
	}
	for _, p := range w.images {
		versions := numbered[gallery.ID(p.id)]
		switch {
		case p.version == 0:
			continue
		case len(versions) == 0 || versions[len(versions)-1] != int64(p.version):
			w.t.Errorf("%s, %s: the last version is %d, numbered are %v", w.weather.name, p.id, p.version, versions)
		case !w.weather.disorder && len(versions) != p.version:
			w.t.Errorf("%s, %s: of %d versions are numbered %v", w.weather.name, p.id, p.version, versions)
		}
		for _, v := range versions {
			if !told[gallery.ID(p.id)][v] && (!w.weather.faults || v == int64(p.version)) {
				w.t.Errorf("%s, %s: version %d of %d was never announced", w.weather.name, p.id, v, p.version)
			}
		}
	}
}
