package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Feed numbers the changes of each owner's images and keeps them.
//
// Numbers are gapless and given once, whoever races: the rows of the events, the head moved from n to n+k on condition
// that it is n, and the images' markers on condition that they are as they were read, are one transaction. Who loses the
// race reads again. A marker {version, seq} says up to which version an image has been numbered, so a change delivered
// again is recognised. That a marker grows would not do as a condition: a batch read is not of one moment, and with a
// marker from before another's transaction and a head from after it, a version would be numbered twice.
type Feed struct {
	DB     *dynamo.DB
	Tables Tables
}

// maxNumbered is how many events one transaction numbers: a row and a marker each, and the head, of 100 actions allowed.
const maxNumbered = 49

// raceAttempts bounds how often numbering is tried anew after a lost race.
const raceAttempts = 12

// Number gives each event that has none its place in the owner's feed and returns the events to announce: those just
// numbered and, of images whose version had been numbered before, the last one stored. All events are the owner's; those of
// one image come in the order of their versions. A second run numbers nothing and returns the same images' last events.
func (f Feed) Number(ctx context.Context, owner gallery.Owner, events []gallery.Event, now time.Time) ([]gallery.Event, error) {
	var announce []gallery.Event
	for len(events) > 0 {
		n := min(len(events), maxNumbered)
		numbered, err := f.numberSome(ctx, owner, events[:n], now)
		if err != nil {
			return announce, fmt.Errorf("number %d events of %s: %w", n, owner, err)
		}
		announce = append(announce, numbered...)
		events = events[n:]
	}
	return announce, nil
}

func (f Feed) numberSome(ctx context.Context, owner gallery.Owner, events []gallery.Event, now time.Time) ([]gallery.Event, error) {
	var err error
	for attempt := range raceAttempts {
		var p place
		if p, err = f.read(ctx, owner, events); err != nil {
			return nil, err
		}
		fresh, again := p.sort(events)
		if err = f.write(ctx, owner, p, fresh, now); err == nil {
			old, err := f.last(ctx, owner, p, again)
			return append(fresh, old...), err
		}
		if !dynamo.IsCondCheckFailed(err) && !conflicted(err) {
			return nil, err
		}
		if err := pause(ctx, attempt); err != nil {
			return nil, err
		}
	}
	return nil, err
}

// place is what of a feed must be known to number events: its head, and the markers of the images concerned.
type place struct {
	head    int64
	markers map[gallery.ID]feedRow
}

func (f Feed) read(ctx context.Context, owner gallery.Owner, events []gallery.Event) (place, error) {
	keys := []dynamo.Keyed{dynamo.Keys{owner, headKey}}
	seen := map[gallery.ID]bool{}
	for _, e := range events {
		if !seen[e.ID] {
			seen[e.ID] = true
			keys = append(keys, dynamo.Keys{owner, markerKey(e.ID)})
		}
	}
	var rows []feedRow
	err := f.table().Batch("owner", "key").Get(keys...).Consistent(true).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return place{}, err
	}
	p := place{markers: map[gallery.ID]feedRow{}}
	for _, r := range rows {
		if r.Key == headKey {
			p.head = r.Seq
		} else {
			p.markers[r.ID] = r
		}
	}
	return p, nil
}

// sort numbers the events that are new to the feed, and lists the images whose events are not.
func (p place) sort(events []gallery.Event) (fresh []gallery.Event, again []gallery.ID) {
	last := map[gallery.ID]int64{}
	repeated := map[gallery.ID]bool{}
	for id, m := range p.markers {
		last[id] = m.Version
	}
	for _, e := range events {
		switch {
		case e.Version > last[e.ID]:
			last[e.ID] = e.Version
			e.Seq = p.head + int64(len(fresh)) + 1
			fresh = append(fresh, e)
		case p.markers[e.ID].Seq > 0 && !repeated[e.ID]:
			repeated[e.ID] = true
			again = append(again, e.ID)
		}
	}
	return fresh, again
}

func (f Feed) write(ctx context.Context, owner gallery.Owner, p place, fresh []gallery.Event, now time.Time) error {
	if len(fresh) == 0 {
		return nil
	}
	t := f.table()
	tx := f.DB.WriteTx().Update(t.Update("owner", owner).Range("key", headKey).
		Set("seq", p.head+int64(len(fresh))).If("attribute_not_exists('seq') OR 'seq' = ?", p.head))
	last := map[gallery.ID]gallery.Event{}
	for _, e := range fresh {
		last[e.ID] = e
		tx.Put(t.Put(eventRow(e, now.Add(gallery.EventLife))).If("attribute_not_exists('key')"))
	}
	for id, e := range last {
		marker := t.Put(feedRow{Owner: owner, Key: markerKey(id), ID: id, Version: e.Version, Seq: e.Seq})
		if was, ok := p.markers[id]; ok {
			tx.Put(marker.If("'version' = ?", was.Version))
		} else {
			tx.Put(marker.If("attribute_not_exists('key')"))
		}
	}
	return tx.Run(ctx)
}

// last reads the newest stored event of images that were numbered before; one that has expired is not announced again.
func (f Feed) last(ctx context.Context, owner gallery.Owner, p place, ids []gallery.ID) ([]gallery.Event, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var keys []dynamo.Keyed
	for _, id := range ids {
		keys = append(keys, dynamo.Keys{owner, eventKey(p.markers[id].Seq)})
	}
	var rows []feedRow
	err := f.table().Batch("owner", "key").Get(keys...).Consistent(true).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, fmt.Errorf("read events of %s: %w", owner, err)
	}
	events := make([]gallery.Event, len(rows))
	for n, r := range rows {
		events[n] = r.event()
	}
	return events, nil
}

// pause waits a random time that grows with the attempts: up to 10 ms, 20 ms, … 640 ms.
func pause(ctx context.Context, attempt int) error {
	limit := 10 * time.Millisecond << min(attempt, 6)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(limit)):
		return nil
	}
}

func (f Feed) table() dynamo.Table { return f.DB.Table(f.Tables.Feed) }
