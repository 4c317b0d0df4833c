package eventsource

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// lockWait is how long to wait for another process to let go of the file.
const lockWait = 2 * time.Second

// Checkpoints remember, in one file, how far each mapping has come in each
// shard. Several mappings may share them.
type Checkpoints struct {
	db *bolt.DB
}

// position is how far a mapping has come in a shard.
type position struct {
	// Sequence is the number of the last record that is done with.
	Sequence string `json:"sequence,omitempty"`
	// Finished tells that the shard is closed and all of it is done with.
	Finished bool `json:"finished,omitempty"`
}

// OpenCheckpoints opens the file at path, and creates it if it is missing.
func OpenCheckpoints(path string) (*Checkpoints, error) {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockWait})
	if err != nil {
		return nil, fmt.Errorf("open checkpoints in %s: %w", path, err)
	}
	db.MaxBatchDelay = time.Millisecond
	return &Checkpoints{db: db}, nil
}

// Close closes the file. Close the mappings first.
func (c *Checkpoints) Close() error {
	if err := c.db.Close(); err != nil {
		return fmt.Errorf("close checkpoints: %w", err)
	}
	return nil
}

// get answers the zero position for a shard that was never read.
func (c *Checkpoints) get(mapping, shard string) (p position, err error) {
	err = c.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(mapping))
		if b == nil {
			return nil
		}
		if v := b.Get([]byte(shard)); v != nil {
			return json.Unmarshal(v, &p)
		}
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("read the checkpoint of %s in %s: %w", mapping, shard, err)
	}
	return p, nil
}

// put returns when the position is on disk.
func (c *Checkpoints) put(mapping, shard string, p position) error {
	value, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode a checkpoint: %w", err)
	}
	err = c.db.Batch(func(tx *bolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte(mapping))
		if err != nil {
			return err
		}
		return b.Put([]byte(shard), value)
	})
	if err != nil {
		return fmt.Errorf("write the checkpoint of %s in %s: %w", mapping, shard, err)
	}
	return nil
}

// keep forgets a mapping's positions in all shards but those given, since
// shards come and go.
func (c *Checkpoints) keep(mapping string, shards map[string]bool) error {
	var gone [][]byte
	err := c.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(mapping))
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, _ []byte) error {
			if !shards[string(k)] {
				gone = append(gone, bytes.Clone(k))
			}
			return nil
		})
	})
	if err == nil && len(gone) > 0 {
		err = c.db.Batch(func(tx *bolt.Tx) error {
			for _, k := range gone {
				if err := tx.Bucket([]byte(mapping)).Delete(k); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("forget old checkpoints of %s: %w", mapping, err)
	}
	return nil
}

// shardKey names a shard of a stream among the shards of all streams.
func shardKey(arn, shard string) string { return strings.Join([]string{arn, shard}, " ") }
