package gallery

import "time"

// Image is the record of one uploaded picture. Its methods return the record as it is after a change, with the next
// version; storing that is conditional on the version before, so of two writers one learns that it came second.
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

	Attempt    int       // claims so far, those apart that were given back
	LeaseUntil time.Time // the current claim is exclusive until then
	Deadline   time.Time // somebody must look at it by then; zero when nothing is owed

	Facts      Facts
	Renditions []Rendition
}

// New makes a PENDING image of an accepted upload.
func New(owner Owner, id ID, u Upload, now time.Time) Image {
	now = Time(now)
	return Image{
		Owner: owner, ID: id,
		Filename: u.Filename, ContentType: u.ContentType, Bytes: u.Bytes, SHA256: u.SHA256,
		Status: Pending, Version: 1, CreatedAt: now, UpdatedAt: now,
		Deadline: now.Add(UploadLife + UploadGrace),
	}
}

// Deleted tells whether the image is in the trash.
func (i Image) Deleted() bool { return !i.DeletedAt.IsZero() }

// Owed tells whether an event of arrived bytes still asks for work: not when the image has ended or is deleted. An image
// given up because nothing arrived is owed work after all when its bytes come late.
func (i Image) Owed() bool {
	late := i.Status == Failed && i.Failure == NeverArrived
	return !i.Deleted() && (!i.Status.Ended() || late)
}

// Taken is the moment by which the image is ordered among those taken: its capture time, or else that of its upload.
func (i Image) Taken() time.Time {
	if i.Facts.Capture.TakenAt.IsZero() {
		return i.CreatedAt
	}
	return i.Facts.Capture.TakenAt
}

// Renew gives a PENDING image as much time as a new one, because its upload is signed once more.
func (i Image) Renew(now time.Time) Image {
	i.Deadline = Time(now).Add(UploadLife + UploadGrace)
	return i.touched(now)
}

// Claim takes the image for processing until the lease runs out. While another claim is live the answer is ErrLeased; of
// a deleted image ErrNotFound.
func (i Image) Claim(now time.Time) (Image, error) {
	now = Time(now)
	switch {
	case i.Deleted():
		return i, ErrNotFound
	case i.Status == Processing && now.Before(i.LeaseUntil):
		return i, ErrLeased
	case !i.Status.CanBecome(Processing):
		return i, ErrConflict
	}
	if i.Status != Processing {
		i.Attempt, i.Deadline = 0, now.Add(FinishWithin)
	}
	i.Status, i.Stage, i.Failure = Processing, Developing, ""
	i.Attempt++
	i.LeaseUntil = now.Add(Lease)
	return i.touched(now), nil
}

// Exhausted tells whether the image has killed as many workers as it may: none gave its claim back, and the lease of the
// last has run out.
func (i Image) Exhausted(now time.Time) bool {
	return i.Status == Processing && i.Attempt >= MaxAttempts && !now.Before(i.LeaseUntil)
}

// Release gives a claim back at once, so that the next delivery of the event need not wait for the lease to run out. It
// was not the picture's fault, so it does not count as an attempt.
func (i Image) Release(now time.Time) Image {
	i.LeaseUntil = time.Time{}
	i.Attempt--
	return i.touched(now)
}

// Finish makes a claimed image READY with what was found and made.
func (i Image) Finish(facts Facts, renditions []Rendition, now time.Time) (Image, error) {
	if i.Deleted() || !i.Status.CanBecome(Ready) {
		return i, ErrConflict
	}
	i.Facts, i.Renditions = facts, renditions
	return i.ended(Ready, now), nil
}

// Fail ends the image with a reason. Renditions of an earlier processing stay.
func (i Image) Fail(code FailureCode, now time.Time) (Image, error) {
	if i.Deleted() || !i.Status.CanBecome(Failed) {
		return i, ErrConflict
	}
	i.Failure = code
	return i.ended(Failed, now), nil
}

// Trash deletes the image, restorable until PurgeAt. Deleting a deleted image changes nothing.
func (i Image) Trash(now time.Time) Image {
	if i.Deleted() {
		return i
	}
	now = Time(now)
	i.DeletedAt, i.PurgeAt = now, now.Add(TrashLife)
	return i.touched(now)
}

// Restore takes the image out of the trash. What had not ended when it was deleted is owed again, until its new deadline.
func (i Image) Restore(now time.Time) Image {
	if !i.Deleted() {
		return i
	}
	now = Time(now)
	i.DeletedAt, i.PurgeAt = time.Time{}, time.Time{}
	if !i.Status.Ended() {
		i.LeaseUntil, i.Deadline = time.Time{}, now.Add(FinishWithin)
	}
	return i.touched(now)
}

// Event is what the feed tells of the image as it is now. Its Seq is given when the feed numbers it.
func (i Image) Event() Event {
	return Event{
		Owner: i.Owner, ID: i.ID, Version: i.Version, Status: i.Status, Stage: i.Stage, Failure: i.Failure,
		Width: i.Facts.Width, Height: i.Facts.Height, Placeholder: i.Facts.Placeholder,
		DeletedAt: i.DeletedAt, At: i.UpdatedAt,
	}
}

func (i Image) ended(s Status, now time.Time) Image {
	i.Status, i.Stage, i.LeaseUntil, i.Deadline = s, "", time.Time{}, time.Time{}
	return i.touched(now)
}

func (i Image) touched(now time.Time) Image {
	i.Version++
	i.UpdatedAt = Time(now)
	return i
}
