package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Agenda finds the images that somebody must look at. What it answers may be old: whoever acts on it reads the image itself.
type Agenda struct {
	DB     *dynamo.DB
	Tables Tables
}

// Due lists images that were due by now, from a place on: at most limit, and the next place. The last one is followed by
// the first.
func (a Agenda) Due(ctx context.Context, from gallery.Place, now time.Time, limit int) ([]gallery.Ref, gallery.Place, error) {
	first, last := max(from.After, "0"), sortable(now)+"$" // "$" comes after the "#" before an id
	if first > last {
		return nil, gallery.Place{Part: (from.Part + 1) % openKeys}, nil
	}
	q := a.DB.Table(a.Tables.Images).Get("open", openKey(uint32(from.Part))).Index(byOpen).Range("deadline", dynamo.Between, first, last)
	var rows []struct {
		Owner    gallery.Owner `dynamo:"owner"`
		ID       gallery.ID    `dynamo:"id"`
		Deadline string        `dynamo:"deadline"`
	}
	err := q.Limit(limit).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, from, fmt.Errorf("list what is due: %w", err)
	}
	refs := make([]gallery.Ref, len(rows))
	for n, r := range rows {
		refs[n] = gallery.Ref{Owner: r.Owner, ID: r.ID}
	}
	if len(rows) < limit {
		return refs, gallery.Place{Part: (from.Part + 1) % openKeys}, nil
	}
	return refs, gallery.Place{Part: from.Part, After: rows[len(rows)-1].Deadline + "!"}, nil // "!" comes before any other
}

// Parts is over how many parts the agenda is spread.
func (Agenda) Parts() int { return openKeys }

// Behind reads some of all images, from a cursor on ("" is the beginning, and the answer at the end), and lists those whose
// newest version was stored before a moment and is not in the feed.
func (a Agenda) Behind(ctx context.Context, cursor gallery.Ref, before time.Time, limit int) ([]gallery.Ref, gallery.Ref, error) {
	scan := a.DB.Table(a.Tables.Images).Scan().SearchLimit(limit).RequestLimit(1).
		Project("'owner'", "id", "version", "updatedAt")
	if cursor != (gallery.Ref{}) {
		scan = scan.StartFrom(dynamo.PagingKey{
			"owner": &types.AttributeValueMemberS{Value: string(cursor.Owner)},
			"id":    &types.AttributeValueMemberS{Value: string(cursor.ID)},
		})
	}
	var rows []record
	last, err := scan.AllWithLastEvaluatedKey(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, cursor, fmt.Errorf("read images from %s on: %w", cursor.ID, err)
	}
	refs, err := a.unnumbered(ctx, rows, before)
	if err != nil {
		return nil, cursor, err
	}
	return refs, refOf(last), nil
}

func refOf(key dynamo.PagingKey) gallery.Ref {
	owner, _ := key["owner"].(*types.AttributeValueMemberS)
	id, _ := key["id"].(*types.AttributeValueMemberS)
	if owner == nil || id == nil {
		return gallery.Ref{}
	}
	return gallery.Ref{Owner: gallery.Owner(owner.Value), ID: gallery.ID(id.Value)}
}

// unnumbered lists those whose version is ahead of their marker in the feed.
func (a Agenda) unnumbered(ctx context.Context, rows []record, before time.Time) ([]gallery.Ref, error) {
	versions := map[gallery.Ref]int64{}
	var keys []dynamo.Keyed
	for _, r := range rows {
		if r.UpdatedAt.Before(before) {
			versions[gallery.Ref{Owner: r.Owner, ID: r.ID}] = r.Version
			keys = append(keys, dynamo.Keys{r.Owner, markerKey(r.ID)})
		}
	}
	for len(keys) > 0 {
		n := min(len(keys), 100)
		var markers []feedRow
		err := a.DB.Table(a.Tables.Feed).Batch("owner", "key").Get(keys[:n]...).Consistent(true).All(ctx, &markers)
		if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
			return nil, fmt.Errorf("read %d markers: %w", n, err)
		}
		for _, m := range markers {
			if ref := (gallery.Ref{Owner: m.Owner, ID: m.ID}); m.Version >= versions[ref] {
				delete(versions, ref)
			}
		}
		keys = keys[n:]
	}
	var refs []gallery.Ref
	for _, r := range rows {
		ref := gallery.Ref{Owner: r.Owner, ID: r.ID}
		if _, behind := versions[ref]; behind {
			refs = append(refs, ref)
		}
	}
	return refs, nil
}

// sweepOwner is whose row in the users table says where the sweeper is. No user has this name: theirs are UUIDs.
const sweepOwner gallery.Owner = "sweep"

type roundRow struct {
	Owner    gallery.Owner `dynamo:"owner,hash"`
	Key      string        `dynamo:"key,range"`
	Part     int           `dynamo:"part"`
	After    string        `dynamo:"after"`
	AtOwner  gallery.Owner `dynamo:"atOwner,omitempty"`
	AtID     gallery.ID    `dynamo:"atId,omitempty"`
	CheckAt  time.Time     `dynamo:"checkAt,omitempty"`
	Checking bool          `dynamo:"checking,omitempty"`
	Removed  gallery.Owner `dynamo:"removed,omitempty"`
}

// Round reads where the sweeper is.
func (a Agenda) Round(ctx context.Context) (gallery.Round, error) {
	var r roundRow
	err := a.users().Get("owner", sweepOwner).Range("key", dynamo.Equal, "round").One(ctx, &r)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return gallery.Round{}, fmt.Errorf("read where the sweeper is: %w", err)
	}
	return gallery.Round{
		Due: gallery.Place{Part: r.Part, After: r.After}, Checked: gallery.Ref{Owner: r.AtOwner, ID: r.AtID},
		Checking: r.Checking, CheckAt: r.CheckAt, Removed: r.Removed,
	}, nil
}

// SaveRound notes where the sweeper is. Of two sweepers the later one's place counts: either will do.
func (a Agenda) SaveRound(ctx context.Context, r gallery.Round) error {
	err := a.users().Put(roundRow{
		Owner: sweepOwner, Key: "round", Part: r.Due.Part, After: r.Due.After, AtOwner: r.Checked.Owner, AtID: r.Checked.ID,
		Checking: r.Checking, CheckAt: r.CheckAt, Removed: r.Removed,
	}).Run(ctx)
	if err != nil {
		return fmt.Errorf("note where the sweeper is: %w", err)
	}
	return nil
}

func (a Agenda) users() dynamo.Table { return a.DB.Table(a.Tables.Users) }
