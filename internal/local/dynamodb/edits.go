package dynamodb

import (
	"encoding/binary"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// editor changes what is in buckets, and writes down how.
type editor struct {
	tx     *bbolt.Tx
	record []byte // header of a record, then edits
}

func newEditor(tx *bbolt.Tx) *editor {
	return &editor{tx: tx, record: make([]byte, recordHeader, 4096)}
}

// Edits in a record: one of these, the name of a bucket, then a key or value, or both.
const (
	editPut = iota + 1
	editRemove
	editAppend
)

var errNoBucket = errors.New("a bucket is missing")

func (ed *editor) note(edit byte, parts ...[]byte) {
	ed.record = append(ed.record, edit)
	for _, part := range parts {
		ed.record = append(binary.AppendUvarint(ed.record, uint64(len(part))), part...)
	}
}

func (ed *editor) put(bucket, key, value []byte) error {
	b := ed.tx.Bucket(bucket)
	if b == nil {
		return fmt.Errorf("put into %s: %w", bucket, errNoBucket)
	}
	ed.note(editPut, bucket, key, value)
	return b.Put(key, value)
}

func (ed *editor) remove(bucket, key []byte) error {
	b := ed.tx.Bucket(bucket)
	if b == nil {
		return fmt.Errorf("remove from %s: %w", bucket, errNoBucket)
	}
	ed.note(editRemove, bucket, key)
	return b.Delete(key)
}

// move replaces an entry by another that points to the same; either may be nil, and mostly they are the same.
func (ed *editor) move(bucket, old, fresh, points []byte) error {
	if string(old) == string(fresh) {
		return nil
	}
	if old != nil {
		if err := ed.remove(bucket, old); err != nil {
			return err
		}
	}
	if fresh == nil {
		return nil
	}
	return ed.put(bucket, fresh, points)
}

// append puts a value under the bucket's next number.
func (ed *editor) append(bucket, value []byte) error {
	b := ed.tx.Bucket(bucket)
	if b == nil {
		return fmt.Errorf("append to %s: %w", bucket, errNoBucket)
	}
	ed.note(editAppend, bucket, value)
	number, err := b.NextSequence()
	if err != nil {
		return err
	}
	b.FillPercent = 0.9 // they only ever come at the end
	return b.Put(number64(number), value)
}

// replay makes the edits of commits again.
func replay(tx *bbolt.Tx, commits [][]byte) error {
	for _, edits := range commits {
		ed := newEditor(tx)
		r := storedReader{rest: edits}
		for len(r.rest) > 0 {
			if err := ed.again(&r); err != nil {
				return fmt.Errorf("make journaled commits again: %w", err)
			}
		}
	}
	return nil
}

func (ed *editor) again(r *storedReader) error {
	edit, bucket, first := r.octet(), []byte(r.text()), []byte(r.text())
	second := []byte(nil)
	if edit == editPut {
		second = []byte(r.text())
	}
	switch {
	case r.bad:
		return errCorrupt
	case edit == editPut:
		return ed.put(bucket, first, second)
	case edit == editRemove:
		return ed.remove(bucket, first)
	case edit == editAppend:
		return ed.append(bucket, first)
	}
	return errCorrupt
}
