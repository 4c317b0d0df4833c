package dynamodb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"
)

// maxPage is how many bytes of items a query or scan looks at before it stops.
const maxPage = 1 << 20

// usualPage is how many bytes of JSON a page is expected to have at first, and mostPage when its first item is known.
const (
	usualPage = 4 << 10
	mostPage  = 256 << 10
)

// page is one query or scan, ready to run.
type page struct {
	table      *table
	index      *index // nil for the table itself
	low, high  []byte // the keys to look at; high is excluded, and nil means to the end
	after      []byte // the exclusive start key, or nil
	scan       bool   // of all partitions
	backward   bool
	limit      int // of items looked at, or 0
	filter     *node
	visible    *projection // what of an item the index has
	projection *projection // what of that is wanted
	count      bool        // and no items
	consistent bool
}

// pageAnswer answers Query and Scan.
type pageAnswer struct {
	items            []byte // the beginning of the answer with the items in it, or nil where they are only counted
	Count            int
	ScannedCount     int
	LastEvaluatedKey item      `json:",omitempty"`
	ConsumedCapacity *capacity `json:",omitempty"`

	bytes int
}

// json is the whole answer: the items are at its beginning already.
func (a *pageAnswer) json() []byte {
	rest, _ := json.Marshal(a) // has only what always marshals
	if a.items == nil {
		return rest
	}
	return append(append(a.items, "],"...), rest[1:]...)
}

// keys are those that the page is ordered by.
func (p *page) keys() keyNames {
	if p.index != nil {
		return p.index.Keys
	}
	return p.table.Keys
}

// run looks at items until there are no more, or enough, and appends what it keeps to bytes that are lent.
func (p *page) run(tx *bbolt.Tx, lent []byte) (*pageAnswer, error) {
	items := tx.Bucket(p.table.itemsBucket())
	if items == nil {
		return nil, noTable() // deleted since it was looked up
	}
	source := items
	if p.index != nil {
		if source = tx.Bucket(p.table.indexBucket(*p.index)); source == nil {
			return nil, noIndex(p.index.Name)
		}
	}
	answer := &pageAnswer{}
	if !p.count {
		answer.items = append(slices.Grow(lent, usualPage), `{"Items":[`...)
	}
	cursor := source.Cursor()
	for key, stored := p.first(cursor); p.within(key); key, stored = p.step(cursor) {
		if p.index != nil {
			stored = items.Get(stored)
		}
		full, err := p.look(stored, answer)
		if err != nil {
			return nil, fmt.Errorf("table %s, key %x: %w", p.table.Name, key, err)
		}
		if full {
			break
		}
	}
	return answer, nil
}

// look counts an item and keeps it if it passes the filter. It tells whether the page is full.
func (p *page) look(stored []byte, answer *pageAnswer) (full bool, err error) {
	if stored == nil {
		return false, errCorrupt // an index has led to nothing
	}
	keep := p.keep
	if !p.count && p.filter == nil && p.visible == nil && p.projection == nil {
		keep = p.keepWhole
	}
	if err := keep(stored, answer); err != nil {
		return false, err
	}
	answer.ScannedCount++
	if answer.ScannedCount != p.limit && answer.bytes < maxPage {
		return false, nil
	}
	whole, err := decodeItem(stored)
	answer.LastEvaluatedKey = p.position(whole)
	return true, err
}

// keepWhole keeps an item as it lies in the file.
func (p *page) keepWhole(stored []byte, answer *pageAnswer) error {
	if answer.Count == 1 && p.limit > 1 { // the others are much like the first
		answer.items = slices.Grow(answer.items, min(len(answer.items)*p.limit*9/8, mostPage))
	}
	wire, size, err := transcode(answer.next(), stored)
	if err != nil {
		return err
	}
	answer.items, answer.bytes, answer.Count = wire, answer.bytes+size, answer.Count+1
	return nil
}

// keep keeps of an item what is asked for, if it passes the filter.
func (p *page) keep(stored []byte, answer *pageAnswer) error {
	whole, err := decodeItem(stored)
	if err != nil {
		return err
	}
	it := p.visible.of(whole)
	answer.bytes += it.size()
	if !p.filter.holds(it) {
		return nil
	}
	if !p.count {
		answer.items = p.projection.of(it).appendJSON(answer.next())
	}
	answer.Count++
	return nil
}

// next is the answer's items, ready for one more.
func (a *pageAnswer) next() []byte {
	if a.Count > 0 {
		return append(a.items, ',')
	}
	return a.items
}

// position is the key attributes that tell where an item is: the table's, and the index's.
func (p *page) position(whole item) item {
	position := p.table.Keys.pick(whole)
	for name, v := range p.keys().pick(whole) {
		position[name] = v
	}
	return position
}

// keyAt is the key of a position among those the page is ordered by.
func (p *page) keyAt(position item) []byte {
	key := p.table.Keys.of(position)
	if p.index == nil {
		return key
	}
	return append(p.index.Keys.of(position), key...)
}

func (p *page) first(c *bbolt.Cursor) (key, stored []byte) {
	if !p.backward {
		if bytes.Compare(p.after, p.low) < 0 {
			return c.Seek(p.low)
		}
		key, stored = c.Seek(p.after)
		if p.after != nil && bytes.Equal(key, p.after) {
			return c.Next()
		}
		return key, stored
	}
	end := p.high
	if p.after != nil && (end == nil || bytes.Compare(p.after, end) < 0) {
		end = p.after
	}
	if end == nil {
		return c.Last()
	}
	if key, _ = c.Seek(end); key == nil {
		return c.Last()
	}
	return c.Prev()
}

func (p *page) step(c *bbolt.Cursor) (key, stored []byte) {
	if p.backward {
		return c.Prev()
	}
	return c.Next()
}

func (p *page) within(key []byte) bool {
	switch {
	case key == nil:
		return false
	case p.backward:
		return bytes.Compare(key, p.low) >= 0
	default:
		return p.high == nil || bytes.Compare(key, p.high) < 0
	}
}

// used is the capacity that the answer took.
func (p *page) used(answer *pageAnswer) *capacity {
	used := &capacity{TableName: p.table.Name}
	spent := readUnits(answer.bytes, p.consistent)
	if p.index == nil {
		used.CapacityUnits = spent
	} else {
		used.addIndex(*p.index, spent)
	}
	return used
}

func noIndex(name string) *apiError {
	return invalid("The table does not have the specified index: %s", name)
}
