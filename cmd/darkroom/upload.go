package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/internal/client"
)

// maxParallel bounds --parallel: each one reads a file and holds a connection.
const maxParallel = 64

// uploading is what `darkroom upload` was asked for.
type uploading struct {
	access
	parallel int
	urls     bool
	hashes   string
}

func newUploadCommand(at console) *cobra.Command {
	var u uploading
	cmd := &cobra.Command{
		Use:   "upload PHOTO|FOLDER…",
		Short: "Upload photos straight to S3 and wait until they are developed",
		Long: `Upload photos straight to S3 and wait until they are developed.

A folder, or many files, are uploaded as a collection: those that are there already are skipped, and a run that was
interrupted is resumed by starting it again. The exit status is 0 when all are there, 1 when some failed, 130 after Ctrl-C.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, paths []string) error { return u.run(cmd.Context(), at, paths) },
	}
	u.register(cmd)
	cmd.Flags().IntVar(&u.parallel, "parallel", 4, "how many to send at the same time")
	cmd.Flags().StringVar(&u.hashes, "hashes", hashesFile(), "file that remembers the hashes of a collection's files; empty: none")
	cmd.Flags().BoolVar(&u.urls, "urls", false, "print whole URLs, also on a terminal that has links")
	return cmd
}

func (u uploading) run(ctx context.Context, at console, paths []string) error {
	if u.parallel < 1 || u.parallel > maxParallel {
		return fmt.Errorf("--parallel is 1 to %d, not %d", maxParallel, u.parallel)
	}
	config, err := u.identity(ctx, at)
	if err != nil {
		return err
	}
	if many(paths) {
		return u.collection(ctx, at, config, paths)
	}
	return u.few(ctx, at, config, paths)
}

// few uploads files and tells of each at length.
func (u uploading) few(ctx context.Context, at console, config client.Config, paths []string) error {
	show := newProgress(at)
	defer show.close()
	patience := newPatience(at.now, show.trouble)
	c, err := signInPatiently(ctx, patience, config)
	if err != nil {
		return err
	}
	defer c.Close()
	failed, err := newBatch(c, patience, show, at, u).run(ctx, paths)
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d failed", failed, len(paths))
	}
	return nil
}

// collection uploads many files, and ends with a table of what became of them.
func (u uploading) collection(ctx context.Context, at console, config client.Config, paths []string) error {
	known := openHashes(u.hashes)
	defer known.close()
	show := newOverview(newProgress(at))
	patience := newPatience(at.now, show.trouble)
	c, err := signInPatiently(ctx, patience, config)
	if err != nil {
		show.end()
		return err
	}
	defer c.Close()
	err = newCollection(c, patience, known, show, u).run(ctx, paths)
	failed, table := show.end()
	fmt.Fprint(at.out, table)
	if err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d failed", failed)
	}
	return nil
}

// hashesFile is in the user's folder for such things, where there is one.
func hashesFile() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "darkroom", "hashes")
}
