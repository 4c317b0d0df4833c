package resolvers

import (
	"context"

	"github.com/darkroom/darkroom/gallery"
)

// SimilarImages is the field Query.similarImages. What the index found is read itself: it may be gone by now.
func (r queryResolver) SimilarImages(ctx context.Context, id string, first *int) ([]gallery.Similar, error) {
	n := or(first, gallery.DefaultPage)
	if n < 1 || n > gallery.MaxPage {
		return nil, gallery.Invalid("first", "1 to %d images", gallery.MaxPage)
	}
	v, i, err := r.own(ctx, id)
	if err != nil || i.Facts.Looks.Hash == "" {
		return []gallery.Similar{}, err
	}
	hashes, err := r.Resolver.Hashes.Hashes(ctx, v.Owner)
	if err != nil {
		return nil, err
	}
	near := gallery.Nearest(gallery.Hashed{ID: i.ID, Hash: i.Facts.Looks.Hash}, hashes, n)
	ids := make([]gallery.ID, len(near))
	for n, h := range near {
		ids[n] = h.ID
	}
	images, err := r.Resolver.Images.GetAll(ctx, v.Owner, ids)
	if err != nil {
		return nil, err
	}
	similar := make([]gallery.Similar, 0, len(near))
	for _, h := range near {
		if found, ok := images[h.ID]; ok && !found.Deleted() {
			distance := gallery.Distance(i.Facts.Looks.Hash, found.Facts.Looks.Hash)
			similar = append(similar, gallery.Similar{Image: found, Distance: distance})
		}
	}
	return similar, nil
}
