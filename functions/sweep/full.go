package sweep

import (
	"context"
	"errors"
	"fmt"

	"github.com/darkroom/darkroom/gallery"
)

// Finding is something that does not add up.
type Finding struct {
	What   string // what it is about: a key, an image, an owner
	Wrong  string
	Mended string // what was done about it
}

// Store is both buckets, to be read completely and mended.
type Store interface {
	Objects
	// RenditionKeys lists what is stored of an image's renditions; RenditionKey is where one belongs.
	RenditionKeys(ctx context.Context, i gallery.Image) ([]string, error)
	RenditionKey(i gallery.Image, r gallery.Rendition) string
	// EachOriginal, EachRendition and EachUpload tell of all there are, page by page.
	EachOriginal(ctx context.Context, do func([]gallery.Object) error) error
	EachRendition(ctx context.Context, do func([]gallery.Object) error) error
	EachUpload(ctx context.Context, do func([]gallery.Object) error) error
}

// Records reads all images, tombstones too, and the accounts.
type Records interface {
	Each(ctx context.Context, do func([]gallery.Image) error) error
	Usage(ctx context.Context, owner gallery.Owner) (gallery.Usage, error)
}

// Comparison compares the buckets with the tables completely. It changes nothing unless told to mend; what it mends it does
// as the sweeper does, so it may run at any moment.
type Comparison struct {
	Handler
	Store   Store
	Records Records
	Mend    bool
	Report  func(Finding)
}

// Run answers how many images, and originals and renditions, it has looked at.
func (c Comparison) Run(ctx context.Context) (images, objects int, err error) {
	weights := map[gallery.Owner]gallery.Usage{}
	err = c.Records.Each(ctx, func(page []gallery.Image) error {
		images += len(page)
		for _, i := range page {
			weights[i.Owner] = weights[i.Owner].Plus(i.Weight())
			if err := c.image(ctx, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return images, objects, err
	}
	for _, each := range []func(context.Context, func([]gallery.Object) error) error{
		c.Store.EachOriginal, c.Store.EachRendition, c.Store.EachUpload,
	} {
		err := each(ctx, func(page []gallery.Object) error {
			objects += len(page)
			return c.strays(ctx, page)
		})
		if err != nil {
			return images, objects, err
		}
	}
	for owner, want := range weights {
		got, err := c.Records.Usage(ctx, owner)
		if err != nil {
			return images, objects, err
		}
		if got != want {
			c.Report(Finding{What: "account of " + string(owner), Wrong: fmt.Sprintf("it counts %+v, its images are %+v", got, want)})
		}
	}
	return images, objects, nil
}

// image compares one image with what is stored of it. One that somebody works on is left out.
func (c Comparison) image(ctx context.Context, i gallery.Image) error {
	now := c.Now()
	if i.Purged() || i.Leased(now) {
		return nil
	}
	if due := i.Due(); !due.IsZero() && now.Sub(due) > gallery.UploadGrace {
		c.Report(Finding{What: string(i.ID), Wrong: "it has been due since " + due.String() + ": does the sweeper run?"})
	}
	if !i.Status.Ended() || i.Deleted() {
		return nil
	}
	there, err := c.Store.HasOriginal(ctx, i)
	if err != nil {
		return err
	}
	if !there && !i.Empty() {
		c.Report(Finding{What: string(i.ID), Wrong: "its original is gone"})
	}
	if there && i.Empty() {
		return c.finding(string(i.ID), "its bytes are there, and nobody has heard of them", "requeued", func() error {
			return c.Queue.Requeue(ctx, i.Owner, i.ID)
		})
	}
	return c.renditions(ctx, i, there)
}

func (c Comparison) renditions(ctx context.Context, i gallery.Image, original bool) error {
	keys, err := c.Store.RenditionKeys(ctx, i)
	if err != nil {
		return err
	}
	stored := map[string]bool{}
	for _, key := range keys {
		stored[key] = true
	}
	missing := 0
	for _, r := range i.Renditions {
		if key := c.Store.RenditionKey(i, r); stored[key] {
			delete(stored, key)
		} else {
			missing++
		}
	}
	if missing > 0 && !original {
		c.Report(Finding{What: string(i.ID), Wrong: fmt.Sprintf("%d of its renditions are gone, and what they are made of", missing)})
		return nil
	}
	if missing > 0 {
		return c.finding(string(i.ID), fmt.Sprintf("%d of its renditions are gone", missing), "requeued", func() error {
			requested, err := i.Request(c.Now())
			if err != nil {
				return err
			}
			return c.requeue(ctx, requested)
		})
	}
	if len(stored) > 0 && i.Due().IsZero() {
		return c.finding(string(i.ID), fmt.Sprintf("%d renditions are stored that it does not name", len(stored)), "removed", func() error {
			_, err := c.tidy(ctx, i)
			return err
		})
	}
	return nil
}

// finding reports, and mends if told to.
func (c Comparison) finding(what, wrong, mended string, mend func() error) error {
	f := Finding{What: what, Wrong: wrong}
	if c.Mend {
		err := mend()
		switch {
		case errors.Is(err, gallery.ErrConflict), errors.Is(err, gallery.ErrLeased):
			return nil // somebody is at work on it: it is not as it was found
		case err != nil:
			return fmt.Errorf("mend %s: %w", what, err)
		}
		f.Mended = mended
	}
	c.Report(f)
	return nil
}

// strays finds the objects whose image is not there. What was stored a moment ago may belong to one that was made since.
func (c Comparison) strays(ctx context.Context, page []gallery.Object) error {
	for _, o := range page {
		if c.Now().Sub(o.Stored) < gallery.StrayGrace {
			continue
		}
		i, err := c.Images.Record(ctx, o.Owner, o.ID)
		known := err == nil && !i.Purged()
		if err != nil && !errors.Is(err, gallery.ErrNotFound) {
			return err
		}
		if known && (o.Upload == "" || o.Upload == i.UploadID) {
			continue
		}
		i.Owner, i.ID, i.UploadID, i.Renditions = o.Owner, o.ID, o.Upload, nil
		err = c.finding(o.Key, "no record knows it", "removed", func() error {
			switch {
			case o.Upload != "":
				return c.Store.AbandonParts(ctx, i)
			case known:
				return nil
			}
			if err := c.Store.DeleteOriginal(ctx, o.Owner, o.ID); err != nil {
				return err
			}
			return c.Store.Tidy(ctx, i)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
