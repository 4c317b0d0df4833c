package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// removing is what `darkroom rm` was asked for.
type removing struct {
	access
	purge, restore bool
}

func newRemoveCommand(at console) *cobra.Command {
	var r removing
	cmd := &cobra.Command{
		Use:   "rm ID…",
		Short: "Put images into the trash, where they stay for 30 days",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(cmd *cobra.Command, ids []string) error { return r.run(cmd.Context(), at, ids) },
	}
	r.register(cmd)
	cmd.Flags().BoolVar(&r.purge, "purge", false, "remove them for good, within minutes")
	cmd.Flags().BoolVar(&r.restore, "restore", false, "take them out of the trash instead")
	cmd.MarkFlagsMutuallyExclusive("purge", "restore")
	return cmd
}

// run does what it can: an image that cannot be removed does not keep the others.
func (r removing) run(ctx context.Context, at console, ids []string) error {
	c, err := r.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	do, done := c.DeleteImage, "in the trash"
	switch {
	case r.purge:
		do, done = c.PurgeImage, "being purged"
	case r.restore:
		do, done = c.RestoreImage, "restored"
	}
	var failed []error
	for _, id := range ids {
		i, err := one(ctx, do, id)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", printable(id), err))
			continue
		}
		fmt.Fprintf(at.out, "%s  %s  %s\n", printable(id), done, printable(i.Filename))
	}
	return errors.Join(failed...)
}

func one(ctx context.Context, do func(context.Context, gallery.ID) (client.Image, error), id string) (client.Image, error) {
	parsed, err := gallery.ParseID(id)
	if err != nil {
		return client.Image{}, err
	}
	return do(ctx, parsed)
}
