package dynamodb

import (
	"context"
	"errors"
	"fmt"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// All reads everything there is.
type All struct {
	DB     *dynamo.DB
	Tables Tables
}

// Each tells of all images of all owners, tombstones too, page by page.
func (a All) Each(ctx context.Context, do func([]gallery.Image) error) error {
	var from dynamo.PagingKey
	for {
		var rows []record
		scan := a.DB.Table(a.Tables.Images).Scan().Consistent(true).SearchLimit(500).RequestLimit(1)
		last, err := scan.StartFrom(from).AllWithLastEvaluatedKey(ctx, &rows)
		if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
			return fmt.Errorf("read all images: %w", err)
		}
		images := make([]gallery.Image, len(rows))
		for n, r := range rows {
			images[n] = r.image()
		}
		if err := do(images); err != nil {
			return err
		}
		if from = last; from == nil {
			return nil
		}
	}
}

// Usage is what an owner's account counts.
func (a All) Usage(ctx context.Context, owner gallery.Owner) (gallery.Usage, error) {
	account, err := Users(a).Account(ctx, owner)
	return account.Usage, err
}
