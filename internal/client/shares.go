package client

import (
	"context"
	"fmt"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// Share is a link that shows an image's renditions to anybody, as the API tells of it.
type Share struct {
	ID         gallery.ShareID
	URL        string // of a new one only: it is kept nowhere
	ImageID    gallery.ID
	Image      *Image // nil when it is gone
	Renditions []string
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// ShareImage makes a link that works for a while; without names it shows all renditions.
func (c *Client) ShareImage(ctx context.Context, id gallery.ID, life time.Duration, renditions []string) (Share, error) {
	variables := struct {
		ID         gallery.ID `json:"id"`
		ExpiresIn  int64      `json:"expiresIn"`
		Renditions []string   `json:"renditions,omitempty"`
	}{id, int64(life / time.Second), renditions}
	var data struct{ ShareImage Share }
	if err := c.ask(ctx, shareMutation, variables, &data); err != nil {
		return Share{}, fmt.Errorf("share image %s: %w", id, err)
	}
	return data.ShareImage, nil
}

// Shares answers a page of links that work, of one image or, without an id, of all. It can be short, and have a next one.
func (c *Client) Shares(ctx context.Context, l gallery.ShareListing) ([]Share, string, error) {
	variables := struct {
		Image gallery.ID `json:"image,omitempty"`
		First int        `json:"first"`
		After string     `json:"after,omitempty"`
	}{l.Image, l.First, l.After}
	var data struct {
		Shares struct {
			Edges    []struct{ Node Share }
			PageInfo pageInfo
		}
	}
	if err := c.ask(ctx, sharesQuery, variables, &data); err != nil {
		return nil, "", fmt.Errorf("list shares: %w", err)
	}
	shares := make([]Share, len(data.Shares.Edges))
	for n, e := range data.Shares.Edges {
		shares[n] = e.Node
	}
	return shares, data.Shares.PageInfo.next(), nil
}

// RevokeShare ends a link; gallery.ErrNoShare when there is none of that id.
func (c *Client) RevokeShare(ctx context.Context, id gallery.ShareID) (Share, error) {
	var data struct{ RevokeShare Share }
	err := c.ask(ctx, revokeMutation, struct {
		ID gallery.ShareID `json:"id"`
	}{id}, &data)
	if err != nil {
		return Share{}, fmt.Errorf("revoke share: %w", err)
	}
	return data.RevokeShare, nil
}

// pageInfo is Relay's.
type pageInfo struct {
	HasNextPage bool
	EndCursor   string
}

// next is the cursor of the next page, empty when there is none.
func (p pageInfo) next() string {
	if !p.HasNextPage {
		return ""
	}
	return p.EndCursor
}
