package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// accountKey is the sort key of a user's own row; contentKey that of the row which makes an image's bytes unique.
const accountKey = "account"

func contentKey(sha256 string) string { return "content#" + sha256 }

type accountRow struct {
	Owner       gallery.Owner `dynamo:"owner,hash"`
	Key         string        `dynamo:"key,range"`
	Images      int64         `dynamo:"images"`
	Bytes       int64         `dynamo:"bytes"`
	InFlight    int64         `dynamo:"inFlight"`
	QuotaImages int64         `dynamo:"quotaImages,omitempty"` // 0: the default
	QuotaBytes  int64         `dynamo:"quotaBytes,omitempty"`
	QuotaFlight int64         `dynamo:"quotaInFlight,omitempty"`
	SuspendedAt time.Time     `dynamo:"suspendedAt,omitempty"`
	DeletingAt  time.Time     `dynamo:"deletingAt,omitempty"`
	ErasedAt    time.Time     `dynamo:"erasedAt,omitempty"`
}

type contentRow struct {
	Owner gallery.Owner `dynamo:"owner,hash"`
	Key   string        `dynamo:"key,range"`
	Image gallery.ID    `dynamo:"image"`
}

// Users keeps accounts, and which bytes each user has.
type Users struct {
	DB     *dynamo.DB
	Tables Tables
}

// Account reads a user's account. One that was never written is empty, with the default quota.
func (s Users) Account(ctx context.Context, owner gallery.Owner) (gallery.Account, error) {
	row := accountRow{}
	err := s.table().Get("owner", owner).Range("key", dynamo.Equal, accountKey).Consistent(true).One(ctx, &row)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return gallery.Account{}, fmt.Errorf("get account %s: %w", owner, err)
	}
	a := gallery.Account{
		Owner: owner,
		Usage: gallery.Usage{Images: row.Images, Bytes: row.Bytes, InFlight: row.InFlight},
		Quota: gallery.DefaultQuota(), SuspendedAt: row.SuspendedAt, DeletingAt: row.DeletingAt, ErasedAt: row.ErasedAt,
	}
	if row.QuotaImages > 0 {
		a.Quota.Images = row.QuotaImages
	}
	if row.QuotaBytes > 0 {
		a.Quota.Bytes = row.QuotaBytes
	}
	if row.QuotaFlight > 0 {
		a.Quota.InFlight = row.QuotaFlight
	}
	return a, nil
}

// Warm makes the account of a new user, empty. One that exists stays as it is.
func (s Users) Warm(ctx context.Context, owner gallery.Owner) error {
	err := s.table().Put(accountRow{Owner: owner, Key: accountKey}).If("attribute_not_exists('key')").Run(ctx)
	if err != nil && !dynamo.IsCondCheckFailed(err) {
		return fmt.Errorf("make account %s: %w", owner, err)
	}
	return nil
}

// SetQuota stores what a user may keep, and send at a time. What is zero in it stays as it is. Without an account it answers
// gallery.ErrNoUser.
func (s Users) SetQuota(ctx context.Context, owner gallery.Owner, q gallery.Quota) error {
	u := s.table().Update("owner", owner).Range("key", accountKey)
	for name, n := range map[string]int64{"quotaImages": q.Images, "quotaBytes": q.Bytes, "quotaInFlight": q.InFlight} {
		if n > 0 {
			u.Set(name, n)
		}
	}
	return changed("set the quota", owner, u.If(hasAccount).Run(ctx))
}

// Suspend marks a user as suspended since a moment; since the zero time, as suspended no longer. Without an account it
// answers gallery.ErrNoUser.
func (s Users) Suspend(ctx context.Context, owner gallery.Owner, since time.Time) error {
	u := s.table().Update("owner", owner).Range("key", accountKey)
	if since.IsZero() {
		u.Remove("suspendedAt")
	} else {
		u.Set("suspendedAt", since)
	}
	return changed("set the suspension", owner, u.If(hasAccount).Run(ctx))
}

// hasAccount keeps a change of an account from making one, which would stay for ever where the user has been removed.
const hasAccount = "attribute_exists('key')"

func changed(what string, owner gallery.Owner, err error) error {
	if dynamo.IsCondCheckFailed(err) {
		return gallery.ErrNoUser
	}
	if err != nil {
		return fmt.Errorf("%s of %s: %w", what, owner, err)
	}
	return nil
}

// ByContents finds the owner's images with these bytes, of at most 100 kinds. What the owner has not is not in the answer.
func (s Users) ByContents(ctx context.Context, owner gallery.Owner, sha256s []string) (map[string]gallery.ID, error) {
	if len(sha256s) == 0 {
		return nil, nil
	}
	keys := make([]dynamo.Keyed, len(sha256s))
	for n, sum := range sha256s {
		keys[n] = dynamo.Keys{owner, contentKey(sum)}
	}
	var rows []contentRow
	err := s.table().Batch("owner", "key").Get(keys...).Consistent(true).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, fmt.Errorf("get %d contents of %s: %w", len(keys), owner, err)
	}
	found := make(map[string]gallery.ID, len(rows))
	for _, r := range rows {
		found[strings.TrimPrefix(r.Key, contentKey(""))] = r.Image
	}
	return found, nil
}

// ByContent finds the owner's image with these bytes; gallery.ErrNotFound when there is none.
func (s Users) ByContent(ctx context.Context, owner gallery.Owner, sha256 string) (gallery.ID, error) {
	var row contentRow
	err := s.table().Get("owner", owner).Range("key", dynamo.Equal, contentKey(sha256)).Consistent(true).One(ctx, &row)
	if errors.Is(err, dynamo.ErrNotFound) {
		return "", gallery.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("get content %s of %s: %w", sha256, owner, err)
	}
	return row.Image, nil
}

func (s Users) table() dynamo.Table { return s.DB.Table(s.Tables.Users) }
