package dynamodb

import (
	"context"
	"fmt"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Hashes reads the perceptual hashes of an owner's images outside the trash, the last taken first, gallery.MaxCompared at
// most. They come from the index by capture time, some 200 bytes each: a search among 10,000 images costs 250 read units,
// two requests and a twentieth of what their records would. An index can be a moment behind.
func (s Images) Hashes(ctx context.Context, owner gallery.Owner) ([]gallery.Hashed, error) {
	var rows []struct {
		ID   gallery.ID `dynamo:"id"`
		Hash string     `dynamo:"hash64"`
	}
	q := s.table().Get("owner", owner).Index(byTaken).Order(dynamo.Descending).Project("id", "hash64")
	if err := q.Limit(gallery.MaxCompared).All(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read hashes of %s: %w", owner, err)
	}
	hashes := make([]gallery.Hashed, len(rows))
	for n, r := range rows {
		hashes[n] = gallery.Hashed(r)
	}
	return hashes, nil
}
