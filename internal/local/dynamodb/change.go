package dynamodb

import (
	"encoding/binary"
	"math"
	"math/big"
	"strconv"
	"time"
)

// change is one item as it was and as it shall be; nil where there is none.
type change struct {
	table  *table
	key    []byte
	before item
	after  item
	at     time.Time
	expiry bool // done by the sweep of expired items
}

// effects are what the change does to the file: nothing where the item stays the same.
func (c *change) effects() []effect {
	if c == nil || (c.before == nil) == (c.after == nil) && c.before.equal(c.after) {
		return nil
	}
	return []effect{c.apply}
}

// apply writes the item, its entries in indexes, and the stream's record, in one transaction.
func (c *change) apply(ed *editor) error {
	if err := c.store(ed); err != nil {
		return err
	}
	for _, ix := range c.table.Indexes {
		old, fresh := c.table.entryKey(ix, c.key, c.before), c.table.entryKey(ix, c.key, c.after)
		if err := ed.move(c.table.indexBucket(ix), old, fresh, c.key); err != nil {
			return err
		}
	}
	if c.table.TTL != "" {
		old, fresh := c.table.expiryKey(c.key, c.before), c.table.expiryKey(c.key, c.after)
		if err := ed.move(c.table.ttlBucket(), old, fresh, nil); err != nil {
			return err
		}
	}
	if err := c.count(ed); err != nil {
		return err
	}
	return c.record(ed)
}

func (c *change) store(ed *editor) error {
	if c.after == nil {
		return ed.remove(c.table.itemsBucket(), c.key)
	}
	return ed.put(c.table.itemsBucket(), c.key, c.after.encode())
}

func (c *change) count(ed *editor) error {
	total := readSizes(ed.tx, c.table)
	total.bytes += int64(c.after.size() - c.before.size())
	if c.before == nil {
		total.items++
	}
	if c.after == nil {
		total.items--
	}
	return total.write(ed, c.table)
}

// expiryKey is an item's key in the expiry index: nil for one without a time, which never expires.
func (t *table) expiryKey(key []byte, it item) []byte {
	v := it[t.TTL]
	if v.kind != kindN {
		return nil
	}
	seconds, ok := v.seconds()
	if !ok {
		return nil
	}
	return append(number64(seconds), key...)
}

// seconds is a number as a time since the epoch; fractions are dropped.
func (v value) seconds() (uint64, bool) {
	if n, err := strconv.ParseUint(v.text, 10, 63); err == nil {
		return n, true
	}
	exact, ok := new(big.Float).SetString(v.text)
	if !ok || exact.Sign() < 0 {
		return 0, false
	}
	n, _ := exact.Uint64()
	return min(n, math.MaxInt64), true
}

// expiryOf reads the time and the item's key out of a key of the expiry index.
func expiryOf(expiryKey []byte) (seconds uint64, key []byte) {
	return binary.BigEndian.Uint64(expiryKey), expiryKey[8:]
}
