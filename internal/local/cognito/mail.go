package cognito

import (
	"encoding/binary"
	"encoding/json"
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

// post keeps a letter, and drops the one that is too old for the inbox.
func post(tx *bbolt.Tx, l letter) error {
	b := tx.Bucket([]byte(bucketMail))
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	text, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	if n > maxLetters {
		if err := b.Delete(numbered(n - maxLetters)); err != nil {
			return err
		}
	}
	return b.Put(numbered(n), text)
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
