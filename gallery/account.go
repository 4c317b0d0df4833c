package gallery

// Quota bounds what one user may keep.
type Quota struct {
	Images int64
	Bytes  int64 // of originals
}

// DefaultQuota is what a new account gets.
func DefaultQuota() Quota { return Quota{Images: 100_000, Bytes: 1 << 40} }

// Usage is what a user keeps, the trash included.
type Usage struct {
	Images int64
	Bytes  int64 // of originals
}

// Account is a user's record.
type Account struct {
	Owner Owner
	Usage Usage
	Quota Quota
}
