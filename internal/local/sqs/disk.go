package sqs

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Each queue is a bucket of two: what a message says, written once, and where
// it stands, written again with each receive.
var (
	contentBucket  = []byte("content")
	standingBucket = []byte("standing")
)

// content is what never changes about a message.
type content struct {
	ID   string    `json:"id"`
	Sent time.Time `json:"sent"`
	Body string    `json:"body"`
}

// standing is what changes.
type standing struct {
	Receives int       `json:"receives,omitempty"`
	First    time.Time `json:"first,omitzero"` // received
	Delay    time.Time `json:"delay,omitzero"` // invisible until, if never received
}

// load reads where the messages of a queue stand. Those once received are
// visible now; a delay goes on.
func load(db *bolt.DB, name string, now time.Time) (messages []*message, err error) {
	err = db.Update(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(name))
		if err != nil {
			return err
		}
		if _, err := b.CreateBucketIfNotExists(contentBucket); err != nil {
			return err
		}
		states, err := b.CreateBucketIfNotExists(standingBucket)
		if err != nil {
			return err
		}
		return states.ForEach(func(k, v []byte) error {
			var st standing
			if err := json.Unmarshal(v, &st); err != nil {
				return fmt.Errorf("read message %x: %w", k, err)
			}
			m := &message{seq: binary.BigEndian.Uint64(k), receives: st.Receives, first: st.First, visibleAt: now}
			if st.Receives == 0 {
				m.visibleAt = st.Delay
			}
			messages = append(messages, m)
			return nil
		})
	})
	return messages, err
}

// insert writes a new message into the bucket of a queue.
func insert(tx *bolt.Tx, name string, c content, st standing) (seq uint64, err error) {
	b := tx.Bucket([]byte(name))
	if seq, err = b.NextSequence(); err != nil {
		return 0, err
	}
	said, err := json.Marshal(c)
	if err != nil {
		return 0, err
	}
	if err := b.Bucket(contentBucket).Put(seqKey(seq), said); err != nil {
		return 0, err
	}
	return seq, putStanding(tx, name, seq, st)
}

func putStanding(tx *bolt.Tx, name string, seq uint64, st standing) error {
	stands, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return tx.Bucket([]byte(name)).Bucket(standingBucket).Put(seqKey(seq), stands)
}

func getContent(tx *bolt.Tx, name string, seq uint64) (c content, err error) {
	said := tx.Bucket([]byte(name)).Bucket(contentBucket).Get(seqKey(seq))
	if said == nil {
		return c, fmt.Errorf("message %d of queue %s is not on disk", seq, name)
	}
	return c, json.Unmarshal(said, &c)
}

func remove(tx *bolt.Tx, name string, seq uint64) error {
	b := tx.Bucket([]byte(name))
	if err := b.Bucket(contentBucket).Delete(seqKey(seq)); err != nil {
		return err
	}
	return b.Bucket(standingBucket).Delete(seqKey(seq))
}

// seqKey is a number as bytes that sort as it does.
func seqKey(seq uint64) []byte { return binary.BigEndian.AppendUint64(nil, seq) }
