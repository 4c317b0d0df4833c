package client

import (
	"context"
	"fmt"

	"github.com/darkroom/darkroom/gallery"
)

// byID are the variables of every operation on one image.
type byID struct {
	ID gallery.ID `json:"id"`
}

// Image answers one image, also out of the trash; gallery.ErrNotFound when the user has none of that id.
func (c *Client) Image(ctx context.Context, id gallery.ID) (Image, error) {
	var data struct{ Image Image }
	if err := c.ask(ctx, imageQuery, byID{id}, &data); err != nil {
		return Image{}, fmt.Errorf("image %s: %w", id, err)
	}
	if data.Image.ID == "" {
		return Image{}, fmt.Errorf("image %s: %w", id, gallery.ErrNotFound)
	}
	return data.Image, nil
}

// Images answers a page of images outside the trash or, in the order gallery.TrashedAt, of the trash. A page can be short, or
// empty, and still have a next one.
func (c *Client) Images(ctx context.Context, l gallery.Listing) (Page, error) {
	l, err := l.Checked()
	if err != nil {
		return Page{}, err
	}
	variables := struct {
		First  int            `json:"first"`
		After  string         `json:"after,omitempty"`
		Order  gallery.Order  `json:"order,omitempty"`
		Status gallery.Status `json:"status,omitempty"`
	}{l.First, l.After, l.Order, l.Status}
	query := imagesQuery
	if l.Order == gallery.TrashedAt {
		query, variables.Order = trashQuery, ""
	}
	var data struct{ Images, Trash connection }
	if err := c.ask(ctx, query, variables, &data); err != nil {
		return Page{}, fmt.Errorf("list images: %w", err)
	}
	got := data.Images
	if l.Order == gallery.TrashedAt {
		got = data.Trash
	}
	page := Page{End: got.PageInfo.EndCursor, More: got.PageInfo.HasNextPage}
	for _, edge := range got.Edges {
		page.Images = append(page.Images, edge.Node)
	}
	return page, nil
}

// connection is a page as the API writes it.
type connection struct {
	Edges    []struct{ Node Image }
	PageInfo struct {
		HasNextPage bool
		EndCursor   string
	}
}

// Me answers the signed-in user's account.
func (c *Client) Me(ctx context.Context) (gallery.Account, error) {
	type amount struct {
		Images   int64
		Bytes    float64 // a Float in the schema, so it may come as 1e+12
		InFlight int64
	}
	var data struct {
		Me struct {
			ID           gallery.Owner
			Usage, Quota amount
		}
	}
	if err := c.ask(ctx, meQuery, nil, &data); err != nil {
		return gallery.Account{}, fmt.Errorf("account: %w", err)
	}
	return gallery.Account{
		Owner: data.Me.ID,
		Usage: gallery.Usage{Images: data.Me.Usage.Images, Bytes: int64(data.Me.Usage.Bytes), InFlight: data.Me.Usage.InFlight},
		Quota: gallery.Quota{Images: data.Me.Quota.Images, Bytes: int64(data.Me.Quota.Bytes), InFlight: data.Me.Quota.InFlight},
	}, nil
}

// CreateUpload announces a picture. Asking twice for the same bytes gives the same image.
func (c *Client) CreateUpload(ctx context.Context, u gallery.Upload) (Ticket, error) {
	u, err := u.Checked()
	if err != nil {
		return Ticket{}, err
	}
	var data struct{ CreateUpload welcome }
	if err := c.ask(ctx, createUploadMutation, announcementOf(u), &data); err != nil {
		return Ticket{}, fmt.Errorf("announce %q: %w", u.Filename, err)
	}
	return data.CreateUpload.ticket(u)
}

// DeleteImage puts an image into the trash.
func (c *Client) DeleteImage(ctx context.Context, id gallery.ID) (Image, error) {
	var data struct{ DeleteImage Image }
	if err := c.ask(ctx, deleteMutation, byID{id}, &data); err != nil {
		return Image{}, fmt.Errorf("delete image %s: %w", id, err)
	}
	return data.DeleteImage, nil
}

// PurgeImage removes an image for good.
func (c *Client) PurgeImage(ctx context.Context, id gallery.ID) (Image, error) {
	var data struct{ PurgeImage Image }
	if err := c.ask(ctx, purgeMutation, byID{id}, &data); err != nil {
		return Image{}, fmt.Errorf("purge image %s: %w", id, err)
	}
	return data.PurgeImage, nil
}

// RestoreImage takes an image out of the trash.
func (c *Client) RestoreImage(ctx context.Context, id gallery.ID) (Image, error) {
	var data struct{ RestoreImage Image }
	if err := c.ask(ctx, restoreMutation, byID{id}, &data); err != nil {
		return Image{}, fmt.Errorf("restore image %s: %w", id, err)
	}
	return data.RestoreImage, nil
}

// RetryImage has an image that failed developed again. One that has not failed, or only a moment ago, is answered as it is.
func (c *Client) RetryImage(ctx context.Context, id gallery.ID) (Image, error) {
	var data struct{ RetryImage Image }
	if err := c.ask(ctx, retryMutation, byID{id}, &data); err != nil {
		return Image{}, fmt.Errorf("try image %s again: %w", id, err)
	}
	return data.RetryImage, nil
}

// Changes answers the user's events after the one numbered after, at most first (1 to 100) of them.
func (c *Client) Changes(ctx context.Context, after int64, first int) (gallery.Changes, error) {
	variables := struct {
		After int64 `json:"after"`
		First int   `json:"first"`
	}{after, first}
	var data struct{ Changes gallery.Changes }
	if err := c.ask(ctx, changesQuery, variables, &data); err != nil {
		return gallery.Changes{}, fmt.Errorf("changes after %d: %w", after, err)
	}
	return data.Changes, nil
}

// Head answers the number of the last event so far.
func (c *Client) Head(ctx context.Context) (int64, error) {
	changes, err := c.Changes(ctx, 0, 1)
	return changes.Head, err
}
