package resolvers

import (
	"context"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
)

// Me is the field Query.me.
func (r queryResolver) Me(ctx context.Context) (*graph.Me, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	return r.me(ctx, v)
}

func (r *Resolver) me(ctx context.Context, v gallery.Viewer) (*graph.Me, error) {
	a, err := r.Users.Account(ctx, v.Owner)
	if err != nil {
		return nil, err
	}
	return &graph.Me{
		ID: string(a.Owner), Usage: usage(a.Usage), Quota: quota(a.Quota), Groups: append([]string{}, v.Groups...),
		SuspendedAt: some(a.SuspendedAt), Deletion: deletion(a),
	}, nil
}

// DeleteAccount is the field Mutation.deleteAccount. The sweeper removes what there is.
func (r mutationResolver) DeleteAccount(ctx context.Context, confirm string) (*graph.AccountDeletion, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	if gallery.Owner(confirm) != v.Owner {
		return nil, gallery.Invalid("confirm", "to delete your account for good, confirm by your id, as `me` tells it")
	}
	if err := r.Deletions.Begin(ctx, v.Owner, gallery.Time(r.Now())); err != nil {
		return nil, err
	}
	a, err := r.Users.Account(ctx, v.Owner)
	if err != nil {
		return nil, err
	}
	return deletion(a), nil
}

// ExportAccount is the field Query.exportAccount. Its cursor is the id of the last image looked at.
func (r queryResolver) ExportAccount(ctx context.Context, first *int, after *string) (*graph.AccountExport, error) {
	v, err := gallery.ViewerFrom(ctx)
	if err != nil {
		return nil, err
	}
	n, from := or(first, exportPage), gallery.ID("")
	if n < 1 || n > gallery.MaxPage {
		return nil, gallery.Invalid("first", "a page has 1 to %d images", gallery.MaxPage)
	}
	if after != nil && *after != "" {
		if from, err = gallery.ParseID(*after); err != nil {
			return nil, gallery.Invalid("after", "this is not a cursor of an export")
		}
	}
	account, err := r.me(ctx, v)
	if err != nil {
		return nil, err
	}
	images, err := r.Exporter.After(ctx, v.Owner, from, youngest, n)
	if err != nil {
		return nil, err
	}
	out := &graph.AccountExport{Account: account, Images: []gallery.Image{}, PageInfo: &graph.PageInfo{HasNextPage: len(images) == n}}
	for _, i := range images {
		out.PageInfo.EndCursor = some(string(i.ID))
		if !i.Purged() {
			out.Images = append(out.Images, i)
		}
	}
	return out, nil
}

const (
	exportPage = 50
	youngest   = gallery.ID("g") // comes after every id
)

func usage(u gallery.Usage) *graph.Usage {
	return &graph.Usage{Images: int(u.Images), Bytes: float64(u.Bytes), InFlight: int(u.InFlight)}
}

func quota(q gallery.Quota) *graph.Quota {
	return &graph.Quota{Images: int(q.Images), Bytes: float64(q.Bytes), InFlight: int(q.InFlight)}
}

func deletion(a gallery.Account) *graph.AccountDeletion {
	if a.DeletingAt.IsZero() {
		return nil
	}
	return &graph.AccountDeletion{StartedAt: a.DeletingAt, Images: int(a.Usage.Images), ErasedAt: some(a.ErasedAt)}
}
