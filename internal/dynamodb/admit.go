package dynamodb

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/darkroom/darkroom/gallery"
)

// Create admits one new image: gallery.ErrConflict says that the owner has an image of the same bytes.
func (s Images) Create(ctx context.Context, i gallery.Image, q gallery.Quota) error {
	return s.Admit(ctx, []gallery.Admission{{Image: i}}, q)
}

// Admit stores images of one owner, at most 25, counts what they add in the account, and takes the place of the bytes of
// new ones among the owner's contents, all or nothing. It answers gallery.ErrQuotaExceeded when they do not all fit, and
// gallery.ErrConflict when one of them has changed, or its bytes' place is taken: read again.
func (s Images) Admit(ctx context.Context, all []gallery.Admission, q gallery.Quota) error {
	var more gallery.Usage
	tx := s.DB.WriteTx()
	for _, a := range all {
		more = more.Plus(a.Image.Change)
		s.enter(tx, a)
	}
	if more.Grows() && !q.Fits(more) {
		return gallery.ErrQuotaExceeded
	}
	account := -1 // its place among the actions
	if more != (gallery.Usage{}) {
		account = 0
		for _, a := range all {
			account += actions(a)
		}
		tx.Update(s.admitted(all[0].Image.Owner, more, q))
	}
	err := patiently(ctx, func() error { return tx.Run(ctx) })
	switch failed := failedChecks(err); {
	case err == nil:
		return nil
	case len(failed) == 1 && failed[account]:
		return gallery.ErrQuotaExceeded
	case len(failed) > 0:
		return gallery.ErrConflict
	}
	return fmt.Errorf("store %d images of %s: %w", len(all), all[0].Image.Owner, err)
}

// enter adds to a transaction what stores an image: of a new one, also the place of its bytes among its owner's contents.
func (s Images) enter(tx *dynamo.WriteTx, a gallery.Admission) {
	if a.Image.Version > 1 {
		tx.Put(s.put(a.Image))
		return
	}
	row := contentRow{Owner: a.Image.Owner, Key: contentKey(a.Image.SHA256), Image: a.Image.ID}
	tx.Put(s.table().Put(recordOf(a.Image)).If("attribute_not_exists('id')")).
		Put(s.DB.Table(s.Tables.Users).Put(row).If("attribute_not_exists('key') OR 'image' = ?", a.Replaces))
}

// actions is how many enter adds.
func actions(a gallery.Admission) int {
	if a.Image.Version > 1 {
		return 1
	}
	return 2
}

// admitted counts what is more, if there is room for it in an account that is neither suspended nor being deleted.
func (s Images) admitted(owner gallery.Owner, more gallery.Usage, q gallery.Quota) *dynamo.Update {
	u := s.charge(owner, more)
	if !more.Grows() {
		return u
	}
	return u.If("attribute_not_exists('images') OR ('images' <= ? AND 'bytes' <= ?)", q.Images-more.Images, q.Bytes-more.Bytes).
		If("attribute_not_exists('inFlight') OR 'inFlight' <= ?", q.InFlight-more.InFlight).
		If("attribute_not_exists(suspendedAt) AND attribute_not_exists(deletingAt)")
}

// failedChecks tells which actions of a cancelled transaction failed their condition.
func failedChecks(err error) map[int]bool {
	failed := map[int]bool{}
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		for n, reason := range cancelled.CancellationReasons {
			if reason.Code != nil && *reason.Code == "ConditionalCheckFailed" {
				failed[n] = true
			}
		}
	}
	return failed
}

// patiently does what may lose against another transaction on the same item again, with jitter, a bounded number of times.
func patiently(ctx context.Context, do func() error) error {
	for attempt := 0; ; attempt++ {
		err := do()
		if !conflicted(err) || attempt >= raceAttempts {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}
