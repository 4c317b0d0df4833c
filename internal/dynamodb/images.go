package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Images keeps the records of images.
type Images struct {
	DB     *dynamo.DB
	Tables Tables
}

// Get reads an image, consistently. What is not there, or is not the owner's, is gallery.ErrNotFound.
func (s Images) Get(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Image, error) {
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

// Save stores an image that was read at the version before its own. If it has changed since, the answer is
// gallery.ErrConflict and nothing is stored. The database holds the status machine's rule a second time.
func (s Images) Save(ctx context.Context, i gallery.Image) error {
	from := before(i.Status)
	in := "'status' IN (?" + strings.Repeat(", ?", len(from)-1) + ")"
	err := s.table().Put(recordOf(i)).If("'version' = ?", i.Version-1).If(in, from...).Run(ctx)
	if dynamo.IsCondCheckFailed(err) {
		return gallery.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("save image %s: %w", i.ID, err)
	}
	return nil
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

// Create stores a new image, counts it in its owner's account and takes its bytes' place among the owner's contents, all
// or nothing. It answers gallery.ErrQuotaExceeded when the account is full, and gallery.ErrConflict when the owner has an
// image of the same bytes: ByContent finds it.
func (s Images) Create(ctx context.Context, i gallery.Image, q gallery.Quota) error {
	if q.Images < 1 || q.Bytes < i.Bytes {
		return gallery.ErrQuotaExceeded
	}
	users := s.DB.Table(s.Tables.Users)
	account := users.Update("owner", i.Owner).Range("key", accountKey).
		Add("images", 1).Add("bytes", i.Bytes).
		If("attribute_not_exists('images') OR ('images' < ? AND 'bytes' <= ?)", q.Images, q.Bytes-i.Bytes)
	content := users.Put(contentRow{Owner: i.Owner, Key: contentKey(i.SHA256), Image: i.ID}).
		If("attribute_not_exists('key')")
	image := s.table().Put(recordOf(i)).If("attribute_not_exists('id')")

	err := s.DB.WriteTx().Put(content).Update(account).Put(image).Run(ctx)
	switch failed := failedChecks(err); {
	case err == nil:
		return nil
	case failed[0] || failed[2]:
		return gallery.ErrConflict
	case failed[1]:
		return gallery.ErrQuotaExceeded
	}
	return fmt.Errorf("create image %s: %w", i.ID, err)
}

// failedChecks tells which actions of a cancelled transaction failed their condition.
func failedChecks(err error) map[int]bool {
	failed := map[int]bool{}
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		for n, reason := range cancelled.CancellationReasons {
			if reason.Code != nil && *reason.Code == "ConditionalCheckFailed" {
				failed[n] = true
			}
		}
	}
	return failed
}

func (s Images) table() dynamo.Table { return s.DB.Table(s.Tables.Images) }
