package dynamodb

import (
	"context"
	"errors"
	"fmt"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Bury stores the tombstone of an image of these bytes, gives its owner's quota back, and frees its bytes' place among the
// owner's contents, unless another image has taken it: all or nothing. gallery.ErrConflict says that something has changed.
func (s Images) Bury(ctx context.Context, tombstone gallery.Image, sha256 string) error {
	users := Users(s)
	holder, err := users.ByContent(ctx, tombstone.Owner, sha256)
	if err != nil && !errors.Is(err, gallery.ErrNotFound) {
		return err
	}
	tx := s.DB.WriteTx().Put(s.put(tombstone))
	if tombstone.Change != (gallery.Usage{}) {
		tx.Update(s.charge(tombstone.Owner, tombstone.Change))
	}
	if err == nil && holder == tombstone.ID {
		tx.Delete(users.table().Delete("owner", tombstone.Owner).Range("key", contentKey(sha256)).If("'image' = ?", holder))
	}
	err = patiently(ctx, func() error { return tx.Run(ctx) })
	if dynamo.IsCondCheckFailed(err) {
		return gallery.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("bury image %s: %w", tombstone.ID, err)
	}
	return nil
}
