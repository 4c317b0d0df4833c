package dynamodb

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

// record is an image as its item. Times are RFC 3339 strings; absent attributes are zero values.
type record struct {
	Owner gallery.Owner `dynamo:"owner,hash"`
	ID    gallery.ID    `dynamo:"id,range"`

	Filename    string              `dynamo:"filename,omitempty"`
	ContentType string              `dynamo:"contentType,omitempty"`
	Bytes       int64               `dynamo:"bytes,omitempty"`
	SHA256      string              `dynamo:"sha256,omitempty"`
	Status      gallery.Status      `dynamo:"status"`
	Stage       gallery.Stage       `dynamo:"stage,omitempty"`
	Failure     gallery.FailureCode `dynamo:"failure,omitempty"`
	Version     int64               `dynamo:"version"`
	CreatedAt   time.Time           `dynamo:"createdAt"`
	UpdatedAt   time.Time           `dynamo:"updatedAt"`
	DeletedAt   sorted              `dynamo:"deletedAt,omitempty"` // a key of the index of the trash
	PurgeAt     time.Time           `dynamo:"purgeAt,omitempty"`
	Purging     bool                `dynamo:"purging,omitempty"`
	PurgedAt    time.Time           `dynamo:"purgedAt,omitempty"`
	Expires     int64               `dynamo:"expires,omitempty"` // Unix seconds: the table's TTL, on tombstones
	Unshared    int64               `dynamo:"unshared,omitempty"`
	UploadID    string              `dynamo:"uploadId,omitempty"`
	Untidy      bool                `dynamo:"untidy,omitempty"`
	Took        int64               `dynamo:"took,omitempty"` // milliseconds
	Attempt     int                 `dynamo:"attempt,omitempty"`
	LeaseUntil  time.Time           `dynamo:"leaseUntil,omitempty"`
	DeadlineAt  time.Time           `dynamo:"deadlineAt,omitempty"`
	Facts       facts               `dynamo:"facts,omitempty"`
	Hash        string              `dynamo:"hash64,omitempty"` // of its looks; the index by capture time carries it
	Renditions  renditions          `dynamo:"renditions,omitempty"`

	// The keys of the sparse indexes: absent, the image is not in them.
	Taken    string `dynamo:"taken,omitempty"`
	Open     string `dynamo:"open,omitempty"`
	Deadline string `dynamo:"deadline,omitempty"`
}

// sorted is a time that is written so that its strings sort as the times do. What was written before there was an index
// has no zeros at the end, and so is in its place to the second.
type sorted struct{ time.Time }

// MarshalText writes milliseconds, always.
func (t sorted) MarshalText() ([]byte, error) { return []byte(sortable(t.Time)), nil }

// sortable writes a time so that its strings sort as the times do.
func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func recordOf(i gallery.Image) record {
	r := record{
		Owner: i.Owner, ID: i.ID, Filename: i.Filename, ContentType: i.ContentType, Bytes: i.Bytes, SHA256: i.SHA256,
		Status: i.Status, Stage: i.Stage, Failure: i.Failure, Version: i.Version,
		CreatedAt: i.CreatedAt, UpdatedAt: i.UpdatedAt, DeletedAt: sorted{i.DeletedAt}, PurgeAt: i.PurgeAt,
		Purging: i.Purging, PurgedAt: i.PurgedAt, Unshared: i.Unshared, UploadID: i.UploadID, Untidy: i.Untidy, Took: i.Took.Milliseconds(),
		Attempt: i.Attempt, LeaseUntil: i.LeaseUntil, DeadlineAt: i.Deadline, Facts: facts(i.Facts), Hash: i.Facts.Looks.Hash,
		Renditions: i.Renditions,
	}
	if i.Purged() {
		r.Expires = i.PurgedAt.Add(gallery.TombLife).Unix()
	}
	r.Taken, r.Open, r.Deadline = indexKeys(i)
	return r
}

// openKeys is over how many keys the index of what is due is spread.
const openKeys = 16

func openKey(n uint32) string { return fmt.Sprintf("open#%d", n%openKeys) }

// indexKeys are the keys by which the indexes find an image. The trash is not listed by capture time, and what is owed
// nothing is not among what is due.
func indexKeys(i gallery.Image) (taken, open, deadline string) {
	if !i.Deleted() {
		taken = sortable(i.Taken()) + "#" + string(i.ID)
	}
	due := i.Due()
	if due.IsZero() {
		return taken, "", ""
	}
	h := fnv.New32a()
	h.Write([]byte(i.ID))
	return taken, openKey(h.Sum32()), sortable(due) + "#" + string(i.ID)
}

func (r record) image() gallery.Image {
	i := gallery.Image{
		Owner: r.Owner, ID: r.ID, Filename: r.Filename, ContentType: r.ContentType, Bytes: r.Bytes, SHA256: r.SHA256,
		Status: r.Status, Stage: r.Stage, Failure: r.Failure, Version: r.Version,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, DeletedAt: r.DeletedAt.Time, PurgeAt: r.PurgeAt,
		Purging: r.Purging, PurgedAt: r.PurgedAt, Unshared: r.Unshared, UploadID: r.UploadID, Untidy: r.Untidy, Took: time.Duration(r.Took) * time.Millisecond,
		Attempt: r.Attempt, LeaseUntil: r.LeaseUntil, Deadline: r.DeadlineAt, Facts: gallery.Facts(r.Facts),
		Renditions: r.Renditions,
	}
	return i
}
