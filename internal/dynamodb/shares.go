package dynamodb

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Shares keeps share links by the hashes of their tokens.
type Shares struct {
	DB     *dynamo.DB
	Tables Tables
}

type shareRow struct {
	ID         gallery.ShareID `dynamo:"id,hash"`
	Owner      gallery.Owner   `dynamo:"owner"`
	Place      string          `dynamo:"place"` // image#hash: an owner's shares are listed by image
	Image      gallery.ID      `dynamo:"image"`
	Version    int64           `dynamo:"version"`
	Renditions []string        `dynamo:"renditions,omitempty"`
	CreatedAt  time.Time       `dynamo:"createdAt"`
	ExpiresAt  time.Time       `dynamo:"expiresAt"`
	Expires    int64           `dynamo:"expires"` // Unix seconds: the table's TTL, which is late
}

func (r shareRow) share() gallery.Share {
	return gallery.Share{
		ID: r.ID, Owner: r.Owner, Image: r.Image, Version: r.Version, Renditions: r.Renditions,
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
	}
}

// Add stores a new share. That it is there is fine: nobody else has its id, so an earlier attempt had lost its answer.
func (s Shares) Add(ctx context.Context, x gallery.Share) error {
	err := s.table().Put(shareRow{
		ID: x.ID, Owner: x.Owner, Place: shareKey(x), Image: x.Image, Version: x.Version, Renditions: x.Renditions,
		CreatedAt: x.CreatedAt, ExpiresAt: x.ExpiresAt, Expires: x.ExpiresAt.Unix(),
	}).If("attribute_not_exists('id') OR ('owner' = ? AND 'place' = ?)", x.Owner, shareKey(x)).Run(ctx)
	if err != nil {
		return fmt.Errorf("store a share of %s: %w", x.Image, err)
	}
	return nil
}

func shareKey(x gallery.Share) string { return string(x.Image) + "#" + string(x.ID) }

// Share reads a share, consistently; gallery.ErrNoShare when there is none. It can have ended.
func (s Shares) Share(ctx context.Context, id gallery.ShareID) (gallery.Share, error) {
	var r shareRow
	err := s.table().Get("id", id).Consistent(true).One(ctx, &r)
	if errors.Is(err, dynamo.ErrNotFound) {
		return gallery.Share{}, gallery.ErrNoShare
	}
	if err != nil {
		return gallery.Share{}, fmt.Errorf("get share: %w", err)
	}
	return r.share(), nil
}

// Revoke removes an owner's share, and answers what it was; gallery.ErrNoShare when the owner has none of that id.
func (s Shares) Revoke(ctx context.Context, owner gallery.Owner, id gallery.ShareID) (gallery.Share, error) {
	var r shareRow
	err := s.table().Delete("id", id).If("'owner' = ?", owner).OldValue(ctx, &r)
	if dynamo.IsCondCheckFailed(err) || errors.Is(err, dynamo.ErrNotFound) {
		return gallery.Share{}, gallery.ErrNoShare
	}
	if err != nil {
		return gallery.Share{}, fmt.Errorf("revoke share: %w", err)
	}
	return r.share(), nil
}

// ListShares reads a page of an owner's shares from the index, which may be a moment behind: those of the newest image first.
func (s Shares) ListShares(ctx context.Context, owner gallery.Owner, l gallery.ShareListing) (gallery.SharePage, error) {
	after, err := placeOf(owner, l)
	if err != nil {
		return gallery.SharePage{}, err
	}
	q := s.table().Get("owner", owner).Index(byOwner).Order(dynamo.Descending).StartFrom(after)
	if l.Image != "" {
		q.Range("place", dynamo.BeginsWith, string(l.Image)+"#")
	}
	var rows []shareRow
	next, err := q.SearchLimit(l.First).RequestLimit(1).AllWithLastEvaluatedKey(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return gallery.SharePage{}, fmt.Errorf("list shares of %s: %w", owner, err)
	}
	page := gallery.SharePage{More: next != nil}
	for _, r := range rows {
		page.Shares = append(page.Shares, r.share())
		page.Cursors = append(page.Cursors, base64.RawURLEncoding.EncodeToString([]byte(r.Place)))
		page.End = page.Cursors[len(page.Cursors)-1]
	}
	return page, nil
}

// placeOf reads where a page ended. A cursor carries no authority: the owner comes from the token.
func placeOf(owner gallery.Owner, l gallery.ShareListing) (dynamo.PagingKey, error) {
	if l.After == "" {
		return nil, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(l.After)
	image, id, ok := strings.Cut(string(text), "#")
	_, noID := gallery.ParseShareID(id)
	if err != nil || !ok || noID != nil || l.Image != "" && image != string(l.Image) {
		return nil, gallery.Invalid("after", "this is not a cursor of such shares")
	}
	return dynamo.PagingKey{
		"owner": &types.AttributeValueMemberS{Value: string(owner)},
		"place": &types.AttributeValueMemberS{Value: string(text)},
		"id":    &types.AttributeValueMemberS{Value: id},
	}, nil
}

func (s Shares) table() dynamo.Table { return s.DB.Table(s.Tables.Shares) }
