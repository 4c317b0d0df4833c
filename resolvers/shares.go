package resolvers

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// defaultShareLife is how long a link works if nothing is said: a week, in seconds.
const defaultShareLife = 7 * 24 * 60 * 60

// ShareImage is the field Mutation.shareImage. The token is in the answer, and only its hash is kept.
func (r mutationResolver) ShareImage(ctx context.Context, id string, expiresIn *int, names []string) (*graph.Share, error) {
	v, i, err := r.own(ctx, id)
	if err != nil {
		return nil, err
	}
	token := r.NewToken()
	key, err := gallery.Named(token)
	if err != nil {
		return nil, err
	}
	// What does not fit a duration is out of bounds anyway.
	seconds := min(or(expiresIn, defaultShareLife), math.MaxInt32)
	s, err := i.Share(key, time.Duration(seconds)*time.Second, names, r.Now())
	if err != nil {
		return nil, err
	}
	if err := r.mayShare(ctx, v.Owner, i); err != nil {
		return nil, err
	}
	if err := r.Resolver.Shares.Add(ctx, s); err != nil {
		return nil, err
	}
	link := r.ShareURL + token
	out := shared(s, &i)
	out.URL = &link
	return out, nil
}

// mayShare refuses where the account is closed, and where the image has as many links as it may. Those that have ended are
// removed on the way: nobody sees them, and they would count until the table's TTL.
func (r *Resolver) mayShare(ctx context.Context, owner gallery.Owner, i gallery.Image) error {
	account, err := r.Users.Account(ctx, owner)
	if err != nil {
		return err
	}
	if err := account.Closed(); err != nil {
		return err
	}
	page, err := r.Shares.ListShares(ctx, owner, gallery.ShareListing{Image: i.ID, First: gallery.MaxShares})
	if err != nil {
		return err
	}
	working := 0
	for _, s := range page.Shares {
		if s.Works(i, r.Now()) {
			working++
		} else if _, err := r.Shares.Revoke(ctx, owner, s.ID); err != nil && !errors.Is(err, gallery.ErrNotFound) {
			return err
		}
	}
	if working == gallery.MaxShares {
		return &gallery.Error{
			Code: gallery.CodeConflict, Field: "id", Message: "This image has as many links as it may. Revoke one, or wait until one expires.",
		}
	}
	return nil
}

// RevokeShare is the field Mutation.revokeShare.
func (r mutationResolver) RevokeShare(ctx context.Context, id string) (*graph.Share, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	key, err := gallery.ParseShareID(id)
	if err != nil {
		return nil, err
	}
	s, err := r.Resolver.Shares.Revoke(ctx, v.Owner, key)
	if err != nil {
		return nil, err
	}
	i, err := r.Resolver.Images.Get(ctx, v.Owner, s.Image)
	if errors.Is(err, gallery.ErrNotFound) {
		return shared(s, nil), nil
	}
	return shared(s, &i), err
}

// Shares is the field Query.shares. Those that have ended are left out.
func (r queryResolver) Shares(ctx context.Context, image *string, first *int, after *string) (*graph.ShareConnection, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	l := gallery.ShareListing{First: or(first, gallery.DefaultPage), After: or(after, "")}
	if image != nil {
		if l.Image, err = gallery.ParseID(*image); err != nil {
			return nil, gallery.Invalid("image", "an image id is a UUID of version 7")
		}
	}
	if l, err = l.Checked(); err != nil {
		return nil, err
	}
	page, err := r.Resolver.Shares.ListShares(ctx, v.Owner, l)
	if err != nil {
		return nil, err
	}
	return r.working(ctx, v.Owner, page)
}

// working is a page of shares in Relay's form, without those that have ended.
func (r *Resolver) working(ctx context.Context, owner gallery.Owner, page gallery.SharePage) (*graph.ShareConnection, error) {
	var ids []gallery.ID
	seen := map[gallery.ID]bool{}
	for _, s := range page.Shares {
		if !seen[s.Image] {
			seen[s.Image] = true
			ids = append(ids, s.Image)
		}
	}
	images, err := r.Images.GetAll(ctx, owner, ids)
	if err != nil {
		return nil, err
	}
	c := &graph.ShareConnection{
		Edges: []graph.ShareEdge{}, PageInfo: &graph.PageInfo{HasNextPage: page.More, EndCursor: some(page.End)},
	}
	for n, s := range page.Shares {
		if i := images[s.Image]; s.Works(i, r.Now()) {
			c.Edges = append(c.Edges, graph.ShareEdge{Node: shared(s, &i), Cursor: page.Cursors[n]})
		}
	}
	return c, nil
}

// shared is a share as GraphQL tells of it, its link apart; the image is nil when it is gone.
func shared(s gallery.Share, i *gallery.Image) *graph.Share {
	out := &graph.Share{
		ID: string(s.ID), ImageID: string(s.Image), Image: i, Renditions: s.Renditions, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt,
	}
	if len(out.Renditions) == 0 {
		out.Renditions = []string{}
		if i != nil {
			for _, x := range s.Shows(*i) {
				out.Renditions = append(out.Renditions, x.Name)
			}
		}
	}
	return out
}
