package conformance_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func testTables(s *section) {
	s.run("are described as they were made", func(t *testing.T) {
		name := s.table(t, "SN", withIndex("byg", "g", "h", types.ProjectionTypeInclude, "x"),
			withStream(types.StreamViewTypeNewImage))
		out, err := s.db.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: &name})
		if err != nil {
			t.Fatal(err)
		}
		d := out.Table
		if d.TableStatus != types.TableStatusActive || !strings.HasSuffix(*d.TableArn, ":table/"+name) ||
			d.BillingModeSummary.BillingMode != types.BillingModePayPerRequest || len(d.AttributeDefinitions) != 4 ||
			*d.KeySchema[1].AttributeName != "s" || d.KeySchema[1].KeyType != types.KeyTypeRange {
			t.Errorf("got %+v", d)
		}
		if *d.LatestStreamArn != *d.TableArn+"/stream/"+*d.LatestStreamLabel ||
			d.StreamSpecification.StreamViewType != types.StreamViewTypeNewImage {
			t.Errorf("got stream %s of %+v", *d.LatestStreamArn, d.StreamSpecification)
		}
		ix := d.GlobalSecondaryIndexes[0]
		if *ix.IndexName != "byg" || ix.IndexStatus != types.IndexStatusActive || *ix.KeySchema[1].AttributeName != "h" ||
			!strings.HasSuffix(*ix.IndexArn, ":table/"+name+"/index/byg") || ix.Projection.NonKeyAttributes[0] != "x" {
			t.Errorf("got index %+v", ix)
		}
	})
	s.run("are listed by name, in pages", func(t *testing.T) {
		prefix := newName()
		for _, suffix := range []string{"-3", "-1", "-2"} {
			s.table(t, "S", func(in *sdk.CreateTableInput) { in.TableName = aws.String(prefix + suffix) })
		}
		pages := sdk.NewListTablesPaginator(s.db, &sdk.ListTablesInput{
			Limit: aws.Int32(2), ExclusiveStartTableName: aws.String(prefix + "-0"),
		})
		var got []string
		for pages.HasMorePages() && len(got) < 3 {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page.TableNames...)
		}
		if want := []string{prefix + "-1", prefix + "-2", prefix + "-3"}; !slices.Equal(got[:min(3, len(got))], want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
	s.run("cannot be made twice", func(t *testing.T) {
		name := s.table(t, "S")
		_, err := s.db.CreateTable(t.Context(), tableInput(name, "S"))
		s.wantError(t, err, "ResourceInUseException", "Table already exists: "+name)
	})
	s.run("that were deleted are gone", func(t *testing.T) {
		name := s.table(t, "S")
		if _, err := s.db.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: &name}); err != nil {
			t.Fatal(err)
		}
		s.eventually(t, "ResourceNotFoundException: Requested resource not found: Table: "+name+" not found", func() string {
			a, err := s.post(t.Context(), tableService+"DescribeTable", []byte(`{"TableName":"`+name+`"}`))
			if err != nil {
				t.Fatal(err)
			}
			return a.String()
		})
		_, err := s.db.PutItem(t.Context(), &sdk.PutItemInput{TableName: &name, Item: row{"p": str("a")}})
		s.wantError(t, err, "ResourceNotFoundException", "Requested resource not found")
		_, err = s.db.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: &name})
		s.wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: "+name+" not found")
	})
	s.run("that are protected are not deleted", func(t *testing.T) {
		name := s.table(t, "S", func(in *sdk.CreateTableInput) { in.DeletionProtectionEnabled = aws.Bool(true) })
		_, err := s.db.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: &name})
		s.wantError(t, err, "ValidationException", "Resource cannot be deleted as it is currently protected against "+
			"deletion. Disable deletion protection first.")
		_, err = s.db.UpdateTable(t.Context(), &sdk.UpdateTableInput{
			TableName: &name, DeletionProtectionEnabled: aws.Bool(false),
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	s.run("get an index of what they have, and lose it", func(t *testing.T) { testIndexLife(s, t) })
}

func testIndexLife(s *section, t *testing.T) {
	name := s.table(t, "S")
	s.put(t, name, row{"p": str("a"), "g": str("x")}, row{"p": str("b")}, row{"p": str("c"), "g": num("1")})
	change := func(u types.GlobalSecondaryIndexUpdate) {
		t.Helper()
		_, err := s.db.UpdateTable(t.Context(), &sdk.UpdateTableInput{
			TableName: &name, AttributeDefinitions: define("S", "g"),
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{u},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	found := func() string {
		out, err := s.db.Scan(t.Context(), &sdk.ScanInput{TableName: &name, IndexName: aws.String("byg")})
		if err != nil {
			return "an error"
		}
		return showAll(out.Items)
	}
	change(types.GlobalSecondaryIndexUpdate{Create: &types.CreateGlobalSecondaryIndexAction{
		IndexName: aws.String("byg"), KeySchema: schema("g", ""),
		Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
	}})
	s.awaitIndex(t, name)
	s.eventually(t, `{g:"x" p:"a"}`, found)
	_, err := s.db.PutItem(t.Context(), &sdk.PutItemInput{TableName: &name, Item: row{"p": str("d"), "g": num("1")}})
	s.wantError(t, err, "ValidationException", "One or more parameter values were invalid: "+
		"Type mismatch for Index Key g Expected: S Actual: N IndexName: byg")
	change(types.GlobalSecondaryIndexUpdate{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("byg")}})
	s.eventually(t, "an error", found)
	s.put(t, name, row{"p": str("d"), "g": num("1")}) // the type binds no more
}

// awaitIndex polls until the first index of a table is built, which takes AWS minutes.
func (c *cloud) awaitIndex(t *testing.T, table string) {
	t.Helper()
	until(t, 20*c.patience, func(ctx context.Context) bool {
		out, err := c.db.DescribeTable(ctx, &sdk.DescribeTableInput{TableName: &table})
		return err == nil && out.Table.TableStatus == types.TableStatusActive &&
			len(out.Table.GlobalSecondaryIndexes) == 1 &&
			out.Table.GlobalSecondaryIndexes[0].IndexStatus == types.IndexStatusActive
	})
}

func testTablesRefused(s *section) {
	const invalid = "One or more parameter values were invalid: "
	local := types.LocalSecondaryIndex{
		IndexName: aws.String("local"), KeySchema: schema("p", ""),
		Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
	}
	tests := []struct {
		name string
		edit func(*sdk.CreateTableInput)
		want string
	}{
		{"a key that is not defined", func(in *sdk.CreateTableInput) { in.KeySchema = schema("q", "") },
			invalid + "Some index key attributes are not defined in AttributeDefinitions. Keys: [q], AttributeDefinitions: [p]"},
		{"a definition that is no key", func(in *sdk.CreateTableInput) { in.AttributeDefinitions = define("S", "p", "q") },
			invalid + "Number of attributes in KeySchema does not exactly match number of attributes defined in " +
				"AttributeDefinitions"},
		{"one attribute as both keys", func(in *sdk.CreateTableInput) { in.KeySchema = schema("p", "p") },
			"Invalid KeySchema: Some index key attribute have no definition"},
		{"more keys than are defined", func(in *sdk.CreateTableInput) { in.KeySchema = schema("p", "q") },
			"Invalid KeySchema: Some index key attribute have no definition"},
		{"no keys", func(in *sdk.CreateTableInput) { in.KeySchema = []types.KeySchemaElement{} }, "1 validation error " +
			"detected: Value '[]' at 'keySchema' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"a key of another kind", func(in *sdk.CreateTableInput) { in.KeySchema[0].KeyType = "MAIN" }, "1 validation error " +
			"detected: Value 'MAIN' at 'keySchema.1.member.keyType' failed to satisfy constraint: " +
			"Member must satisfy enum value set: [HASH, RANGE]"},
		{"a key of another type", func(in *sdk.CreateTableInput) { in.AttributeDefinitions[0].AttributeType = "M" },
			"1 validation error detected: Value 'M' at 'attributeDefinitions.1.member.attributeType' failed to satisfy " +
				"constraint: Member must satisfy enum value set: [B, N, S]"},
		{"a range without a hash", func(in *sdk.CreateTableInput) { in.KeySchema[0].KeyType = types.KeyTypeRange },
			"Invalid KeySchema: The first KeySchemaElement is not a HASH key type"},
		{"an index of a short name", withIndex("g", "g", "", types.ProjectionTypeAll), "1 validation error detected: Value 'g' " +
			"at 'globalSecondaryIndexes.1.member.indexName' failed to satisfy constraint: " +
			"Member must have length greater than or equal to 3"},
		{"an index that names what it includes, and none", withIndex("byg", "g", "", types.ProjectionTypeInclude),
			invalid + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"},
		{"an index of all and more", withIndex("byg", "g", "", types.ProjectionTypeAll, "x"),
			invalid + "ProjectionType is ALL, but NonKeyAttributes is specified"},
		{"two indexes of one name", func(in *sdk.CreateTableInput) {
			withIndex("byg", "g", "", types.ProjectionTypeAll)(in)
			in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, in.GlobalSecondaryIndexes[0])
		}, invalid + "Duplicate index name: byg"},
		{"an index without projection", func(in *sdk.CreateTableInput) {
			withIndex("byg", "g", "", types.ProjectionTypeAll)(in)
			in.GlobalSecondaryIndexes[0].Projection = &types.Projection{}
		}, invalid + "Unknown ProjectionType: null"},
		{"no indexes", func(in *sdk.CreateTableInput) { in.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{} },
			invalid + "List of GlobalSecondaryIndexes is empty"},
		{"too many indexes", func(in *sdk.CreateTableInput) {
			for i := range 21 {
				name := fmt.Sprintf("by%02d", i)
				withIndex(name, name, "", types.ProjectionTypeAll)(in)
			}
		}, invalid + "GlobalSecondaryIndex count exceeds the per-table limit of 20"},
		{"an index of what is not defined", func(in *sdk.CreateTableInput) {
			withIndex("byg", "g", "", types.ProjectionTypeAll)(in)
			in.AttributeDefinitions = define("S", "p", "x")
		}, invalid + "Some index key attributes are not defined in AttributeDefinitions. Keys: [g], AttributeDefinitions: [p, x]"},
		{"a definition that no index needs", func(in *sdk.CreateTableInput) {
			withIndex("byg", "g", "", types.ProjectionTypeAll)(in)
			in.AttributeDefinitions = define("S", "p", "g", "x")
		}, ""},
		{"a local index of another partition", func(in *sdk.CreateTableInput) {
			in.AttributeDefinitions, in.KeySchema = define("S", "p", "s", "g"), schema("p", "s")
			in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{
				IndexName: aws.String("local"), KeySchema: schema("g", "s"), Projection: local.Projection,
			}}
		}, invalid + "Index KeySchema does not have the same leading hash key as table KeySchema for index: local. " +
			"index hash key: g, table hash key: p"},
		{"throughput of nought", func(in *sdk.CreateTableInput) {
			in.BillingMode = types.BillingModeProvisioned
			in.ProvisionedThroughput = &types.ProvisionedThroughput{
				ReadCapacityUnits: aws.Int64(0), WriteCapacityUnits: aws.Int64(1),
			}
		}, "1 validation error detected: Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: " +
			"Member must have value greater than or equal to 1"},
		{"throughput on demand", func(in *sdk.CreateTableInput) {
			in.ProvisionedThroughput = &types.ProvisionedThroughput{
				ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1),
			}
		}, invalid + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
		{"a view of no stream", func(in *sdk.CreateTableInput) {
			withStream(types.StreamViewTypeNewImage)(in)
			in.StreamSpecification.StreamEnabled = aws.Bool(false)
		}, invalid + "Table is being created with a stream disabled, UpdateViewType should not be specified"},
		{"no throughput", func(in *sdk.CreateTableInput) { in.BillingMode = "" },
			invalid + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
		{"a local index without sort key", func(in *sdk.CreateTableInput) {
			in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{local}
		}, invalid + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"},
		{"a stream without view", func(in *sdk.CreateTableInput) {
			in.StreamSpecification = &types.StreamSpecification{StreamEnabled: aws.Bool(true)}
		}, ""},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			_, err := s.db.CreateTable(t.Context(), tableInput(newName(), "S", test.edit))
			s.wantError(t, err, "ValidationException", test.want)
		})
	}
}
