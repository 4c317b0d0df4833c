package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

// jobPoll is how often a job is looked at that is being watched.
const jobPoll = time.Second

// reprocessing is what `darkroom reprocess` was asked for.
type reprocessing struct {
	access
	status, failure, watch, cancel string
	yes                            bool
}

func newReprocessCommand(at console) *cobra.Command {
	var r reprocessing
	cmd := &cobra.Command{
		Use:   "reprocess [ID…]",
		Short: "Tell what it costs to develop your images again, or with --yes do it; try again those named, which failed",
		Args: func(cmd *cobra.Command, ids []string) error {
			if len(ids) > 0 && (r.status+r.failure+r.watch+r.cancel != "" || r.yes) {
				return errors.New("name images, or say which by flags, not both")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, ids []string) error { return r.run(cmd.Context(), at, ids) },
	}
	r.register(cmd)
	cmd.Flags().StringVar(&r.status, "status", "", "only those that are ready or failed")
	cmd.Flags().StringVar(&r.failure, "failure", "", "only those that failed with this code, such as CORRUPT")
	cmd.Flags().BoolVar(&r.yes, "yes", false, "begin, and watch until it is done; Ctrl-C ends the watching, not the job")
	cmd.Flags().StringVar(&r.watch, "watch", "", "watch the job of this `id`")
	cmd.Flags().StringVar(&r.cancel, "cancel", "", "end the job of this `id`")
	cmd.MarkFlagsMutuallyExclusive("yes", "watch", "cancel")
	return cmd
}

func (r reprocessing) run(ctx context.Context, at console, ids []string) error {
	c, err := r.signIn(ctx, at, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	switch {
	case len(ids) > 0:
		return tryAgain(ctx, at, c, ids)
	case r.cancel != "":
		j, err := job(ctx, c.CancelJob, r.cancel)
		if err == nil {
			fmt.Fprintln(at.out, jobLine(j))
		}
		return err
	case r.watch != "":
		j, err := job(ctx, c.Job, r.watch)
		if err != nil {
			return err
		}
		return watchJob(ctx, at, c, j)
	}
	f := gallery.Filter{Status: gallery.Status(strings.ToUpper(r.status)), Failure: gallery.FailureCode(strings.ToUpper(r.failure))}
	j, err := c.Reprocess(ctx, f, !r.yes)
	if err != nil {
		return err
	}
	fmt.Fprintf(at.out, "%d images, %.0f s of compute, about $%.4f\n", j.Images, j.Seconds, j.Cost)
	if !r.yes {
		return nil
	}
	return watchJob(ctx, at, c, j)
}

// tryAgain does what it can: an image that cannot be tried again does not keep the others.
func tryAgain(ctx context.Context, at console, c *client.Client, ids []string) error {
	var failed []error
	for _, id := range ids {
		i, err := one(ctx, c.RetryImage, id)
		if err == nil && i.Status == gallery.Failed {
			err = fmt.Errorf("it failed just now: wait %.0f seconds", gallery.RetryPause.Seconds())
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", printable(id), err))
			continue
		}
		fmt.Fprintf(at.out, "%s  %s  %s\n", printable(id), strings.ToLower(printable(string(i.Status))), printable(i.Filename))
	}
	return errors.Join(failed...)
}

func job(ctx context.Context, do func(context.Context, gallery.ID) (client.Job, error), id string) (client.Job, error) {
	parsed, err := gallery.ParseID(id)
	if err != nil {
		return client.Job{}, err
	}
	return do(ctx, parsed)
}

// watchJob prints how a job advances, until it has ended. That it cannot be looked at for a while is no reason to stop.
func watchJob(ctx context.Context, at console, c *client.Client, j client.Job) error {
	last := ""
	for {
		if line := jobLine(j); line != last {
			fmt.Fprintln(at.out, line)
			last = line
		}
		if j.State != gallery.JobRunning {
			return nil
		}
		select {
		case <-time.After(jobPoll):
		case <-ctx.Done():
			return ctx.Err()
		}
		next, err := c.Job(ctx, j.ID)
		if err == nil {
			j = next
		} else if errors.Is(err, gallery.ErrNotFound) || ctx.Err() != nil {
			return err
		}
	}
}

func jobLine(j client.Job) string {
	return fmt.Sprintf("%s  %s  %d of %d asked for", printable(string(j.ID)), strings.ToLower(printable(string(j.State))), j.Asked, j.Images)
}
