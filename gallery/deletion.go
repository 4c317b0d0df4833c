package gallery

import "time"

// Deletion is how far the removal of everything of a user has come. Each step can be taken twice, and again after it was
// cut short anywhere.
type Deletion struct {
	Owner     Owner
	StartedAt time.Time
	After     ID        // the images up to this one are tombstones
	ErasedAt  time.Time // when nothing was left; zero until then
	Version   int64
}

// Buried notes that the images up to one are tombstones.
func (d Deletion) Buried(to ID) Deletion {
	d.After = to
	d.Version++
	return d
}

// Erased notes that nothing is left.
func (d Deletion) Erased(now time.Time) Deletion {
	d.ErasedAt = Time(now)
	d.Version++
	return d
}

// Echoed tells whether nothing that happened before all was erased can be heard of any more: not a change of an image from
// the stream, not a signed upload.
func (d Deletion) Echoed(now time.Time) bool {
	return !d.ErasedAt.IsZero() && !now.Before(d.ErasedAt.Add(EchoLife))
}
