package gallery

import "time"

// Image is the record of one uploaded picture. The methods in lifecycle.go return the record as it is after a change, with
// the next version; storing that is conditional on the version before, so of two writers one learns that it came second.
type Image struct {
	Owner Owner
	ID    ID

	Filename    string // as the client named it; shown back, never used as a path
	ContentType string // as the client announced it
	Bytes       int64
	SHA256      string // of the original, lower-case hex

	Status  Status
	Stage   Stage
	Failure FailureCode
	Version int64 // 1 at creation, one more with every change

	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt time.Time // zero unless in the trash
	PurgeAt   time.Time // when the trash is emptied of it
	Purging   bool      // its objects are being removed: nothing brings it back
	PurgedAt  time.Time // set on a tombstone, which is all that is left then

	Unshared int64 // the version that deleted it last: shares of one before that have ended, whatever became of the image since

	Attempt    int       // claims so far, those apart that were given back
	LeaseUntil time.Time // the current claim or hold is exclusive until then
	Deadline   time.Time // somebody must look at it by then; zero when nothing is owed
	UploadID   string    // of the multipart upload that its bytes come by, if they do
	Untidy     bool      // renditions may be stored that it does not name, of before or of a worker who died

	Facts      Facts
	Renditions []Rendition
	Took       time.Duration // of the last development that succeeded

	// Change is what the last change does to the owner's account: it is stored with it, or neither is.
	Change Usage
}

// New makes a PENDING image of an accepted upload.
func New(owner Owner, id ID, u Upload, now time.Time) Image {
	now = Time(now)
	i := Image{
		Owner: owner, ID: id,
		Filename: u.Filename, ContentType: u.ContentType, Bytes: u.Bytes, SHA256: u.SHA256,
		Status: Pending, Version: 1, CreatedAt: now, UpdatedAt: now,
		Deadline: now.Add(UploadLife + UploadGrace),
	}
	i.Change = i.Weight()
	return i
}

// Deleted tells whether the image is in the trash, or was.
func (i Image) Deleted() bool { return !i.DeletedAt.IsZero() }

// Purged tells whether only a tombstone is left.
func (i Image) Purged() bool { return !i.PurgedAt.IsZero() }

// Empty tells whether the image was given up for want of its bytes. It counts for nothing, and may be sent again.
func (i Image) Empty() bool {
	return i.Status == Failed && (i.Failure == NeverArrived || i.Failure == Mismatch)
}

// Weight is what the image counts for in its owner's account.
func (i Image) Weight() Usage {
	switch {
	case i.Purged() || i.Empty():
		return Usage{}
	case i.Status == Pending && !i.Deleted():
		return Usage{Images: 1, Bytes: i.Bytes, InFlight: 1}
	}
	return Usage{Images: 1, Bytes: i.Bytes}
}

// Owed tells whether an event of arrived bytes still asks for work: not when the image has ended or is deleted. An image
// given up for want of its bytes is owed work after all when they come late.
func (i Image) Owed() bool {
	return !i.Deleted() && (!i.Status.Ended() || i.Empty())
}

// Unclaimed tells whether work is owed that nobody has begun. Whoever asked the queue for it may not have been heard.
func (i Image) Unclaimed() bool { return i.Status == Processing && i.Attempt == 0 }

// Leased tells whether somebody has the image to himself.
func (i Image) Leased(now time.Time) bool { return now.Before(i.LeaseUntil) }

// Exhausted tells whether the image has killed as many workers as it may: none gave its claim back, and the lease of the
// last has run out.
func (i Image) Exhausted(now time.Time) bool {
	return i.Status == Processing && i.Attempt >= MaxAttempts && !i.Leased(now)
}

// Due is when somebody must look at the image if nothing happens to it before; zero when nothing is owed. Work whose event
// was lost is due when the queue would have delivered it again, and its worker's lease has run out.
func (i Image) Due() time.Time {
	due := i.Deadline
	switch {
	case i.Purged():
		return time.Time{}
	case i.Deleted():
		due = i.PurgeAt
	case i.Status == Processing:
		if again := i.UpdatedAt.Add(QueueVisibility + Lease); again.Before(due) {
			due = again
		}
	}
	if !due.IsZero() && due.Before(i.LeaseUntil) {
		return i.LeaseUntil
	}
	return due
}

// Taken is the moment by which the image is ordered among those taken: its capture time, or else that of its upload.
func (i Image) Taken() time.Time {
	if i.Facts.Capture.TakenAt.IsZero() {
		return i.CreatedAt
	}
	return i.Facts.Capture.TakenAt
}

// Event is what the feed tells of the image as it is now. Its Seq is given when the feed numbers it.
func (i Image) Event() Event {
	return Event{
		Owner: i.Owner, ID: i.ID, Version: i.Version, Status: i.Status, Stage: i.Stage, Failure: i.Failure,
		Width: i.Facts.Width, Height: i.Facts.Height, Placeholder: i.Facts.Placeholder,
		DeletedAt: i.DeletedAt, At: i.UpdatedAt,
	}
}
