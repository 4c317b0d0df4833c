package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// erased is how many rows are read, and then removed, at a time.
const erased = 500

// EraseRecords removes all records of an owner but the account: share links, the feed, tombstones, the places of bytes,
// jobs. An image that is no tombstone is gallery.ErrConflict: it must be buried first. Doing it twice is fine.
func (s Deletions) EraseRecords(ctx context.Context, owner gallery.Owner) error {
	for _, step := range []struct {
		what  string
		erase func(context.Context, gallery.Owner) error
	}{{"shares", s.eraseShares}, {"feed", s.eraseFeed}, {"images", s.eraseTombstones}, {"contents", s.eraseContents}} {
		if err := step.erase(ctx, owner); err != nil {
			return fmt.Errorf("erase the %s of %s: %w", step.what, owner, err)
		}
	}
	return nil
}

func (s Deletions) eraseShares(ctx context.Context, owner gallery.Owner) error {
	table := s.DB.Table(s.Tables.Shares)
	var rows []shareRow
	query := table.Get("owner", owner).Index(byOwner)
	return eachPage(ctx, query, &rows, func() error {
		keys := make([]dynamo.Keyed, len(rows))
		for n, r := range rows {
			keys[n] = dynamo.Keys{r.ID}
		}
		return erase(ctx, table.Batch("id"), keys)
	})
}

func (s Deletions) eraseFeed(ctx context.Context, owner gallery.Owner) error {
	table := s.DB.Table(s.Tables.Feed)
	var rows []keyed
	return eachPage(ctx, table.Get("owner", owner).Project("'key'"), &rows, func() error {
		return erase(ctx, table.Batch("owner", "key"), keysOf(owner, rows, ""))
	})
}

func (s Deletions) eraseTombstones(ctx context.Context, owner gallery.Owner) error {
	table := s.DB.Table(s.Tables.Images)
	var rows []struct {
		ID       gallery.ID `dynamo:"id"`
		PurgedAt time.Time  `dynamo:"purgedAt"`
	}
	query := table.Get("owner", owner).Consistent(true).Project("id", "purgedAt")
	return eachPage(ctx, query, &rows, func() error {
		keys := make([]dynamo.Keyed, len(rows))
		for n, r := range rows {
			if r.PurgedAt.IsZero() {
				return gallery.ErrConflict
			}
			keys[n] = dynamo.Keys{owner, r.ID}
		}
		return erase(ctx, table.Batch("owner", "id"), keys)
	})
}

// eraseContents removes the note that a job runs before the job, which is looked for by it.
func (s Deletions) eraseContents(ctx context.Context, owner gallery.Owner) error {
	table := s.table()
	if err := table.Delete("owner", jobsOwner).Range("key", owner).Run(ctx); err != nil {
		return err
	}
	var rows []keyed
	query := table.Get("owner", owner).Consistent(true).Project("'key'")
	return eachPage(ctx, query, &rows, func() error {
		return erase(ctx, table.Batch("owner", "key"), keysOf(owner, rows, accountKey))
	})
}

type keyed struct {
	Key string `dynamo:"key"`
}

// keysOf are the keys of rows, apart from one that is to stay.
func keysOf(owner gallery.Owner, rows []keyed, stays string) []dynamo.Keyed {
	var keys []dynamo.Keyed
	for _, r := range rows {
		if r.Key != stays {
			keys = append(keys, dynamo.Keys{owner, r.Key})
		}
	}
	return keys
}

// eachPage reads a query page by page, each into the same rows, and does something with them.
func eachPage[T any](ctx context.Context, query *dynamo.Query, rows *[]T, do func() error) error {
	var from dynamo.PagingKey
	for {
		*rows = nil
		next, err := query.StartFrom(from).SearchLimit(erased).RequestLimit(1).AllWithLastEvaluatedKey(ctx, rows)
		if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
			return err
		}
		if err := do(); err != nil {
			return err
		}
		if from = next; from == nil {
			return nil
		}
	}
}

func erase(ctx context.Context, batch dynamo.Batch, keys []dynamo.Keyed) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := batch.Write().Delete(keys...).Run(ctx)
	return err
}
