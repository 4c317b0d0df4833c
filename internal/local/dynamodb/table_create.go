package dynamodb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
)

type createTableRequest struct {
	TableName                 *string
	AttributeDefinitions      []attributeDefinition
	KeySchema                 []keySchemaElement
	BillingMode               string
	ProvisionedThroughput     *throughput
	GlobalSecondaryIndexes    *[]indexRequest
	LocalSecondaryIndexes     *[]indexRequest
	StreamSpecification       *streamSpecification
	DeletionProtectionEnabled bool
}

type indexRequest struct {
	IndexName             *string
	KeySchema             []keySchemaElement
	Projection            *projectionSpec
	ProvisionedThroughput *throughput
}

// createTable answers CREATING, as AWS does, though the table can be used at once.
func (e *Engine) createTable(ctx context.Context, in *createTableRequest) (*described, error) {
	t, invalid := in.table()
	if invalid != nil {
		return nil, invalid
	}
	t.Created = e.now().UTC()
	err := e.submit(ctx, &write{alone: true, plan: func(tx *bbolt.Tx) ([]effect, error) {
		if _, exists := e.catalogue.Load().tables[t.Name]; exists {
			return nil, refused("ResourceInUseException", "Table already exists: %s", t.Name)
		}
		return []effect{func(ed *editor) error { return t.create(ed.tx, in.StreamSpecification) }}, nil
	}})
	if err != nil {
		return nil, err
	}
	return &described{t.describe("CREATING", sizes{})}, nil
}

// create makes the table's buckets and its entry.
func (t *table) create(tx *bbolt.Tx, spec *streamSpecification) error {
	tables := tx.Bucket(bucketTables)
	id, err := tables.NextSequence()
	if err != nil {
		return err
	}
	t.ID = id
	names := [][]byte{t.itemsBucket(), t.ttlBucket()}
	for _, ix := range t.Indexes {
		names = append(names, t.indexBucket(ix))
	}
	for _, name := range names {
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	if spec != nil && spec.StreamEnabled {
		if err := t.openStream(tx, spec.StreamViewType, t.Created); err != nil {
			return err
		}
	}
	return putJSON(tables, t.Name, t)
}

// table checks the request and makes a table of it.
func (r *createTableRequest) table() (*table, *apiError) {
	if err := r.checkShape(); err != nil {
		return nil, err
	}
	t := &table{
		Name: *r.TableName, Attributes: r.AttributeDefinitions, Billing: r.BillingMode,
		Protected: r.DeletionProtectionEnabled,
	}
	if err := r.bill(t); err != nil {
		return nil, err
	}
	if err := checkDefinitions(r.AttributeDefinitions); err != nil {
		return nil, err
	}
	var err *apiError
	if t.Keys, err = t.keysOf(r.KeySchema); err != nil {
		return nil, err
	}
	for _, list := range []struct {
		given *[]indexRequest
		kind  string
		most  int
	}{{r.LocalSecondaryIndexes, "LocalSecondaryIndex", 5}, {r.GlobalSecondaryIndexes, "GlobalSecondaryIndex", 20}} {
		if err := t.addIndexes(list.given, list.kind, list.most); err != nil {
			return nil, err
		}
	}
	if err := t.checkDefinitionsUsed(); err != nil {
		return nil, err
	}
	return t, r.StreamSpecification.check()
}

// checkShape refuses what the shape of the request already shows to be wrong.
func (r *createTableRequest) checkShape() *apiError {
	if err := checkTable(r.TableName); err != nil {
		return err
	}
	if r.AttributeDefinitions == nil {
		return constraint("null", "attributeDefinitions", "not be null")
	}
	if err := checkSchema(r.KeySchema); err != nil {
		return err
	}
	for kind, list := range map[string]*[]indexRequest{
		"localSecondaryIndexes": r.LocalSecondaryIndexes, "globalSecondaryIndexes": r.GlobalSecondaryIndexes,
	} {
		if list == nil {
			continue
		}
		for i, ix := range *list {
			if err := ix.checkShape(); err != nil {
				return err.under(fmt.Sprintf("%s.%d.member.", kind, i+1))
			}
		}
	}
	return r.ProvisionedThroughput.check()
}

// checkSchema refuses a key schema that is none, of any table.
func checkSchema(schema []keySchemaElement) *apiError {
	switch {
	case schema == nil:
		return constraint("null", "keySchema", "not be null")
	case len(schema) == 0:
		return constraint("'[]'", "keySchema", "have length greater than or equal to 1")
	case len(schema) > 2:
		return constraint("'[...]'", "keySchema", "have length less than or equal to 2")
	}
	for i, element := range schema {
		member := fmt.Sprintf("keySchema.%d.member.", i+1)
		switch {
		case element.AttributeName == "":
			return constraint("null", member+"attributeName", "not be null")
		case element.KeyType == "":
			return constraint("null", member+"keyType", "not be null")
		}
		if err := checkEnum(member+"keyType", element.KeyType, "HASH", "RANGE"); err != nil {
			return err
		}
	}
	return nil
}

func (p *throughput) check() *apiError {
	if p == nil {
		return nil
	}
	rule := "have value greater than or equal to 1"
	switch {
	case p.ReadCapacityUnits < 1:
		return constraint(fmt.Sprintf("'%d'", p.ReadCapacityUnits), "provisionedThroughput.readCapacityUnits", rule)
	case p.WriteCapacityUnits < 1:
		return constraint(fmt.Sprintf("'%d'", p.WriteCapacityUnits), "provisionedThroughput.writeCapacityUnits", rule)
	}
	return nil
}

func (s *streamSpecification) check() *apiError {
	switch {
	case s == nil || !s.StreamEnabled && s.StreamViewType == "":
		return nil
	case !s.StreamEnabled:
		return invalidParameter("Table is being created with a stream disabled, UpdateViewType should not be specified")
	case s.StreamViewType == "":
		return invalidParameter("StreamViewType must be specified when StreamEnabled is true")
	}
	return checkEnum("streamSpecification.streamViewType", s.StreamViewType,
		"NEW_AND_OLD_IMAGES", "OLD_IMAGE", "NEW_IMAGE", "KEYS_ONLY")
}

func (r *createTableRequest) bill(t *table) *apiError {
	if err := checkEnum("billingMode", r.BillingMode, "PROVISIONED", "PAY_PER_REQUEST"); err != nil {
		return err
	}
	given := r.ProvisionedThroughput
	switch {
	case r.BillingMode == "PAY_PER_REQUEST" && given != nil:
		return invalidParameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when " +
			"BillingMode is PAY_PER_REQUEST")
	case r.BillingMode == "PAY_PER_REQUEST":
		return nil
	case given == nil:
		return invalidParameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when " +
			"BillingMode is PROVISIONED")
	}
	t.Billing, t.Throughput = "PROVISIONED", *given
	return nil
}

func checkDefinitions(definitions []attributeDefinition) *apiError {
	seen := map[string]bool{}
	for i, d := range definitions {
		member := fmt.Sprintf("attributeDefinitions.%d.member.", i+1)
		switch {
		case d.AttributeName == "":
			return constraint("null", member+"attributeName", "not be null")
		case d.AttributeType == "":
			return constraint("null", member+"attributeType", "not be null")
		}
		if err := checkEnum(member+"attributeType", d.AttributeType, "B", "N", "S"); err != nil {
			return err
		}
		if seen[d.AttributeName] {
			return invalidParameter("Cannot add, delete, or update AttributeDefinition of %s twice", d.AttributeName)
		}
		seen[d.AttributeName] = true
	}
	return nil
}

// keysOf checks a key schema against the attribute definitions.
func (t *table) keysOf(schema []keySchemaElement) (keyNames, *apiError) {
	var keys keyNames
	names := make([]string, len(schema))
	for i, element := range schema {
		names[i] = element.AttributeName
	}
	defined := make([]string, len(t.Attributes))
	for i, d := range t.Attributes {
		defined[i] = d.AttributeName
	}
	if len(names) > len(defined) {
		return keys, invalid("Invalid KeySchema: Some index key attribute have no definition")
	}
	for _, name := range names {
		if !slices.Contains(defined, name) {
			return keys, invalidParameter("Some index key attributes are not defined in AttributeDefinitions. "+
				"Keys: [%s], AttributeDefinitions: [%s]", strings.Join(names, ", "), strings.Join(defined, ", "))
		}
	}
	if schema[0].KeyType != "HASH" {
		return keys, invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	}
	keys.Partition = names[0]
	if len(schema) == 1 {
		return keys, nil
	}
	switch {
	case names[0] == names[1]:
		return keys, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	case schema[1].KeyType != "RANGE":
		return keys, invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
	}
	keys.Sort = names[1]
	return keys, nil
}

// checkDefinitionsUsed refuses a definition of an attribute that is no key.
func (t *table) checkDefinitionsUsed() *apiError {
	used := t.Keys.list()
	for _, ix := range t.Indexes {
		used = append(used, ix.Keys.list()...)
	}
	for _, d := range t.Attributes {
		if slices.Contains(used, d.AttributeName) {
			continue
		}
		if len(t.Indexes) == 0 {
			return invalidParameter("Number of attributes in KeySchema does not exactly match number of attributes " +
				"defined in AttributeDefinitions")
		}
		return invalidParameter("Some AttributeDefinitions are not used. AttributeDefinitions: [%s], keys used: [%s]",
			d.AttributeName, strings.Join(used, ", "))
	}
	return nil
}
