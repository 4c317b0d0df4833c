package dynamodb

import (
	"context"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

type updateTableRequest struct {
	TableName                   *string
	AttributeDefinitions        []attributeDefinition
	BillingMode                 string
	ProvisionedThroughput       *throughput
	StreamSpecification         *streamSpecification
	DeletionProtectionEnabled   *bool
	GlobalSecondaryIndexUpdates []indexUpdate
}

type indexUpdate struct {
	Create *indexRequest
	Delete *struct{ IndexName *string }
	Update *indexRequest
}

// alter changes a table: edit changes its definition, and refuses if it must; then after, with the new
// definition, makes the file follow.
func (e *Engine) alter(
	ctx context.Context, name string, edit func(*bbolt.Tx, *table) error, after func(*table, *bbolt.Tx) error,
) error {
	return e.submit(ctx, &write{alone: true, plan: func(tx *bbolt.Tx) ([]effect, error) {
		current, err := e.describedTable(&name)
		if err != nil {
			return nil, err
		}
		t := *current
		t.Indexes, t.Attributes = slices.Clone(t.Indexes), slices.Clone(t.Attributes)
		if err := edit(tx, &t); err != nil {
			return nil, err
		}
		return []effect{func(ed *editor) error {
			if err := after(&t, ed.tx); err != nil {
				return err
			}
			return putJSON(ed.tx.Bucket(bucketTables), t.Name, &t)
		}}, nil
	}})
}

// updateTable changes billing, stream, protection, and one global index at a time. All is done when it answers.
func (e *Engine) updateTable(ctx context.Context, in *updateTableRequest) (*described, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	now := e.now().UTC()
	err := e.alter(ctx, *in.TableName, func(_ *bbolt.Tx, t *table) error {
		if err := in.edit(t); err != nil {
			return err
		}
		return nil
	}, func(t *table, tx *bbolt.Tx) error { return in.follow(tx, t, now) })
	if err != nil {
		return nil, err
	}
	t, err := e.describedTable(in.TableName)
	if err != nil {
		return nil, err
	}
	size, err := e.sizes(t)
	if err != nil {
		return nil, err
	}
	return &described{t.describe("UPDATING", size)}, nil
}

func (r *updateTableRequest) check() *apiError {
	if err := checkTable(r.TableName); err != nil {
		return err
	}
	if r.BillingMode == "" && r.ProvisionedThroughput == nil && r.StreamSpecification == nil &&
		r.DeletionProtectionEnabled == nil && len(r.GlobalSecondaryIndexUpdates) == 0 {
		return invalid("At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, " +
			"GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required")
	}
	if len(r.GlobalSecondaryIndexUpdates) > 1 {
		return refused("LimitExceededException",
			"Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
	}
	for _, each := range r.GlobalSecondaryIndexUpdates {
		if err := each.check(); err != nil {
			return err.under("globalSecondaryIndexUpdates.1.member.")
		}
	}
	if err := checkEnum("billingMode", r.BillingMode, "PROVISIONED", "PAY_PER_REQUEST"); err != nil {
		return err
	}
	if err := r.ProvisionedThroughput.check(); err != nil {
		return err
	}
	return r.StreamSpecification.check()
}

func (u indexUpdate) check() *apiError {
	given := 0
	for _, is := range []bool{u.Create != nil, u.Delete != nil, u.Update != nil} {
		if is {
			given++
		}
	}
	switch {
	case given == 0:
		return invalidParameter("One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, " +
			"GlobalSecondaryIndexUpdate.Delete must not be null")
	case given > 1:
		return invalidParameter("Only one of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, " +
			"GlobalSecondaryIndexUpdate.Delete may be given")
	case u.Create != nil:
		return u.Create.checkShape().under("create.")
	case u.Delete != nil:
		return checkName("indexName", u.Delete.IndexName, 3).under("delete.")
	default:
		return checkName("indexName", u.Update.IndexName, 3).under("update.")
	}
}

// edit changes the definition of the table, but for its stream.
func (r *updateTableRequest) edit(t *table) *apiError {
	if s := r.StreamSpecification; s != nil && s.StreamEnabled == (t.StreamID != 0) {
		if s.StreamEnabled {
			return invalid("Table already has an enabled stream: TableName: %s", t.Name)
		}
		return invalid("Table has no stream to disable: TableName: %s", t.Name)
	}
	if r.BillingMode != "" {
		t.Billing = r.BillingMode
	}
	if r.ProvisionedThroughput != nil {
		t.Throughput = *r.ProvisionedThroughput
	}
	if r.BillingMode == "PAY_PER_REQUEST" {
		t.Throughput = throughput{}
	}
	if r.DeletionProtectionEnabled != nil {
		t.Protected = *r.DeletionProtectionEnabled
	}
	for _, u := range r.GlobalSecondaryIndexUpdates {
		if err := u.edit(t, r.AttributeDefinitions); err != nil {
			return err
		}
	}
	return nil
}

func (u indexUpdate) edit(t *table, definitions []attributeDefinition) *apiError {
	switch {
	case u.Create != nil:
		for _, d := range definitions {
			if t.keyKind(d.AttributeName) == kindNone {
				t.Attributes = append(t.Attributes, d)
			}
		}
		if err := checkDefinitions(t.Attributes); err != nil {
			return err
		}
		return t.addIndexes(&[]indexRequest{*u.Create}, "GlobalSecondaryIndex", 20)
	case u.Delete != nil:
		at := slices.IndexFunc(t.Indexes, func(ix index) bool { return ix.Name == *u.Delete.IndexName && !ix.Local })
		if at < 0 {
			return refused("ResourceNotFoundException", "Requested resource not found")
		}
		t.Indexes = slices.Delete(t.Indexes, at, at+1)
		t.dropUnusedDefinitions()
	}
	return nil // an update is one of throughput, which nothing here depends on
}

func (t *table) dropUnusedDefinitions() {
	used := t.Keys.list()
	for _, ix := range t.Indexes {
		used = append(used, ix.Keys.list()...)
	}
	t.Attributes = slices.DeleteFunc(t.Attributes, func(d attributeDefinition) bool {
		return !slices.Contains(used, d.AttributeName)
	})
}

// follow makes the stream and the index's entries what the definition says.
func (r *updateTableRequest) follow(tx *bbolt.Tx, t *table, now time.Time) error {
	if s := r.StreamSpecification; s != nil {
		if s.StreamEnabled {
			if err := t.openStream(tx, s.StreamViewType, now); err != nil {
				return err
			}
		} else if err := t.closeStream(tx, now); err != nil {
			return err
		}
	}
	for _, u := range r.GlobalSecondaryIndexUpdates {
		if u.Delete != nil {
			return tx.DeleteBucket(t.indexBucket(index{Name: *u.Delete.IndexName}))
		}
		if u.Create != nil {
			ix, _ := t.index(*u.Create.IndexName)
			return t.rebuildIndex(tx, ix)
		}
	}
	return nil
}

// openStream begins a new stream for the table.
func (t *table) openStream(tx *bbolt.Tx, viewType string, now time.Time) error {
	streams := tx.Bucket(bucketStreams)
	id, err := streams.NextSequence()
	if err != nil {
		return err
	}
	label := now.Format("2006-01-02T15:04:05.000")
	for streams.Get([]byte(streamARN(t.Name, label))) != nil { // two within a millisecond
		now = now.Add(time.Millisecond)
		label = now.Format("2006-01-02T15:04:05.000")
	}
	t.StreamID, t.LatestLabel, t.ViewType = id, label, viewType
	if _, err := tx.CreateBucket(streamBucket(id)); err != nil {
		return err
	}
	s := &stream{ID: id, Table: t.Name, Label: label, ViewType: viewType, Keys: t.Keys, Created: now}
	return putJSON(streams, s.arn(), s)
}

// closeStream ends the table's stream, which can still be read for a day.
func (t *table) closeStream(tx *bbolt.Tx, now time.Time) error {
	s := &stream{
		ID: t.StreamID, Table: t.Name, Label: t.LatestLabel, ViewType: t.ViewType, Keys: t.Keys, Closed: now,
	}
	created, err := time.Parse("2006-01-02T15:04:05.000", t.LatestLabel)
	if err != nil {
		return err
	}
	s.Created = created
	t.StreamID, t.ViewType = 0, ""
	return putJSON(tx.Bucket(bucketStreams), s.arn(), s)
}

// deleteTable answers DELETING, as AWS does, though the table is gone at once. Its stream can be read for a day.
func (e *Engine) deleteTable(ctx context.Context, in *describeTableRequest) (*described, error) {
	if err := checkTable(in.TableName); err != nil {
		return nil, err
	}
	var gone *table
	err := e.submit(ctx, &write{alone: true, plan: func(*bbolt.Tx) ([]effect, error) {
		current, err := e.describedTable(in.TableName)
		if err != nil {
			return nil, err
		}
		if current.Protected {
			return nil, invalid("Resource cannot be deleted as it is currently protected against deletion. " +
				"Disable deletion protection first.")
		}
		t := *current
		gone = current
		return []effect{func(ed *editor) error { return t.remove(ed.tx, e.now().UTC()) }}, nil
	}})
	if err != nil {
		return nil, err
	}
	return &described{gone.describe("DELETING", sizes{})}, nil
}

func (t *table) remove(tx *bbolt.Tx, now time.Time) error {
	if t.StreamID != 0 {
		if err := t.closeStream(tx, now); err != nil {
			return err
		}
	}
	names := [][]byte{t.itemsBucket(), t.ttlBucket()}
	for _, ix := range t.Indexes {
		names = append(names, t.indexBucket(ix))
	}
	for _, name := range names {
		if err := tx.DeleteBucket(name); err != nil {
			return err
		}
	}
	if err := tx.Bucket(bucketSizes).Delete(number64(t.ID)); err != nil {
		return err
	}
	return tx.Bucket(bucketTables).Delete([]byte(t.Name))
}
