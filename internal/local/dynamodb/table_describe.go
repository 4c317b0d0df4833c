package dynamodb

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
)

// tableDescription is a table as CreateTable, DescribeTable, UpdateTable and DeleteTable answer it.
type tableDescription struct {
	TableName                 string
	TableId                   string
	TableArn                  string
	TableStatus               string
	CreationDateTime          float64
	KeySchema                 []keySchemaElement
	AttributeDefinitions      []attributeDefinition
	ItemCount                 int64
	TableSizeBytes            int64
	BillingModeSummary        *billingMode `json:",omitempty"`
	ProvisionedThroughput     describedThroughput
	GlobalSecondaryIndexes    []indexDescription   `json:",omitempty"`
	LocalSecondaryIndexes     []indexDescription   `json:",omitempty"`
	StreamSpecification       *streamSpecification `json:",omitempty"`
	LatestStreamArn           string               `json:",omitempty"`
	LatestStreamLabel         string               `json:",omitempty"`
	DeletionProtectionEnabled bool
}

type billingMode struct{ BillingMode string }

type describedThroughput struct {
	NumberOfDecreasesToday int
	throughput
}

type indexDescription struct {
	IndexName             string
	IndexArn              string
	IndexStatus           string `json:",omitempty"` // of global indexes
	KeySchema             []keySchemaElement
	Projection            projectionSpec
	ItemCount             int64
	IndexSizeBytes        int64
	ProvisionedThroughput *describedThroughput `json:",omitempty"`
}

type streamSpecification struct {
	StreamEnabled  bool
	StreamViewType string `json:",omitempty"`
}

// described answers operations that return a TableDescription.
type described struct{ TableDescription *tableDescription }

func epoch(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }

func (k keyNames) schema() []keySchemaElement {
	schema := []keySchemaElement{{AttributeName: k.Partition, KeyType: "HASH"}}
	if k.Sort != "" {
		schema = append(schema, keySchemaElement{AttributeName: k.Sort, KeyType: "RANGE"})
	}
	return schema
}

func (t *table) describe(status string, size sizes) *tableDescription {
	shown := &tableDescription{
		TableName: t.Name, TableArn: tableARN(t.Name), TableStatus: status,
		TableId:          uuid.NewSHA1(uuid.NameSpaceURL, []byte(tableARN(t.Name)+t.Created.String())).String(),
		CreationDateTime: epoch(t.Created), KeySchema: t.Keys.schema(), AttributeDefinitions: t.Attributes,
		ItemCount: size.items, TableSizeBytes: size.bytes,
		ProvisionedThroughput:     describedThroughput{throughput: t.Throughput},
		DeletionProtectionEnabled: t.Protected,
	}
	if t.Billing == "PAY_PER_REQUEST" {
		shown.BillingModeSummary = &billingMode{t.Billing}
	}
	for _, ix := range t.Indexes {
		list := &shown.GlobalSecondaryIndexes
		if ix.Local {
			list = &shown.LocalSecondaryIndexes
		}
		*list = append(*list, ix.describe(t, status))
	}
	if t.StreamID != 0 {
		shown.StreamSpecification = &streamSpecification{StreamEnabled: true, StreamViewType: t.ViewType}
	}
	if t.LatestLabel != "" {
		shown.LatestStreamLabel, shown.LatestStreamArn = t.LatestLabel, streamARN(t.Name, t.LatestLabel)
	}
	return shown
}

func (ix index) describe(t *table, status string) indexDescription {
	shown := indexDescription{
		IndexName: ix.Name, IndexArn: tableARN(t.Name) + "/index/" + ix.Name, KeySchema: ix.Keys.schema(),
		Projection: ix.Projection,
	}
	if !ix.Local {
		shown.IndexStatus = status
		shown.ProvisionedThroughput = &describedThroughput{throughput: ix.Throughput}
	}
	return shown
}

type describeTableRequest struct{ TableName *string }

func (e *Engine) describeTable(
	_ context.Context, in *describeTableRequest,
) (*struct{ Table *tableDescription }, error) {
	t, err := e.describedTable(in.TableName)
	if err != nil {
		return nil, err
	}
	size, err := e.sizes(t)
	if err != nil {
		return nil, err
	}
	return &struct{ Table *tableDescription }{t.describe("ACTIVE", size)}, nil
}

// describedTable finds a table for an operation on the table itself.
func (e *Engine) describedTable(name *string) (*table, error) {
	if err := checkTable(name); err != nil {
		return nil, err
	}
	if t, ok := e.catalogue.Load().tables[*name]; ok {
		return t, nil
	}
	return nil, noTableNamed(*name)
}

func (e *Engine) sizes(t *table) (size sizes, err error) {
	err = e.db.View(func(tx *bbolt.Tx) error {
		size = readSizes(tx, t)
		return nil
	})
	return size, err
}

type listTablesRequest struct {
	ExclusiveStartTableName *string
	Limit                   *int
}

type listTablesAnswer struct {
	TableNames             []string
	LastEvaluatedTableName string `json:",omitempty"`
}

const maxTables = 100

func (e *Engine) listTables(_ context.Context, in *listTablesRequest) (*listTablesAnswer, error) {
	limit, err := within(in.Limit, maxTables)
	if err != nil {
		return nil, err
	}
	start := ""
	if in.ExclusiveStartTableName != nil {
		start = *in.ExclusiveStartTableName
		if err := checkName("exclusiveStartTableName", &start, 3); err != nil {
			return nil, err
		}
	}
	answer := &listTablesAnswer{TableNames: []string{}}
	for _, name := range slices.Sorted(maps.Keys(e.catalogue.Load().tables)) {
		if name <= start {
			continue
		}
		if len(answer.TableNames) == limit {
			answer.LastEvaluatedTableName = answer.TableNames[limit-1]
			break
		}
		answer.TableNames = append(answer.TableNames, name)
	}
	return answer, nil
}
