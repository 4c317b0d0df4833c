package dynamodb

import "go.etcd.io/bbolt"

// shedEvery is after how many items read or written pages of the file are shed. One touched page brings in the 15
// around it, so this many items bring in some 30 MB.
const shedEvery = 256

// view reads from a snapshot.
func (e *Engine) view(read func(*bbolt.Tx) error) error {
	return e.db.View(func(tx *bbolt.Tx) error {
		if err := read(tx); err != nil {
			return err
		}
		return e.touched(tx, 1)
	})
}

// touched counts items towards the next shedding.
func (e *Engine) touched(tx *bbolt.Tx, items int) error {
	if e.touches.Add(int64(items)) < shedEvery {
		return nil
	}
	e.touches.Store(0)
	return shed(tx)
}

// shedRest sheds what less than shedEvery items, or items of great size, brought in.
func (e *Engine) shedRest() error {
	if e.touches.Swap(0) == 0 {
		return nil
	}
	return e.db.View(shed)
}
