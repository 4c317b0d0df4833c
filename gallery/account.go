package gallery

import "time"

// Quota bounds what one user may keep, and send at the same time.
type Quota struct {
	Images   int64
	Bytes    int64 // of originals
	InFlight int64 // uploads announced whose bytes have not been seen
}

// DefaultQuota is what a new account gets.
func DefaultQuota() Quota { return Quota{Images: 100_000, Bytes: 1 << 40, InFlight: 1_000} }

// Usage is what a user keeps, the trash included, and is sending.
type Usage struct {
	Images   int64
	Bytes    int64 // of originals
	InFlight int64
}

// Plus adds what somebody else counts for.
func (u Usage) Plus(v Usage) Usage {
	return Usage{u.Images + v.Images, u.Bytes + v.Bytes, u.InFlight + v.InFlight}
}

func (u Usage) minus(v Usage) Usage {
	return Usage{u.Images - v.Images, u.Bytes - v.Bytes, u.InFlight - v.InFlight}
}

// Grows tells whether any amount is more than nothing.
func (u Usage) Grows() bool { return u.Images > 0 || u.Bytes > 0 || u.InFlight > 0 }

// Fits tells whether a usage is within the quota.
func (q Quota) Fits(u Usage) bool {
	return u.Images <= q.Images && u.Bytes <= q.Bytes && u.InFlight <= q.InFlight
}

// Account is a user's record.
type Account struct {
	Owner       Owner
	Usage       Usage
	Quota       Quota
	SuspendedAt time.Time // zero unless the user is suspended
	DeletingAt  time.Time // when the deletion of everything began; zero unless it did
	ErasedAt    time.Time // when nothing but the account itself was left
}

// Closed is why nothing may be added to the account, and nothing shown to strangers; nil when it may.
func (a Account) Closed() error {
	switch {
	case !a.DeletingAt.IsZero():
		return &Error{Code: CodeConflict, Message: "Your account is being deleted."}
	case !a.SuspendedAt.IsZero():
		return &Error{Code: CodeConflict, Message: "Your account is suspended."}
	}
	return nil
}

// Admission is an image, new or announced again, on its way into its owner's account.
type Admission struct {
	Image    Image
	Replaces ID // of these bytes' place: an image that is being purged; empty when there is none
}
