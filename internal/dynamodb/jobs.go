package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// jobsOwner is whose rows in the users table name the jobs that run: one for each owner who has one. No user has this name.
const jobsOwner gallery.Owner = "jobs"

func jobKey(id gallery.ID) string { return "job#" + string(id) }

type jobRow struct {
	Owner    gallery.Owner       `dynamo:"owner,hash"`
	Key      string              `dynamo:"key,range"`
	State    gallery.JobState    `dynamo:"state"`
	Status   gallery.Status      `dynamo:"status,omitempty"`
	Failure  gallery.FailureCode `dynamo:"failure,omitempty"`
	From     time.Time           `dynamo:"uploadedFrom,omitempty"`
	To       time.Time           `dynamo:"uploadedUntil,omitempty"`
	Images   int64               `dynamo:"images"`
	Measured int64               `dynamo:"measured"`
	Took     int64               `dynamo:"took"` // milliseconds
	Asked    int64               `dynamo:"asked"`
	After    gallery.ID          `dynamo:"after,omitempty"`
	Until    gallery.ID          `dynamo:"until"`
	Version  int64               `dynamo:"version"`
	Created  time.Time           `dynamo:"createdAt"`
	Updated  time.Time           `dynamo:"updatedAt"`
	ID       gallery.ID          `dynamo:"id"`
}

type runningRow struct {
	Owner gallery.Owner `dynamo:"owner,hash"` // jobsOwner
	Key   gallery.Owner `dynamo:"key,range"`
	Job   gallery.ID    `dynamo:"job"`
}

// Jobs keeps what was asked of many images at once. An owner has one that runs at most.
type Jobs struct {
	DB     *dynamo.DB
	Tables Tables
}

// Start stores a new job; gallery.ErrConflict when the owner has one that runs.
func (s Jobs) Start(ctx context.Context, j gallery.Job) error {
	t := s.table()
	err := s.DB.WriteTx().Put(t.Put(jobRowOf(j)).If("attribute_not_exists('key')")).
		Put(t.Put(runningRow{Owner: jobsOwner, Key: j.Owner, Job: j.ID}).If("attribute_not_exists('key')")).Run(ctx)
	return jobError(j, err)
}

// SaveJob stores a job that was read at the version before its own, or answers gallery.ErrConflict. One that has ended runs
// no longer.
func (s Jobs) SaveJob(ctx context.Context, j gallery.Job) error {
	t := s.table()
	tx := s.DB.WriteTx().Put(t.Put(jobRowOf(j)).If("'version' = ?", j.Version-1))
	if j.State != gallery.JobRunning {
		tx.Delete(t.Delete("owner", jobsOwner).Range("key", j.Owner).If("'job' = ?", j.ID))
	}
	return jobError(j, patiently(ctx, func() error { return tx.Run(ctx) }))
}

func jobError(j gallery.Job, err error) error {
	if dynamo.IsCondCheckFailed(err) {
		return gallery.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("store job %s: %w", j.ID, err)
	}
	return nil
}

// Job reads one; gallery.ErrNotFound when the owner has none of that id.
func (s Jobs) Job(ctx context.Context, owner gallery.Owner, id gallery.ID) (gallery.Job, error) {
	var r jobRow
	err := s.table().Get("owner", owner).Range("key", dynamo.Equal, jobKey(id)).Consistent(true).One(ctx, &r)
	if errors.Is(err, dynamo.ErrNotFound) {
		return gallery.Job{}, gallery.ErrNotFound
	}
	if err != nil {
		return gallery.Job{}, fmt.Errorf("get job %s: %w", id, err)
	}
	return r.job(), nil
}

// Running lists the jobs that run, at most limit.
func (s Jobs) Running(ctx context.Context, limit int) ([]gallery.Job, error) {
	var rows []runningRow
	err := s.table().Get("owner", jobsOwner).Consistent(true).Limit(limit).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	var jobs []gallery.Job
	for _, r := range rows {
		j, err := s.Job(ctx, r.Key, r.Job)
		if errors.Is(err, gallery.ErrNotFound) { // its owner is being removed
			continue
		}
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// After reads an owner's images in the order of their ids, those after one and not after another: at most limit.
func (s Jobs) After(ctx context.Context, owner gallery.Owner, after, until gallery.ID, limit int) ([]gallery.Image, error) {
	var rows []record
	err := s.DB.Table(s.Tables.Images).Get("owner", owner).Range("id", dynamo.Between, string(after)+"!", string(until)).
		Consistent(true).Limit(limit).All(ctx, &rows)
	if err != nil && !errors.Is(err, dynamo.ErrNotFound) {
		return nil, fmt.Errorf("read images of %s after %s: %w", owner, after, err)
	}
	images := make([]gallery.Image, len(rows))
	for n, r := range rows {
		images[n] = r.image()
	}
	return images, nil
}

func (s Jobs) table() dynamo.Table { return s.DB.Table(s.Tables.Users) }

func jobRowOf(j gallery.Job) jobRow {
	return jobRow{
		Owner: j.Owner, Key: jobKey(j.ID), ID: j.ID, State: j.State, Status: j.Filter.Status, Failure: j.Filter.Failure,
		From: j.Filter.UploadedFrom, To: j.Filter.UploadedUntil, Images: j.Survey.Images, Measured: j.Survey.Measured,
		Took: j.Survey.Took.Milliseconds(), Asked: j.Asked, After: j.After, Until: j.Until, Version: j.Version,
		Created: j.CreatedAt, Updated: j.UpdatedAt,
	}
}

func (r jobRow) job() gallery.Job {
	return gallery.Job{
		Owner: r.Owner, ID: r.ID, State: r.State, Asked: r.Asked, After: r.After, Until: r.Until, Version: r.Version,
		Filter:    gallery.Filter{Status: r.Status, Failure: r.Failure, UploadedFrom: r.From, UploadedUntil: r.To},
		Survey:    gallery.Survey{Images: r.Images, Measured: r.Measured, Took: time.Duration(r.Took) * time.Millisecond},
		CreatedAt: r.Created, UpdatedAt: r.Updated,
	}
}

// Survey counts the owner's images that a filter takes.
func (s Jobs) Survey(ctx context.Context, owner gallery.Owner, f gallery.Filter) (gallery.Survey, error) {
	var survey gallery.Survey
	rows := s.DB.Table(s.Tables.Images).Get("owner", owner).
		Project("'id'", "'status'", "failure", "createdAt", "deletedAt", "took").Iter()
	for {
		var r record
		if !rows.Next(ctx, &r) {
			break
		}
		if i := r.image(); f.Takes(i) {
			survey = survey.Add(i)
		}
	}
	if err := rows.Err(); err != nil {
		return survey, fmt.Errorf("count images of %s: %w", owner, err)
	}
	return survey, nil
}
