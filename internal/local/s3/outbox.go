package s3

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	// batchDelay is how long a write waits for others to share its fsync. It
	// is short beside the fsync, and a burst of uploads keeps meeting there.
	batchDelay = time.Millisecond
	lockWait   = 2 * time.Second
)

var (
	intentsBucket = []byte("intents")
	eventsBucket  = []byte("events")
)

// intent is a write that is about to happen, or was when the process died.
type intent struct {
	Bucket string    `json:"bucket"`
	Key    string    `json:"key"`
	Name   eventName `json:"name"`
}

// pending is an event that has not been delivered.
type pending struct {
	Bucket string          `json:"bucket"`
	Event  json.RawMessage `json:"event"`
}

// outbox holds intents and events on disk until they are settled.
type outbox struct {
	db    *bolt.DB
	shape eventShape
	added chan struct{} // holds one token when there may be events to deliver
}

func openOutbox(path string, shape eventShape) (*outbox, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockWait})
	if err != nil {
		return nil, fmt.Errorf("open the outbox %s: %w", path, err)
	}
	db.MaxBatchDelay = batchDelay
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{intentsBucket, eventsBucket} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("prepare the outbox %s: %w", path, err)
	}
	return &outbox{db: db, shape: shape, added: make(chan struct{}, 1)}, nil
}

func (o *outbox) close() error {
	if err := o.db.Close(); err != nil {
		return fmt.Errorf("close the outbox: %w", err)
	}
	return nil
}

// begin records that an object is about to be written.
func (o *outbox) begin(w intent) (id uint64, err error) {
	value, err := json.Marshal(w)
	if err != nil {
		return 0, fmt.Errorf("encode the intent to write %s/%s: %w", w.Bucket, w.Key, err)
	}
	err = o.db.Batch(func(tx *bolt.Tx) (err error) {
		b := tx.Bucket(intentsBucket)
		if id, err = b.NextSequence(); err != nil {
			return err
		}
		return b.Put(idKey(id), value)
	})
	if err != nil {
		return 0, fmt.Errorf("record the intent to write %s/%s: %w", w.Bucket, w.Key, err)
	}
	return id, nil
}

// drop forgets an intent whose object was not written.
func (o *outbox) drop(id uint64) error {
	err := o.db.Batch(func(tx *bolt.Tx) error { return tx.Bucket(intentsBucket).Delete(idKey(id)) })
	if err != nil {
		return fmt.Errorf("drop intent %d: %w", id, err)
	}
	return nil
}

// commit replaces an intent by the event of the object it led to. Sequencers
// follow the order of commits: of two writes of one key that overlap, either
// may come first.
func (o *outbox) commit(id uint64, w intent, obj object) error {
	err := o.db.Batch(func(tx *bolt.Tx) error {
		b := tx.Bucket(eventsBucket)
		seq, err := b.NextSequence()
		if err != nil {
			return err
		}
		event, err := o.shape.event(w, obj, seq)
		if err != nil {
			return err
		}
		value, err := json.Marshal(pending{Bucket: w.Bucket, Event: event})
		if err != nil {
			return err
		}
		if err := b.Put(idKey(seq), value); err != nil {
			return err
		}
		return tx.Bucket(intentsBucket).Delete(idKey(id))
	})
	if err != nil {
		return fmt.Errorf("record the event of %s/%s: %w", w.Bucket, w.Key, err)
	}
	select {
	case o.added <- struct{}{}:
	default:
	}
	return nil
}

// intents lists what a crash left behind.
func (o *outbox) intents() (map[uint64]intent, error) {
	left := map[uint64]intent{}
	err := o.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(intentsBucket).ForEach(func(k, v []byte) error {
			var w intent
			if err := json.Unmarshal(v, &w); err != nil {
				return err
			}
			left[binary.BigEndian.Uint64(k)] = w
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read the intents left behind: %w", err)
	}
	return left, nil
}

// after lists up to max events whose sequence number is above seq, in order.
func (o *outbox) after(seq uint64, max int) (seqs []uint64, events []pending, err error) {
	err = o.db.View(func(tx *bolt.Tx) error {
		c := tx.Bucket(eventsBucket).Cursor()
		for k, v := c.Seek(idKey(seq + 1)); k != nil && len(seqs) < max; k, v = c.Next() {
			var p pending
			if err := json.Unmarshal(v, &p); err != nil {
				return err
			}
			seqs, events = append(seqs, binary.BigEndian.Uint64(k)), append(events, p)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read events after %d: %w", seq, err)
	}
	return seqs, events, nil
}

// delivered forgets events.
func (o *outbox) delivered(seqs []uint64) error {
	if len(seqs) == 0 {
		return nil
	}
	err := o.db.Batch(func(tx *bolt.Tx) error {
		for _, seq := range seqs {
			if err := tx.Bucket(eventsBucket).Delete(idKey(seq)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget %d delivered events: %w", len(seqs), err)
	}
	return nil
}

// idKey is a number as bytes that sort as it does.
func idKey(id uint64) []byte { return binary.BigEndian.AppendUint64(nil, id) }
