package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// deletionsOwner is whose rows in the users table say how far the deletions of users have come. No user has this name.
const deletionsOwner gallery.Owner = "deletions"

type deletionRow struct {
	Owner     gallery.Owner `dynamo:"owner,hash"` // deletionsOwner
	Key       gallery.Owner `dynamo:"key,range"`
	StartedAt time.Time     `dynamo:"startedAt"`
	After     gallery.ID    `dynamo:"after,omitempty"`
	ErasedAt  time.Time     `dynamo:"erasedAt,omitempty"`
	Version   int64         `dynamo:"version"`
}

// Deletions keeps how far the removal of users has come.
type Deletions struct {
	DB     *dynamo.DB
	Tables Tables
}

// Begin marks an account as being deleted, from when on nothing is let into it, and notes the deletion: both or neither.
// That it has begun is fine.
func (s Deletions) Begin(ctx context.Context, owner gallery.Owner, now time.Time) error {
	row := deletionRow{Owner: deletionsOwner, Key: owner, StartedAt: now, Version: 1}
	tx := s.DB.WriteTx().Put(s.table().Put(row).If("attribute_not_exists('key')")).
		Update(s.account(owner).Set("deletingAt", now))
	err := patiently(ctx, func() error { return tx.Run(ctx) })
	if err != nil && !dynamo.IsCondCheckFailed(err) {
		return fmt.Errorf("begin the deletion of %s: %w", owner, err)
	}
	return nil
}

// Running lists deletions, those after an owner first: at most limit.
func (s Deletions) Running(ctx context.Context, after gallery.Owner, limit int) ([]gallery.Deletion, error) {
	q := s.table().Get("owner", deletionsOwner).Consistent(true).Limit(limit)
	if after != "" {
		q.Range("key", dynamo.Greater, after)
	}
	var rows []deletionRow
	if err := q.All(ctx, &rows); err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, fmt.Errorf("list deletions: %w", err)
	}
	all := make([]gallery.Deletion, len(rows))
	for n, r := range rows {
		all[n] = gallery.Deletion{Owner: r.Key, StartedAt: r.StartedAt, After: r.After, ErasedAt: r.ErasedAt, Version: r.Version}
	}
	return all, nil
}

// SaveDeletion stores a deletion that was read at the version before its own, or answers gallery.ErrConflict. That all is
// erased is told in the account, too.
func (s Deletions) SaveDeletion(ctx context.Context, d gallery.Deletion) error {
	put := s.table().Put(deletionRow{
		Owner: deletionsOwner, Key: d.Owner, StartedAt: d.StartedAt, After: d.After, ErasedAt: d.ErasedAt, Version: d.Version,
	}).If("'version' = ?", d.Version-1)
	var err error
	if d.ErasedAt.IsZero() {
		err = put.Run(ctx)
	} else {
		tx := s.DB.WriteTx().Put(put).Update(s.account(d.Owner).Set("erasedAt", d.ErasedAt))
		err = patiently(ctx, func() error { return tx.Run(ctx) })
	}
	return deletionError(d, err)
}

// End removes an account, and the note that it is being deleted: both or neither.
func (s Deletions) End(ctx context.Context, d gallery.Deletion) error {
	tx := s.DB.WriteTx().Delete(s.table().Delete("owner", deletionsOwner).Range("key", d.Owner).If("'version' = ?", d.Version)).
		Delete(s.table().Delete("owner", d.Owner).Range("key", accountKey))
	return deletionError(d, patiently(ctx, func() error { return tx.Run(ctx) }))
}

func deletionError(d gallery.Deletion, err error) error {
	if dynamo.IsCondCheckFailed(err) {
		return gallery.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("store the deletion of %s: %w", d.Owner, err)
	}
	return nil
}

func (s Deletions) account(owner gallery.Owner) *dynamo.Update {
	return s.table().Update("owner", owner).Range("key", accountKey)
}

func (s Deletions) table() dynamo.Table { return s.DB.Table(s.Tables.Users) }
