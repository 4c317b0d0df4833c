package client

import (
	"context"
	"fmt"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// Job is images being processed again, as the API shows it.
type Job struct {
	ID                   gallery.ID
	State                gallery.JobState
	Images, Asked        int64
	Seconds, Cost        float64 // of compute, and what it costs in US dollars
	CreatedAt, UpdatedAt time.Time
}

// Reprocess has images processed again, or with dryRun says what that would mean.
func (c *Client) Reprocess(ctx context.Context, f gallery.Filter, dryRun bool) (Job, error) {
	type filter struct {
		Status        gallery.Status      `json:"status,omitempty"`
		Failure       gallery.FailureCode `json:"failure,omitempty"`
		UploadedFrom  *time.Time          `json:"uploadedFrom,omitempty"`
		UploadedUntil *time.Time          `json:"uploadedUntil,omitempty"`
	}
	variables := struct {
		Filter filter `json:"filter"`
		DryRun bool   `json:"dryRun"`
	}{filter{f.Status, f.Failure, moment(f.UploadedFrom), moment(f.UploadedUntil)}, dryRun}
	var data struct{ ReprocessImages Job }
	if err := c.ask(ctx, reprocessMutation, variables, &data); err != nil {
		return Job{}, fmt.Errorf("process images again: %w", err)
	}
	return data.ReprocessImages, nil
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Job answers how far one has come.
func (c *Client) Job(ctx context.Context, id gallery.ID) (Job, error) {
	var data struct{ Reprocess Job }
	if err := c.ask(ctx, jobQuery, byID{id}, &data); err != nil {
		return Job{}, fmt.Errorf("job %s: %w", id, err)
	}
	return data.Reprocess, nil
}

// CancelJob ends one.
func (c *Client) CancelJob(ctx context.Context, id gallery.ID) (Job, error) {
	var data struct{ CancelReprocess Job }
	if err := c.ask(ctx, cancelJobMutation, byID{id}, &data); err != nil {
		return Job{}, fmt.Errorf("cancel job %s: %w", id, err)
	}
	return data.CancelReprocess, nil
}
