package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// headKey is the sort key of the row that holds the last number given; eventKey those of events, markerKey of markers.
const headKey = "head"

func eventKey(seq int64) string             { return fmt.Sprintf("event#%019d", seq) }
func markerKey(id gallery.ID) string        { return "image#" + string(id) }
func conflicted(err error) bool             { return cancelledFor(err, "TransactionConflict") }
func expired(r feedRow, now time.Time) bool { return r.Expires <= now.Unix() }

// feedRow is an item of the feed table: an event, a marker (ID, Version, Seq) or the head (Seq).
type feedRow struct {
	Owner   gallery.Owner `dynamo:"owner,hash"`
	Key     string        `dynamo:"key,range"`
	Seq     int64         `dynamo:"seq"`
	ID      gallery.ID    `dynamo:"id,omitempty"`
	Version int64         `dynamo:"version,omitempty"`

	Status      gallery.Status      `dynamo:"status,omitempty"`
	Stage       gallery.Stage       `dynamo:"stage,omitempty"`
	Failure     gallery.FailureCode `dynamo:"failure,omitempty"`
	Width       int                 `dynamo:"width,omitempty"`
	Height      int                 `dynamo:"height,omitempty"`
	Placeholder string              `dynamo:"placeholder,omitempty"`
	DeletedAt   time.Time           `dynamo:"deletedAt,omitempty"`
	At          time.Time           `dynamo:"at,omitempty"`
	Expires     int64               `dynamo:"expires,omitempty"` // Unix seconds: the table's TTL
}

func eventRow(e gallery.Event, expires time.Time) feedRow {
	return feedRow{
		Owner: e.Owner, Key: eventKey(e.Seq), Seq: e.Seq, ID: e.ID, Version: e.Version,
		Status: e.Status, Stage: e.Stage, Failure: e.Failure, Width: e.Width, Height: e.Height,
		Placeholder: e.Placeholder, DeletedAt: e.DeletedAt, At: e.At, Expires: expires.Unix(),
	}
}

func (r feedRow) event() gallery.Event {
	return gallery.Event{
		Owner: r.Owner, ID: r.ID, Seq: r.Seq, Version: r.Version, Status: r.Status, Stage: r.Stage, Failure: r.Failure,
		Width: r.Width, Height: r.Height, Placeholder: r.Placeholder, DeletedAt: r.DeletedAt, At: r.At,
	}
}

// Changes reads what happened after a number, consistently: the unbroken run after+1, after+2, … of at most first events.
// A row past its expiry counts as absent, whether or not the TTL has removed it yet; where the run cannot begin, the answer
// says to start over.
func (f Feed) Changes(ctx context.Context, owner gallery.Owner, after int64, first int, now time.Time) (gallery.Changes, error) {
	head, err := f.head(ctx, owner)
	if err != nil {
		return gallery.Changes{}, err
	}
	c := gallery.Changes{Head: head, StartOver: after > head}
	if after >= head {
		return c, nil
	}
	var rows []feedRow
	err = f.table().Get("owner", owner).Range("key", dynamo.Between, eventKey(after+1), eventKey(math.MaxInt64)).
		Consistent(true).Limit(first).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return gallery.Changes{}, fmt.Errorf("read changes of %s after %d: %w", owner, after, err)
	}
	for _, r := range rows {
		if r.Seq != after+int64(len(c.Events))+1 || expired(r, now) {
			break
		}
		c.Events = append(c.Events, r.event())
	}
	c.StartOver = len(c.Events) == 0
	c.Head = max(head, after+int64(len(c.Events)))
	return c, nil
}

func (f Feed) head(ctx context.Context, owner gallery.Owner) (int64, error) {
	var row feedRow
	err := f.table().Get("owner", owner).Range("key", dynamo.Equal, headKey).Consistent(true).One(ctx, &row)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return 0, fmt.Errorf("read the head of %s: %w", owner, err)
	}
	return row.Seq, nil
}

// cancelledFor tells whether a transaction was cancelled for a reason of this code.
func cancelledFor(err error, code string) bool {
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		return false
	}
	for _, reason := range cancelled.CancellationReasons {
		if reason.Code != nil && *reason.Code == code {
			return true
		}
	}
	return false
}
