package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// maxListed bounds what one listing holds.
const maxListed = 10_000

// listing is what `darkroom ls` was asked for.
type listing struct {
	access
	order, status string
	first         int
	json, trash   bool
}

func newListCommand(at console) *cobra.Command {
	var l listing
	cmd := &cobra.Command{
		Use:   "ls",
		Short: "List your images, the newest first",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return l.run(cmd.Context(), at) },
	}
	l.register(cmd)
	cmd.Flags().StringVar(&l.order, "order", "uploaded", "sort by the time they were `uploaded` or taken")
	cmd.Flags().StringVar(&l.status, "status", "", "only those that are pending, processing, ready or failed")
	cmd.Flags().IntVar(&l.first, "first", gallery.DefaultPage, "how many")
	cmd.Flags().BoolVar(&l.trash, "trash", false, "those in the trash, the last deleted first")
	cmd.MarkFlagsMutuallyExclusive("trash", "order")
	cmd.MarkFlagsMutuallyExclusive("trash", "status")
	cmd.Flags().BoolVar(&l.json, "json", false, "print each image as the API answers it, a line each")
	return cmd
}

func (l listing) run(ctx context.Context, at console) error {
	query, err := l.query()
	if err != nil {
		return err
	}
	c, err := l.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	images, more, err := collect(ctx, c, query, l.first)
	if err != nil {
		return err
	}
	if l.json {
		return printJSON(at.out, images)
	}
	writeTable(at.out, at.palette(), images)
	if isTerminal(at.out) {
		fmt.Fprintln(at.out, at.palette().dim(l.footer(images, more)))
	}
	return nil
}

func (l listing) query() (gallery.Listing, error) {
	q := gallery.Listing{Status: gallery.Status(strings.ToUpper(l.status))}
	switch strings.ToLower(l.order) {
	case "uploaded":
		q.Order = gallery.Uploaded
	case "taken":
		q.Order = gallery.TakenAt
	default:
		return q, fmt.Errorf("--order is taken or uploaded, not %q", l.order)
	}
	if l.trash {
		q.Order = gallery.TrashedAt
	}
	if q.Status != "" && !q.Status.Valid() {
		return q, fmt.Errorf("--status is pending, processing, ready or failed, not %q", l.status)
	}
	if l.first < 1 || l.first > maxListed {
		return q, fmt.Errorf("--first is 1 to %d, not %d", maxListed, l.first)
	}
	return q, nil
}

// collect pages until it has as many images as wanted, and tells whether there are more.
func collect(ctx context.Context, c *client.Client, q gallery.Listing, wanted int) ([]client.Image, bool, error) {
	var images []client.Image
	for {
		q.First = min(wanted-len(images), gallery.MaxPage)
		page, err := c.Images(ctx, q)
		if err != nil {
			return nil, false, err
		}
		images = append(images, page.Images...)
		if !page.More || len(images) >= wanted || page.End == q.After {
			return images, page.More, nil
		}
		q.After = page.End
	}
}

func printJSON(w io.Writer, images []client.Image) error {
	for _, image := range images {
		line, err := printableJSON(image.JSON)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

func (l listing) footer(images []client.Image, more bool) string {
	var bytes int64
	for _, image := range images {
		bytes += image.Bytes
	}
	count := fmt.Sprintf("%d images, %s", len(images), size(bytes))
	if len(images) == 1 {
		count = "1 image, " + size(bytes)
	}
	switch {
	case len(images) == 0 && l.trash:
		return "The trash is empty."
	case len(images) == 0:
		return "No images. Upload some: darkroom upload PHOTO…"
	case more:
		return fmt.Sprintf("%s; there are more: --first %d", count, min(maxListed, 4*len(images)))
	}
	return count
}
