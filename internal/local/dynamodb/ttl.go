package dynamodb

import (
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

const (
	sweepBatch  = 100                      // expired items deleted in one write
	oldestFound = 5 * 365 * 24 * time.Hour // an item that expired longer ago is left alone, as on AWS
)

type timeToLiveRequest struct {
	TableName               *string
	TimeToLiveSpecification *timeToLiveSpecification
}

type timeToLiveSpecification struct {
	AttributeName string
	Enabled       bool
}

type timeToLiveAnswer struct {
	TimeToLiveSpecification timeToLiveSpecification
}

type timeToLiveDescription struct {
	AttributeName    string `json:",omitempty"`
	TimeToLiveStatus string
}

func (e *Engine) describeTimeToLive(
	_ context.Context, in *describeTableRequest,
) (*struct{ TimeToLiveDescription timeToLiveDescription }, error) {
	t, err := e.describedTable(in.TableName)
	if err != nil {
		return nil, err
	}
	shown := timeToLiveDescription{AttributeName: t.TTL, TimeToLiveStatus: "ENABLED"}
	if t.TTL == "" {
		shown.TimeToLiveStatus = "DISABLED"
	}
	return &struct{ TimeToLiveDescription timeToLiveDescription }{shown}, nil
}

// updateTimeToLive switches expiry on or off. Switching on indexes the items that are there.
func (e *Engine) updateTimeToLive(ctx context.Context, in *timeToLiveRequest) (*timeToLiveAnswer, error) {
	if err := checkTableName(in.TableName); err != nil {
		return nil, err
	}
	spec := in.TimeToLiveSpecification
	switch {
	case spec == nil:
		return nil, constraint("null", "timeToLiveSpecification", "not be null")
	case spec.AttributeName == "":
		return nil, constraint("''", "timeToLiveSpecification.attributeName", "have length greater than or equal to 1")
	}
	err := e.alter(ctx, *in.TableName, func(tx *bbolt.Tx, t *table) error {
		switch {
		case spec.Enabled && t.TTL != "":
			return invalid("TimeToLive is already enabled")
		case !spec.Enabled && t.TTL == "":
			return invalid("TimeToLive is already disabled")
		case !spec.Enabled && t.TTL != spec.AttributeName:
			return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.TTL)
		case !spec.Enabled:
			t.TTL = ""
			return nil
		}
		t.TTL = spec.AttributeName
		return nil
	}, (*table).rebuildExpiries)
	if err != nil {
		return nil, err
	}
	return &timeToLiveAnswer{*spec}, nil
}

// rebuildExpiries makes the expiry index what the table's items and attribute say.
func (t *table) rebuildExpiries(tx *bbolt.Tx) error {
	expiries, err := emptyBucket(tx, t.ttlBucket())
	if err != nil || t.TTL == "" {
		return err
	}
	return t.forEachItem(tx, func(key []byte, it item) error {
		if entry := t.expiryKey(key, it); entry != nil {
			return expiries.Put(entry, nil)
		}
		return nil
	})
}

// sweepExpired deletes the items that have expired, a batch at a time.
func (e *Engine) sweepExpired(ctx context.Context) error {
	for _, t := range e.catalogue.Load().tables {
		for more := t.TTL != ""; more; {
			keys, err := e.expired(t)
			if err != nil {
				return fmt.Errorf("expired items of %s: %w", t.Name, err)
			}
			if more = len(keys) > 0; !more {
				break
			}
			if err := e.submit(ctx, &write{plan: func(tx *bbolt.Tx) (effects []effect, err error) {
				effects, err = e.planExpiry(tx, t, keys)
				more = len(effects) > 0
				return effects, err
			}}); err != nil {
				return fmt.Errorf("expire items of %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

// expired lists keys of items whose time has come, the oldest first.
func (e *Engine) expired(t *table) ([][]byte, error) {
	now := e.now()
	var keys [][]byte
	err := e.db.View(func(tx *bbolt.Tx) error {
		expiries := tx.Bucket(t.ttlBucket())
		if expiries == nil {
			return nil // deleted since it was looked up
		}
		cursor := expiries.Cursor()
		first := number64(uint64(max(0, now.Add(-oldestFound).Unix())))
		for found, _ := cursor.Seek(first); found != nil && len(keys) < sweepBatch; found, _ = cursor.Next() {
			seconds, key := expiryOf(found)
			if seconds > uint64(now.Unix()) {
				break
			}
			keys = append(keys, append([]byte(nil), key...))
		}
		return nil
	})
	return keys, err
}

// planExpiry deletes what is still expired: an item may have been given more time since it was listed.
func (e *Engine) planExpiry(tx *bbolt.Tx, listed *table, keys [][]byte) ([]effect, error) {
	t, err := e.table(listed.Name)
	if err != nil || t.ID != listed.ID || t.TTL != listed.TTL {
		return nil, nil
	}
	now := e.now()
	var effects []effect
	for _, key := range keys {
		it, err := readItem(tx, t, key)
		if err != nil {
			return nil, err
		}
		if seconds, ok := it[t.TTL].seconds(); ok && it[t.TTL].kind == kindN && seconds <= uint64(now.Unix()) {
			effects = append(effects, (&change{table: t, key: key, before: it, at: now, expiry: true}).effects()...)
		}
	}
	return effects, nil
}
