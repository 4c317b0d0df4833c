package dynamodb

import (
	"slices"

	"go.etcd.io/bbolt"
)

// addIndexes adds the indexes that a request names to a table; nil is none.
func (t *table) addIndexes(given *[]indexRequest, kind string, most int) *apiError {
	switch {
	case given == nil:
		return nil
	case len(*given) == 0 && kind == "LocalSecondaryIndex":
		return invalidParameter("List of LocalSecondaryIndexes is empty")
	case len(*given) == 0:
		return invalidParameter("List of GlobalSecondaryIndexes is empty")
	case len(*given) > most && kind == "LocalSecondaryIndex":
		return invalidParameter("Number of LocalSecondaryIndexes exceeds per-table limit of %d", most)
	case len(*given) > most:
		return invalidParameter("GlobalSecondaryIndex count exceeds the per-table limit of %d", most)
	}
	for _, request := range *given {
		ix, err := request.index(t, kind == "LocalSecondaryIndex")
		if err != nil {
			return err
		}
		t.Indexes = append(t.Indexes, ix)
	}
	return nil
}

// checkShape refuses what is wrong with any index of any table.
func (r indexRequest) checkShape() *apiError {
	if err := checkName("indexName", r.IndexName, 3); err != nil {
		return err
	}
	if err := checkSchema(r.KeySchema); err != nil {
		return err
	}
	if r.Projection == nil {
		return constraint("null", "projection", "not be null")
	}
	if r.Projection.NonKeyAttributes != nil && len(r.Projection.NonKeyAttributes) == 0 {
		return constraint("'[]'", "projection.nonKeyAttributes", "have length greater than or equal to 1")
	}
	if err := checkEnum("projection.projectionType", r.Projection.ProjectionType, "ALL", "INCLUDE", "KEYS_ONLY"); err != nil {
		return err
	}
	return r.ProvisionedThroughput.check()
}

// index checks the request for an index of a table.
func (r indexRequest) index(t *table, local bool) (index, *apiError) {
	ix := index{Name: *r.IndexName, Local: local}
	var err *apiError
	if ix.Keys, err = t.keysOf(r.KeySchema); err != nil {
		return ix, err
	}
	if _, twice := t.index(ix.Name); twice {
		return ix, invalidParameter("Duplicate index name: %s", ix.Name)
	}
	if local {
		if err := ix.checkLocal(t); err != nil {
			return ix, err
		}
	}
	if r.ProvisionedThroughput != nil {
		if t.Billing == "PAY_PER_REQUEST" {
			return ix, invalidParameter("ProvisionedThroughput should not be specified for index: %s when "+
				"BillingMode is PAY_PER_REQUEST", ix.Name)
		}
		ix.Throughput = *r.ProvisionedThroughput
	}
	if r.Projection.ProjectionType == "" {
		return ix, invalidParameter("Unknown ProjectionType: null")
	}
	ix.Projection = *r.Projection
	return ix, ix.Projection.check()
}

func (ix index) checkLocal(t *table) *apiError {
	switch {
	case t.Keys.Sort == "":
		return invalidParameter("Table KeySchema does not have a range key, which is required when specifying a " +
			"LocalSecondaryIndex")
	case ix.Keys.Sort == "":
		return invalidParameter("Index KeySchema does not have a range key for index: %s", ix.Name)
	case ix.Keys.Partition != t.Keys.Partition:
		return invalidParameter("Index KeySchema does not have the same leading hash key as table KeySchema for "+
			"index: %s. index hash key: %s, table hash key: %s", ix.Name, ix.Keys.Partition, t.Keys.Partition)
	}
	return nil
}

func (p projectionSpec) check() *apiError {
	switch {
	case p.ProjectionType != "INCLUDE" && p.NonKeyAttributes != nil:
		return invalidParameter("ProjectionType is %s, but NonKeyAttributes is specified", p.ProjectionType)
	case p.ProjectionType == "INCLUDE" && len(p.NonKeyAttributes) == 0:
		return invalidParameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
	}
	return nil
}

// rebuildIndex makes an index of the items that are there. Items whose attributes are of other types than the
// index's keys are left out of it.
func (t *table) rebuildIndex(tx *bbolt.Tx, ix index) error {
	entries, err := emptyBucket(tx, t.indexBucket(ix))
	if err != nil {
		return err
	}
	return t.forEachItem(tx, func(key []byte, it item) error {
		if entry := t.entryKey(ix, key, it); entry != nil {
			return entries.Put(entry, slices.Clone(key))
		}
		return nil
	})
}

func (t *table) forEachItem(tx *bbolt.Tx, visit func(key []byte, it item) error) error {
	return tx.Bucket(t.itemsBucket()).ForEach(func(key, stored []byte) error {
		it, err := decodeItem(stored)
		if err != nil {
			return err
		}
		return visit(key, it)
	})
}

// emptyBucket makes a bucket, or makes it anew.
func emptyBucket(tx *bbolt.Tx, name []byte) (*bbolt.Bucket, error) {
	if tx.Bucket(name) != nil {
		if err := tx.DeleteBucket(name); err != nil {
			return nil, err
		}
	}
	return tx.CreateBucket(name)
}
