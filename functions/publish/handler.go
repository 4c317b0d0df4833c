// Package publish is the Lambda on the stream of the images table: each change is numbered in its owner's feed, then
// announced to subscribers.
//
// Why an owner's numbers are 1, 2, 3, … without a gap, each (image, version) has one at most, and none ever changes:
//
//   - A number is given by one transaction and by nothing else: k rows after the head n, put where no row is, the head
//     moved from n to n+k on condition that it is n, and the marker of each image moved from the version read to the last
//     one numbered, on condition that it is still the version read. So of two writers that read the same feed one is
//     refused, reads again, and sees what the other did. Nothing depends on the reads being of one moment: what they
//     were right about is what the conditions say.
//   - A crash is before the transaction, and nothing happened, or after it, and the marker says so: delivered again, the
//     versions are recognised, and only announced again. An answer that is lost is a crash between the two.
//   - The stream delivers again what was not acknowledged, from the first record of the owner whose numbering failed. So
//     every image's last version is numbered in the end. Where the stream's order per image holds, so is every version;
//     where version 3 comes before version 2, then 2 is older than the marker and has no number: a client that has seen 3
//     would ignore it.
//
// Announcing comes after numbering, so only stored rows are announced. Each is announced by the invocation that numbered
// it; where that died first, the next delivery announces the image's last row, which tells a client that it missed
// something: a number that is not the next one makes it read the feed. A failed announcement is not repeated.
//
// The simulation in this package's tests holds all of it against the real table engine.
package publish

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cloudwatch"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

// How many owners are numbered, and announced to, at once, and how long a batch's announcements may take together: an AppSync
// that hangs must not make the function run out of its time, which would send the whole batch back.
const (
	numberers  = 8
	announcers = 8
	patience   = 20 * time.Second
)

// Feed numbers events.
type Feed interface {
	// Number gives events of one owner their places, and answers those to announce. A second run numbers nothing.
	Number(ctx context.Context, owner gallery.Owner, events []gallery.Event, now time.Time) ([]gallery.Event, error)
}

// Announcer tells subscribers.
type Announcer interface {
	Announce(ctx context.Context, e gallery.Event) error
}

// Handler numbers and announces what a stream tells of.
//
// It may run twice for the same records and overlap with itself: numbering is a conditional transaction that recognises
// what it has numbered, and a subscriber drops an event whose number it has seen.
type Handler struct {
	Feed      Feed
	Announcer Announcer
	Now       func() time.Time
	Log       *slog.Logger
}

// Handle numbers the whole batch first, then announces. If numbering fails for an owner, the stream goes on from that
// owner's first record. A record that cannot be read is logged and skipped: repeating it would block the shard. A failed
// announcement is logged only: clients heal by reading the feed, and AppSync being down must not stop the numbering.
func (h Handler) Handle(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	var res events.DynamoDBEventResponse
	var announce []gallery.Event
	all, started := h.changes(ctx, e), h.Now()
	h.number(ctx, all)
	numbered := h.Now()
	for _, c := range all {
		announce = append(announce, c.numbered...)
		if c.failed != nil {
			h.Log.ErrorContext(ctx, "deliver again", "images", c.images(), "owner", c.owner, "sequence", c.first, "outcome", "again", "error", c.failed)
			res.BatchItemFailures = append(res.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: c.first})
		}
	}
	h.announce(ctx, announce)
	h.Log.InfoContext(ctx, "published", cloudwatch.Count("Events", len(announce)),
		cloudwatch.Milliseconds("NumberMilliseconds", numbered.Sub(started)),
		cloudwatch.Milliseconds("AnnounceMilliseconds", h.Now().Sub(numbered)))
	return res, nil
}

// number gives each owner's changes their numbers; owners do not wait for each other's calls.
func (h Handler) number(ctx context.Context, all []*changes) {
	var group errgroup.Group
	group.SetLimit(numberers)
	for _, c := range all {
		group.Go(func() error {
			c.numbered, c.failed = h.Feed.Number(ctx, c.owner, c.events, h.Now())
			return nil
		})
	}
	_ = group.Wait() // nothing in it answers an error
}

// changes is a batch by owner: each one's events in the order of the stream, where in the stream they begin, and what became
// of them: the events to announce, and the error that stopped the numbering.
type changes struct {
	owner    gallery.Owner
	first    string
	events   []gallery.Event
	numbered []gallery.Event
	failed   error
}

func (c *changes) images() []gallery.ID {
	var ids []gallery.ID
	for _, e := range c.events {
		ids = append(ids, e.ID)
	}
	return ids
}

func (h Handler) changes(ctx context.Context, e events.DynamoDBEvent) []*changes {
	var all []*changes
	owners := map[gallery.Owner]*changes{}
	for _, r := range e.Records {
		if r.EventName == string(events.DynamoDBOperationTypeRemove) {
			continue // deletion is a write; what is removed later has been told already
		}
		i, err := dynamodb.Decode(r)
		if err != nil {
			h.Log.ErrorContext(ctx, "dropped", "sequence", r.Change.SequenceNumber, "outcome", "dropped", "error", err)
			continue
		}
		c := owners[i.Owner]
		if c == nil {
			c = &changes{owner: i.Owner, first: r.Change.SequenceNumber}
			owners[i.Owner] = c
			all = append(all, c)
		}
		c.events = append(c.events, i.Event())
	}
	return all
}

func (h Handler) announce(ctx context.Context, all []gallery.Event) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(announcers)
	byOwner := map[gallery.Owner][]gallery.Event{}
	for _, e := range all {
		byOwner[e.Owner] = append(byOwner[e.Owner], e)
	}
	for _, events := range byOwner {
		slices.SortFunc(events, func(a, b gallery.Event) int { return cmp.Compare(a.Seq, b.Seq) })
		group.Go(func() error {
			for _, e := range events {
				if err := h.Announcer.Announce(ctx, e); err != nil {
					h.Log.WarnContext(ctx, "not announced", "image", e.ID, "seq", e.Seq, "outcome", e.Status, "error", err)
					continue
				}
				h.Log.InfoContext(ctx, "announced", "image", e.ID, "seq", e.Seq, "version", e.Version, "outcome", e.Status)
			}
			return nil
		})
	}
	_ = group.Wait() // nothing in it answers an error
}
