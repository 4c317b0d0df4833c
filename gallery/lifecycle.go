package gallery

import "time"

// Renew gives a PENDING image as much time as a new one, because its upload is signed once more. While it has nearly as
// much already nothing changes, so that signing a thousand parts is not a thousand versions.
func (i Image) Renew(now time.Time) Image {
	if i.Status != Pending || i.Deleted() || !i.Deadline.Before(Time(now).Add(UploadLife+UploadGrace/2)) {
		return i
	}
	next := i
	next.Deadline = Time(now).Add(UploadLife + UploadGrace)
	return next.after(i, now)
}

// Announce is what becomes of an image whose bytes are announced once more: it comes out of the trash; one that still
// waits for its bytes gets time for them, and takes the announcement's word about them; one that had no bytes in the end
// waits for them again; one that could not be finished in time is to be developed after all. Nothing changes about an
// image that is, or will be, what the client wants.
func (i Image) Announce(u Upload, now time.Time) Image {
	next, changed := i, i.Deleted()
	if changed {
		next = i.Restore(now)
	}
	said := next.Filename == u.Filename && next.ContentType == u.ContentType && next.Bytes == u.Bytes
	switch {
	case next.Empty(), next.Status == Pending && !said:
		if next.Empty() || next.Bytes != u.Bytes {
			next.UploadID = "" // its parts are gone, or of another file
		}
		next.Status, next.Failure = Pending, ""
		next.Filename, next.ContentType, next.Bytes = u.Filename, u.ContentType, u.Bytes
		next.Deadline, changed = Time(now).Add(UploadLife+UploadGrace), true
	case next.Status == Pending:
		renewed := next.Renew(now)
		changed = changed || renewed.Version > next.Version
		next = renewed
	case next.Status == Failed && next.Failure == TimedOut && !next.Leased(now):
		next.owe(now)
		changed = true
	}
	if !changed {
		return i
	}
	return next.after(i, now)
}

// Split notes the multipart upload that the bytes of a PENDING image come by.
func (i Image) Split(uploadID string, now time.Time) Image {
	next := i
	next.UploadID = uploadID
	return next.after(i, now)
}

// Request asks for an image whose bytes are there to be processed, for the first time or again. Renditions that it has
// stay until the new ones are complete.
func (i Image) Request(now time.Time) (Image, error) {
	if i.Deleted() || i.Status == Processing || i.Leased(now) {
		return i, ErrConflict
	}
	next := i
	next.owe(now)
	return next.after(i, now), nil
}

// Retry asks for a FAILED image to be developed once more. Nothing changes about one that has not failed, or only a moment
// ago: asked twice, it is done once. Bytes that are not there cannot be developed: that is refused.
func (i Image) Retry(now time.Time) (Image, error) {
	switch {
	case i.Purging:
		return i, ErrNotFound
	case i.Deleted():
		return i, &Error{Code: CodeConflict, Message: "The image is in the trash. Restore it first."}
	case i.Empty():
		return i, Invalid("id", "%s", i.Failure.Message())
	case i.Status != Failed || now.Before(i.UpdatedAt.Add(RetryPause)):
		return i, nil
	}
	return i.Request(now)
}

func (i *Image) owe(now time.Time) {
	i.Status, i.Stage, i.Failure = Processing, "", ""
	i.Attempt, i.LeaseUntil, i.Deadline = 0, time.Time{}, Time(now).Add(FinishWithin)
}

// Claim takes the image for processing until the lease runs out. While somebody else has it the answer is ErrLeased; of a
// deleted image ErrNotFound.
func (i Image) Claim(now time.Time) (Image, error) {
	now = Time(now)
	switch {
	case i.Deleted():
		return i, ErrNotFound
	case i.Leased(now):
		return i, ErrLeased
	case !i.Status.CanBecome(Processing):
		return i, ErrConflict
	}
	next := i
	if i.Status != Processing {
		next.Attempt, next.Deadline = 0, now.Add(FinishWithin)
	}
	next.Untidy = i.Untidy || i.Status == Processing && i.Stage == Developing // of a worker that has not ended it
	next.Status, next.Stage, next.Failure = Processing, Developing, ""
	next.Attempt++
	next.LeaseUntil = now.Add(Lease)
	return next.after(i, now), nil
}

// Release gives a claim back at once, so that the next delivery of the event need not wait for the lease to run out. It
// was not the picture's fault, so it does not count as an attempt.
func (i Image) Release(now time.Time) Image {
	next := i
	next.LeaseUntil = time.Time{}
	next.Attempt--
	return next.after(i, now)
}

// Hold takes the image to oneself without changing what it is: nobody claims it until the hold runs out, so objects can be
// removed that somebody might be about to write again. While somebody else has it the answer is ErrLeased.
func (i Image) Hold(now time.Time) (Image, error) {
	if i.Leased(now) {
		return i, ErrLeased
	}
	next := i
	next.LeaseUntil = Time(now).Add(Lease)
	return next.after(i, now), nil
}

// Tidied ends the hold under which the objects were removed that the record does not name.
func (i Image) Tidied(now time.Time) Image {
	next := i
	next.LeaseUntil, next.Deadline, next.Untidy = time.Time{}, time.Time{}, false
	return next.after(i, now)
}

// Finish makes a claimed image READY with what was found and made. Renditions that are no longer named are removed when
// the links to them have expired: that is what it is still due for.
func (i Image) Finish(facts Facts, renditions []Rendition, now time.Time) (Image, error) {
	if i.Deleted() || !i.Status.CanBecome(Ready) {
		return i, ErrConflict
	}
	i.Untidy = i.Untidy || outdated(i.Renditions, renditions)
	next := i.ended(Ready, now)
	next.Facts, next.Renditions, next.UploadID = facts, renditions, ""
	return next.after(i, now), nil
}

// outdated tells whether a rendition of before is none of those now.
func outdated(before, now []Rendition) bool {
	kept := map[string]bool{}
	for _, r := range now {
		kept[r.Name+r.Digest+r.ContentType] = true
	}
	for _, r := range before {
		if !kept[r.Name+r.Digest+r.ContentType] {
			return true
		}
	}
	return false
}

// Foresee notes, in the write of a claim, what the beginning of the file tells: the size, and maybe a placeholder, so that
// subscribers have something to draw. It is provisional until the image is READY; what was seen before stays.
func (i Image) Foresee(f Facts) Image {
	if !i.Facts.Seen() {
		i.Facts = Facts{Width: f.Width, Height: f.Height, Placeholder: f.Placeholder}
	}
	return i
}

// Fail ends the image with a reason. Renditions of an earlier processing stay.
func (i Image) Fail(code FailureCode, now time.Time) (Image, error) {
	if i.Deleted() || !i.Status.CanBecome(Failed) {
		return i, ErrConflict
	}
	next := i.ended(Failed, now)
	next.Failure = code
	if !next.Facts.Seen() {
		next.Facts = Facts{} // what was foreseen has not come true
	}
	return next.after(i, now), nil
}

// Trash deletes the image, restorable until PurgeAt, and ends its shares for good. Deleting a deleted image changes nothing.
func (i Image) Trash(now time.Time) Image {
	if i.Deleted() {
		return i
	}
	next := i
	next.DeletedAt, next.PurgeAt, next.Unshared = Time(now), Time(now).Add(TrashLife), i.Version+1
	return next.after(i, now)
}

// Restore takes the image out of the trash. What had not ended when it was deleted is owed again, until its new deadline.
// A lease stays: whoever holds it may still be at work. Nothing changes about an image that is being purged.
func (i Image) Restore(now time.Time) Image {
	if !i.Deleted() || i.Purging {
		return i
	}
	next := i
	next.DeletedAt, next.PurgeAt = time.Time{}, time.Time{}
	switch i.Status {
	case Pending:
		next.Deadline = Time(now).Add(UploadLife + UploadGrace)
	case Processing:
		next.Deadline = Time(now).Add(FinishWithin)
	}
	return next.after(i, now)
}

// Purge ends the image's time in the trash: its objects are removed as soon as nobody can be at work on it. Purging twice
// changes nothing.
func (i Image) Purge(now time.Time) Image {
	if i.Purging {
		return i
	}
	next := i
	if !i.Deleted() {
		next.DeletedAt, next.Unshared = Time(now), i.Version+1
	}
	next.Purging, next.PurgeAt = true, Time(now)
	return next.after(i, now)
}

// Bury leaves a tombstone, once the objects of an image that is being purged are gone: that it was, and nothing about it.
func (i Image) Bury(now time.Time) Image {
	next := Image{
		Owner: i.Owner, ID: i.ID, Status: i.Status, Failure: i.Failure, Version: i.Version, CreatedAt: i.CreatedAt,
		DeletedAt: i.DeletedAt, PurgeAt: i.PurgeAt, Purging: true, PurgedAt: Time(now),
	}
	return next.after(i, now)
}

// Touch changes nothing but the version, so that a change that the feed has missed is told after all, or that the image
// is not looked at again at once.
func (i Image) Touch(now time.Time) Image { return i.after(i, now) }

// ended is due once more only if something of it is to be removed.
func (i Image) ended(s Status, now time.Time) Image {
	i.Status, i.Stage, i.LeaseUntil, i.Deadline = s, "", time.Time{}, time.Time{}
	if i.Untidy {
		i.Deadline = Time(now).Add(URLLife + UploadGrace)
	}
	return i
}

// after makes i the version that follows was.
func (i Image) after(was Image, now time.Time) Image {
	i.Version = was.Version + 1
	i.UpdatedAt = Time(now)
	i.Change = i.Weight().minus(was.Weight())
	return i
}
