package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

// maxParallel bounds --parallel: each one reads a file and holds a connection.
const maxParallel = 64

// uploading is what `darkroom upload` was asked for.
type uploading struct {
	access
	parallel int
	urls     bool
}

func newUploadCommand(at console) *cobra.Command {
	var u uploading
	cmd := &cobra.Command{
		Use:   "upload PHOTO…",
		Short: "Upload photos straight to S3 and wait until they are developed",
		Args:  cobra.MinimumNArgs(1),
		RunE:  func(cmd *cobra.Command, paths []string) error { return u.run(cmd.Context(), at, paths) },
	}
	u.register(cmd)
	cmd.Flags().IntVar(&u.parallel, "parallel", 4, "how many to send at the same time")
	cmd.Flags().BoolVar(&u.urls, "urls", false, "print whole URLs, also on a terminal that has links")
	return cmd
}

func (u uploading) run(ctx context.Context, at console, paths []string) error {
	if u.parallel < 1 || u.parallel > maxParallel {
		return fmt.Errorf("--parallel is 1 to %d, not %d", maxParallel, u.parallel)
	}
	c, err := u.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	show := newProgress(at)
	defer show.close()
	failed, err := newBatch(c, show, at, u).run(ctx, paths)
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d failed", failed, len(paths))
	}
	return nil
}
