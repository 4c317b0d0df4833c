package dynamodb

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// byDeletion reads keys from the index of the trash, then the images themselves, but not those of which the index knows
// already that they are purged: tombstones keep the time of their deletion for as long as they are kept. Its keys are
// time#id, since two images can have been deleted in the same millisecond.
func (s Images) byDeletion(ctx context.Context, owner gallery.Owner, after string, size int) ([]entry, bool, error) {
	q := s.table().Get("owner", owner).Index(byTrash).Order(dynamo.Descending)
	if at, id, ok := strings.Cut(after, "#"); ok {
		q = q.StartFrom(dynamo.PagingKey{
			"owner":     &types.AttributeValueMemberS{Value: string(owner)},
			"deletedAt": &types.AttributeValueMemberS{Value: at},
			"id":        &types.AttributeValueMemberS{Value: id},
		})
	}
	var rows []struct {
		ID        gallery.ID `dynamo:"id"`
		DeletedAt string     `dynamo:"deletedAt"` // as it is stored: it is the key
		Purging   bool       `dynamo:"purging"`
	}
	next, err := q.SearchLimit(size).RequestLimit(1).AllWithLastEvaluatedKey(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) || len(rows) == 0 {
		return nil, false, err
	}
	var keys []dynamo.Keyed
	entries := make([]entry, len(rows))
	for n, r := range rows {
		entries[n].key = r.DeletedAt + "#" + string(r.ID)
		if !r.Purging {
			keys = append(keys, dynamo.Keys{owner, r.ID})
		}
	}
	if len(keys) == 0 {
		return entries, next != nil, nil
	}
	found, err := s.batch(ctx, keys)
	for n, r := range rows {
		entries[n].image, entries[n].there = found[r.ID]
	}
	return entries, next != nil, err
}

// inTrash tells whether a key may be one of byDeletion.
func inTrash(key string) bool {
	at, id, _ := strings.Cut(key, "#")
	_, noTime := time.Parse(time.RFC3339, at)
	_, noID := gallery.ParseID(id)
	return noTime == nil && noID == nil
}
