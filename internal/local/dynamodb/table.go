package dynamodb

import (
	"slices"
	"time"
)

// table is what is stored of a table beside its items. It is never changed once published in a catalogue.
type table struct {
	ID          uint64 // names the table's buckets; never used again
	UUID        string
	Name        string
	Keys        keyNames
	Attributes  []attributeDefinition
	Indexes     []index
	Created     time.Time
	Billing     string // PROVISIONED or PAY_PER_REQUEST
	Throughput  throughput
	Protected   bool      // against DeleteTable
	TTL         string    // attribute that holds the expiry, or empty
	TTLChanged  time.Time // of the last UpdateTimeToLive
	StreamID    uint64    // of the enabled stream, or 0
	LatestLabel string    // of the enabled stream, or of the last one
	ViewType    string    // of the enabled stream
}

// index is a global or local secondary index.
type index struct {
	Name       string
	Local      bool
	Keys       keyNames
	Projection projectionSpec
	Throughput throughput
}

type attributeDefinition struct {
	AttributeName string
	AttributeType string
}

type keySchemaElement struct {
	AttributeName string
	KeyType       string
}

type projectionSpec struct {
	ProjectionType   string   `json:",omitempty"`
	NonKeyAttributes []string `json:",omitempty"`
}

type throughput struct {
	ReadCapacityUnits  int64
	WriteCapacityUnits int64
}

// keyKind is the declared type of a key attribute.
func (t *table) keyKind(attribute string) kind {
	for _, d := range t.Attributes {
		if d.AttributeName == attribute {
			return kindNamed(d.AttributeType)
		}
	}
	return kindNone
}

func kindNamed(name string) kind {
	switch name {
	case "S":
		return kindS
	case "N":
		return kindN
	case "B":
		return kindB
	}
	return kindNone
}

func (t *table) index(name string) (index, bool) {
	i := slices.IndexFunc(t.Indexes, func(ix index) bool { return ix.Name == name })
	if i < 0 {
		return index{}, false
	}
	return t.Indexes[i], true
}

// entryKey is the key of an item's entry in an index: the index's key, then the table's. An item that lacks
// one of the index's attributes has none.
func (t *table) entryKey(ix index, key []byte, it item) []byte {
	for _, name := range ix.Keys.list() {
		if it[name].kind != t.keyKind(name) {
			return nil
		}
	}
	return append(ix.Keys.of(it), key...)
}

// projects is what a read through the index gives of an item; nil for all of it.
func (t *table) projects(ix index) *projection {
	if ix.Projection.ProjectionType == "ALL" {
		return nil
	}
	names := slices.Concat(t.Keys.list(), ix.Keys.list(), ix.Projection.NonKeyAttributes)
	paths := make([]path, len(names))
	for i, name := range names {
		paths[i] = path{{name: name, index: -1}}
	}
	return newProjection(paths)
}

// Limits of key attributes in bytes.
const (
	maxPartitionKey = 2048
	maxSortKey      = 1024
)

// checkKey checks the Key of a request: exactly the key attributes, of their types, and not empty.
func (t *table) checkKey(key item) *apiError {
	mismatch := invalid("The provided key element does not match the schema")
	if len(key) != len(t.Keys.list()) {
		return mismatch
	}
	for _, name := range t.Keys.list() {
		v, ok := key[name]
		if !ok || v.kind != t.keyKind(name) {
			return mismatch
		}
		if err := checkKeyValue(name, v, name == t.Keys.Partition); err != nil {
			return err
		}
	}
	return nil
}

func checkKeyValue(name string, v value, partition bool) *apiError {
	switch {
	case v.kind == kindN:
		return nil
	case v.text == "":
		return emptyKey("The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s",
			emptyWord(v), name)
	case partition && len(v.text) > maxPartitionKey:
		return invalidParameter("Size of hashkey has exceeded the maximum size limit of2048 bytes")
	case !partition && len(v.text) > maxSortKey:
		return invalidParameter("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
	}
	return nil
}

func emptyWord(v value) string {
	if v.kind == kindB {
		return "binary"
	}
	return "string"
}

// emptyKey is an error that a transaction reports as such and not as the reason for its cancellation.
func emptyKey(format string, args ...any) *apiError {
	err := invalid("One or more parameter values are not valid. "+format, args...)
	err.upfront = true
	return err
}

// checkItem checks the key attributes of an item to be put, then those of the indexes.
func (t *table) checkItem(it item) *apiError {
	for _, name := range t.Keys.list() {
		v, ok := it[name]
		if !ok {
			return invalidParameter("Missing the key %s in the item", name)
		}
		if k := t.keyKind(name); v.kind != k {
			return invalidParameter("Type mismatch for key %s expected: %s actual: %s", name, k, v.kind)
		}
		if err := checkKeyValue(name, v, name == t.Keys.Partition); err != nil {
			return err
		}
	}
	return t.checkIndexKeys(it, func(ix index, name string, v value) *apiError {
		return emptyKey("A value specified for a secondary index key is not supported. "+
			"The AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %s, IndexKey: %s",
			emptyWord(v), ix.Name, name)
	})
}

// checkIndexKeys checks that attributes that are keys of indexes have their types and are not empty.
func (t *table) checkIndexKeys(it item, empty func(index, string, value) *apiError) *apiError {
	for _, ix := range t.indexesByName() {
		for i, name := range ix.Keys.list() {
			v, ok := it[name]
			if !ok {
				continue
			}
			if k := t.keyKind(name); v.kind != k {
				return invalidParameter("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s",
					name, k, v.kind, ix.Name)
			}
			if v.kind != kindN && v.text == "" {
				return empty(ix, name, v)
			}
			if err := checkKeyValue(name, v, i == 0); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *table) indexesByName() []index {
	sorted := slices.Clone(t.Indexes)
	slices.SortFunc(sorted, func(a, b index) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return sorted
}

// checkKeyPaths refuses expression paths into key attributes, which are never lists or maps.
func (t *table) checkKeyPaths(paths []path) *apiError {
	for _, p := range paths {
		if len(p) > 1 && (p[0].name == t.Keys.Partition || p[0].name == t.Keys.Sort) {
			return invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' "+
				"are not allowed: Key: %s", p[0].name)
		}
	}
	return nil
}
