package cognito

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// maxLetters is how many letters are kept, the newest.
const maxLetters = 100

// letter is what would have gone out by e-mail.
type letter struct {
	Sent    time.Time `json:"sent"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Code    string    `json:"code"`
}

// post keeps a letter, and drops the one that is too old for the inbox. One that is not for sending leaves both as they
// were, and costs the same.
func post(tx *bbolt.Tx, l letter, sending bool) error {
	b := tx.Bucket([]byte(bucketMail))
	n := b.Sequence() + 1
	text, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	if err := b.Put(numbered(n), text); err != nil {
		return err
	}
	if n > maxLetters {
		old := bytes.Clone(b.Get(numbered(n - maxLetters)))
		if err = b.Delete(numbered(n - maxLetters)); !sending {
			err = errors.Join(err, b.Put(numbered(n-maxLetters), old))
		}
	}
	if sending {
		return errors.Join(err, b.SetSequence(n))
	}
	return errors.Join(err, b.Delete(numbered(n)))
}

// letters are those kept, the newest first.
func (p *Pool) letters() ([]letter, error) {
	var all []letter
	err := p.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(bucketMail)).Cursor()
		for key, text := c.Last(); key != nil; key, text = c.Prev() {
			var l letter
			if err := json.Unmarshal(text, &l); err != nil {
				return fmt.Errorf("read letter %x: %w", key, err)
			}
			all = append(all, l)
		}
		return nil
	})
	return all, err
}

func numbered(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
