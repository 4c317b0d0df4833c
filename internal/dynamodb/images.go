package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Images keeps the records of images.
type Images struct {
	DB     *dynamo.DB
	Tables Tables
}

// Get reads an image, consistently. What is not there, is not the owner's or is purged is gallery.ErrNotFound.
func (s Images) Get(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error) {
	i, err := s.Record(ctx, owner, id)
	if err == nil && i.Purged() {
		return gallery.Image{}, gallery.ErrNotFound
	}
	return i, err
}

// Record is Get, with tombstones.
func (s Images) Record(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error) {
	var r record
	err := s.table().Get("owner", owner).Range("id", dynamo.Equal, id).Consistent(true).One(ctx, &r)
	if errors.Is(err, dynamo.ErrNotFound) {
		return gallery.Image{}, gallery.ErrNotFound
	}
	if err != nil {
		return gallery.Image{}, fmt.Errorf("get image %s: %w", id, err)
	}
	return r.image(), nil
}

// GetAll reads up to 100 images of an owner, consistently, tombstones left out.
func (s Images) GetAll(ctx context.Context, owner gallery.Owner, ids []gallery.ID) (map[gallery.ID]gallery.Image, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]dynamo.Keyed, len(ids))
	for n, id := range ids {
		keys[n] = dynamo.Keys{owner, id}
	}
	var rows []record
	err := s.table().Batch("owner", "id").Get(keys...).Consistent(true).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, fmt.Errorf("get %d images of %s: %w", len(ids), owner, err)
	}
	found := make(map[gallery.ID]gallery.Image, len(rows))
	for _, r := range rows {
		if i := r.image(); !i.Purged() {
			found[i.ID] = i
		}
	}
	return found, nil
}

// Save stores an image that was read at the version before its own, and what the change does to its owner's account with
// it. If it has changed since, the answer is gallery.ErrConflict and nothing is stored. The database holds the status
// machine's rule a second time.
func (s Images) Save(ctx context.Context, i gallery.Image) error {
	var err error
	if i.Change == (gallery.Usage{}) {
		err = s.put(i).Run(ctx)
	} else {
		tx := s.DB.WriteTx().Put(s.put(i)).Update(s.charge(i.Owner, i.Change))
		err = patiently(ctx, func() error { return tx.Run(ctx) })
	}
	if dynamo.IsCondCheckFailed(err) {
		return gallery.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("save image %s: %w", i.ID, err)
	}
	return nil
}

// put stores an image over the version before its own, whose status allows it.
func (s Images) put(i gallery.Image) *dynamo.Put {
	from := before(i.Status)
	in := "'status' IN (?" + strings.Repeat(", ?", len(from)-1) + ")"
	return s.table().Put(recordOf(i)).If("'version' = ?", i.Version-1).If(in, from...)
}

// charge adds to what an owner's account counts.
func (s Images) charge(owner gallery.Owner, change gallery.Usage) *dynamo.Update {
	return s.DB.Table(s.Tables.Users).Update("owner", owner).Range("key", accountKey).
		Add("images", change.Images).Add("bytes", change.Bytes).Add("inFlight", change.InFlight)
}

// before lists the statuses that an image may have had when it is stored with this one.
func before(to gallery.Status) []any {
	from := []any{to}
	for _, s := range []gallery.Status{gallery.Pending, gallery.Processing, gallery.Ready, gallery.Failed} {
		if s != to && s.CanBecome(to) {
			from = append(from, s)
		}
	}
	return from
}

func (s Images) table() dynamo.Table { return s.DB.Table(s.Tables.Images) }
