package dynamodb

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// entry is a place in a list: its sort key, and the image there unless it is gone by now.
type entry struct {
	key   string
	image gallery.Image
	there bool
}

// List reads a page of an owner's images, the newest first. It reads batches of 20 to 100 records until the page is full, the
// list ends or gallery.MaxScanned records have been read.
func (s Images) List(ctx context.Context, owner gallery.Owner, l gallery.Listing) (gallery.Page, error) {
	after, err := decodeCursor(l)
	if err != nil {
		return gallery.Page{}, err
	}
	read := s.byUpload
	switch l.Order {
	case gallery.TakenAt:
		read = s.byCapture
	case gallery.TrashedAt:
		read = s.byDeletion
	}
	page := gallery.Page{More: true, Images: make([]gallery.Image, 0, min(l.First, gallery.MaxPage))}
	for scanned := 0; page.More && len(page.Images) < l.First && scanned < gallery.MaxScanned; {
		size := min(max(l.First-len(page.Images), 20), 100)
		scanned += size
		entries, more, err := read(ctx, owner, after, size)
		if err != nil {
			return gallery.Page{}, fmt.Errorf("list images of %s: %w", owner, err)
		}
		after = fill(&page, entries, more, l, after)
	}
	page.End = encodeCursor(l.Order, after)
	return page, nil
}

// fill adds the entries that match to the page until it is full, and answers the key of the last one looked at.
func fill(page *gallery.Page, entries []entry, more bool, l gallery.Listing, after string) string {
	page.More = more
	for n, e := range entries {
		after = e.key
		if !e.there || !l.Takes(e.image) {
			continue
		}
		page.Images = append(page.Images, e.image)
		page.Cursors = append(page.Cursors, encodeCursor(l.Order, e.key))
		if len(page.Images) == l.First {
			page.More = more || n < len(entries)-1
			break
		}
	}
	return after
}

// byUpload reads the table itself: ids sort by the time of upload.
func (s Images) byUpload(ctx context.Context, owner gallery.Owner, after string, size int) ([]entry, bool, error) {
	q := s.table().Get("owner", owner)
	if after != "" {
		q = q.Range("id", dynamo.Less, after)
	}
	rows := q.Order(dynamo.Descending).SearchLimit(size).RequestLimit(1).Iter()
	entries := make([]entry, 0, size)
	var r record // one for all rows: a loop's own would be one for each
	for rows.Next(ctx, &r) {
		entries = append(entries, entry{key: string(r.ID), image: r.image(), there: true})
	}
	if err := rows.Err(); err != nil {
		return nil, false, err
	}
	next, err := rows.LastEvaluatedKey(ctx)
	return entries, next != nil, err
}

// byCapture reads keys from the index, then the images themselves: what the index says may be old.
func (s Images) byCapture(ctx context.Context, owner gallery.Owner, after string, size int) ([]entry, bool, error) {
	q := s.table().Get("owner", owner).Index(byTaken)
	if after != "" {
		q = q.Range("taken", dynamo.Less, after)
	}
	var rows []struct {
		ID    gallery.ID `dynamo:"id"`
		Taken string     `dynamo:"taken"`
	}
	next, err := q.Order(dynamo.Descending).SearchLimit(size).RequestLimit(1).AllWithLastEvaluatedKey(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) || len(rows) == 0 {
		return nil, false, err
	}
	keys := make([]dynamo.Keyed, len(rows))
	entries := make([]entry, len(rows))
	for n, r := range rows {
		keys[n] = dynamo.Keys{owner, r.ID}
		entries[n].key = r.Taken
	}
	found, err := s.batch(ctx, keys)
	for n, r := range rows {
		entries[n].image, entries[n].there = found[r.ID]
	}
	return entries, next != nil, err
}

// batch reads up to 100 images of one owner.
func (s Images) batch(ctx context.Context, keys []dynamo.Keyed) (map[gallery.ID]gallery.Image, error) {
	var rows []record
	err := s.table().Batch("owner", "id").Get(keys...).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, err
	}
	found := make(map[gallery.ID]gallery.Image, len(rows))
	for _, r := range rows {
		found[r.ID] = r.image()
	}
	return found, nil
}

// A cursor is the order and the sort key of the last entry seen. It carries no authority: the owner comes from the token.
func encodeCursor(o gallery.Order, key string) string {
	if key == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte(string(o) + "|" + key))
}

func decodeCursor(l gallery.Listing) (string, error) {
	if l.After == "" {
		return "", nil
	}
	text, err := base64.RawURLEncoding.DecodeString(l.After)
	order, key, ok := strings.Cut(string(text), "|")
	if err != nil || !ok || key == "" || order != string(l.Order) || l.Order == gallery.TrashedAt && !inTrash(key) {
		return "", gallery.Invalid("after", "this is not a cursor of images in the order %s", l.Order)
	}
	return key, nil
}
