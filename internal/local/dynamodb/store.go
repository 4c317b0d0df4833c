package dynamodb

import (
	"encoding/binary"
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"
)

// The file's buckets. Those of tables and streams are named by their numbers:
//
//	tables          name → table as JSON
//	streams         ARN → stream as JSON
//	tokens          client token of a transaction → when it was done, and the hash of what it did
//	token-times     when, client token → nothing
//	sizes           table number → number of items, bytes
//	table/N         key → item
//	table/N/ix      entry key in the index ix → key
//	table/N/ttl     expiry in seconds, key → nothing
//	stream/N        sequence number → record
var (
	bucketTables     = []byte("tables")
	bucketStreams    = []byte("streams")
	bucketTokens     = []byte("tokens")
	bucketTokenTimes = []byte("token-times")
	bucketSizes      = []byte("sizes")
)

func (t *table) itemsBucket() []byte { return fmt.Appendf(nil, "table/%d", t.ID) }

func (t *table) indexBucket(ix index) []byte {
	return fmt.Appendf(nil, "table/%d/index/%s", t.ID, ix.Name)
}

func (t *table) ttlBucket() []byte { return fmt.Appendf(nil, "table/%d/ttl", t.ID) }

func streamBucket(id uint64) []byte { return fmt.Appendf(nil, "stream/%d", id) }

// catalogue is all tables, by name, and streams, by ARN. It is replaced as a whole by the writer.
type catalogue struct {
	tables  map[string]*table
	streams map[string]*stream
}

// reloadCatalogue publishes the tables and streams that the file has.
func (e *Engine) reloadCatalogue() error {
	fresh := &catalogue{tables: map[string]*table{}, streams: map[string]*stream{}}
	err := e.db.View(func(tx *bbolt.Tx) error {
		err := tx.Bucket(bucketTables).ForEach(func(name, stored []byte) error {
			t := new(table)
			fresh.tables[string(name)] = t
			return json.Unmarshal(stored, t)
		})
		if err != nil {
			return err
		}
		return tx.Bucket(bucketStreams).ForEach(func(arn, stored []byte) error {
			s := new(stream)
			fresh.streams[string(arn)] = s
			return json.Unmarshal(stored, s)
		})
	})
	if err != nil {
		return err
	}
	e.catalogue.Store(fresh)
	return nil
}

// table finds a table for an operation on its items.
func (e *Engine) table(name string) (*table, error) {
	if t, ok := e.catalogue.Load().tables[name]; ok {
		return t, nil
	}
	return nil, noTable()
}

func putJSON(b *bbolt.Bucket, key string, v any) error {
	stored, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.Put([]byte(key), stored)
}

// readItem reads the item at key, nil when there is none. A table deleted since it was looked up has none.
func readItem(tx *bbolt.Tx, t *table, key []byte) (item, error) {
	stored, err := readStored(tx, t, key)
	if err != nil {
		return nil, err
	}
	it, err := decodeItem(stored)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", t.Name, err)
	}
	return it, nil
}

// readStored is an item as it lies in the file, nil when there is none. It is the transaction's.
func readStored(tx *bbolt.Tx, t *table, key []byte) ([]byte, error) {
	items := tx.Bucket(t.itemsBucket())
	if items == nil {
		return nil, noTable()
	}
	return items.Get(key), nil
}

// sizes of a table: how many items, and how many bytes they are.
type sizes struct{ items, bytes int64 }

func readSizes(tx *bbolt.Tx, t *table) sizes {
	stored := tx.Bucket(bucketSizes).Get(number64(t.ID))
	if len(stored) != 16 {
		return sizes{}
	}
	return sizes{int64(binary.BigEndian.Uint64(stored)), int64(binary.BigEndian.Uint64(stored[8:]))}
}

func (s sizes) write(ed *editor, t *table) error {
	return ed.put(bucketSizes, number64(t.ID), append(number64(uint64(s.items)), number64(uint64(s.bytes))...))
}

// number64 is a number as a key that sorts by it.
func number64(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
