package dynamodb_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestTablesAreMadeListedAndDeleted(t *testing.T) {
	c := newCloud(t)
	for _, name := range []string{"three", "one", "two"} {
		c.createTable(name, "S")
	}
	_, err := c.db.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName: aws.String("one"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: definitions("p"), KeySchema: schema("p", ""),
	})
	wantError(t, err, "ResourceInUseException", "Table already exists: one")

	var names []string
	pages := sdk.NewListTablesPaginator(c.db, &sdk.ListTablesInput{Limit: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, page.TableNames...)
	}
	if want := []string{"one", "three", "two"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}

	if _, err := c.db.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: aws.String("one")}); err != nil {
		t.Fatal(err)
	}
	_, err = c.db.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: aws.String("one")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: one not found")
	c.createTable("one", "S")
	if got := c.get("one", row{"p": str("a")}); got != nil {
		t.Errorf("a new table has %s", show(got))
	}
}

func TestTableIsDescribedAsItWasMade(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SN", withIndex("byg", "g", "h", types.ProjectionTypeInclude, "x"),
		withStream(types.StreamViewTypeNewImage))
	c.put("tbl", row{"p": str("a"), "s": num("1")})
	out, err := c.db.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: aws.String("tbl")})
	if err != nil {
		t.Fatal(err)
	}
	d := out.Table
	if d.TableStatus != types.TableStatusActive || *d.ItemCount != 1 ||
		*d.TableArn != "arn:aws:dynamodb:us-east-1:000000000000:table/tbl" ||
		d.BillingModeSummary.BillingMode != types.BillingModePayPerRequest ||
		*d.LatestStreamArn != *d.TableArn+"/stream/2026-03-04T05:06:07.000" ||
		d.StreamSpecification.StreamViewType != types.StreamViewTypeNewImage {
		t.Errorf("got %+v", d)
	}
	ix := d.GlobalSecondaryIndexes[0]
	if *ix.IndexName != "byg" || ix.IndexStatus != types.IndexStatusActive || *ix.KeySchema[1].AttributeName != "h" ||
		ix.Projection.NonKeyAttributes[0] != "x" {
		t.Errorf("got index %+v", ix)
	}
}

func TestTablesThatCannotBeMade(t *testing.T) {
	const invalid = "One or more parameter values were invalid: "
	tests := []struct {
		name string
		edit func(*sdk.CreateTableInput)
		want string
	}{
		{"a key that is not defined", func(in *sdk.CreateTableInput) { in.KeySchema = schema("q", "") },
			invalid + "Some index key attributes are not defined in AttributeDefinitions. Keys: [q], AttributeDefinitions: [p]"},
		{"a definition that is no key", func(in *sdk.CreateTableInput) { in.AttributeDefinitions = definitions("p", "q") },
			invalid + "Number of attributes in KeySchema does not exactly match number of attributes defined in " +
				"AttributeDefinitions"},
		{"one attribute as both keys", func(in *sdk.CreateTableInput) { in.KeySchema = schema("p", "p") },
			"Both the Hash Key and the Range Key element in the KeySchema have the same name"},
		{"no throughput", func(in *sdk.CreateTableInput) { in.BillingMode = "" },
			invalid + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
		{"a local index without sort key", func(in *sdk.CreateTableInput) {
			in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{
				IndexName: aws.String("local"), KeySchema: schema("p", ""),
				Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
			}}
		}, invalid + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"},
		{"a stream without view", func(in *sdk.CreateTableInput) {
			in.StreamSpecification = &types.StreamSpecification{StreamEnabled: aws.Bool(true)}
		}, invalid + "StreamViewType must be specified when StreamEnabled is true"},
	}
	c := newCloud(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := &sdk.CreateTableInput{
				TableName: aws.String("tbl"), BillingMode: types.BillingModePayPerRequest,
				AttributeDefinitions: definitions("p"), KeySchema: schema("p", ""),
			}
			test.edit(in)
			_, err := c.db.CreateTable(t.Context(), in)
			wantError(t, err, "ValidationException", test.want)
		})
	}
}

func TestGlobalIndexIsAddedAndRemoved(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	for i := range 10 {
		item := row{"p": str(fmt.Sprint(i))}
		if i%2 == 0 {
			item["g"] = str("even")
		}
		c.put("tbl", item)
	}
	c.put("tbl", row{"p": str("number"), "g": num("1")}) // of another type than the index
	update := func(u types.GlobalSecondaryIndexUpdate) {
		t.Helper()
		_, err := c.db.UpdateTable(t.Context(), &sdk.UpdateTableInput{
			TableName: aws.String("tbl"), AttributeDefinitions: definitions("g"),
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{u},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	query := func() (int32, error) {
		out, err := c.db.Query(t.Context(), &sdk.QueryInput{
			TableName: aws.String("tbl"), IndexName: aws.String("byg"), KeyConditionExpression: aws.String("g = :g"),
			ExpressionAttributeValues: row{":g": str("even")},
		})
		if err != nil {
			return 0, err
		}
		return out.Count, nil
	}
	update(types.GlobalSecondaryIndexUpdate{Create: &types.CreateGlobalSecondaryIndexAction{
		IndexName: aws.String("byg"), KeySchema: schema("g", ""),
		Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
	}})
	c.put("tbl", row{"p": str("later"), "g": str("even")})
	if got, err := query(); got != 6 || err != nil {
		t.Errorf("got %d items and %v, want 6", got, err)
	}
	update(types.GlobalSecondaryIndexUpdate{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("byg")}})
	_, err := query()
	wantError(t, err, "ValidationException", "The table does not have the specified index: byg")
	c.put("tbl", row{"p": str("free"), "g": num("1")}) // the index's type binds no more
}

func TestProtectedTableIsNotDeleted(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S", func(in *sdk.CreateTableInput) { in.DeletionProtectionEnabled = aws.Bool(true) })
	remove := func() error {
		_, err := c.db.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: aws.String("tbl")})
		return err
	}
	wantError(t, remove(), "ValidationException", "Resource cannot be deleted as it is currently protected against "+
		"deletion. Disable deletion protection first.")
	_, err := c.db.UpdateTable(t.Context(), &sdk.UpdateTableInput{
		TableName: aws.String("tbl"), DeletionProtectionEnabled: aws.Bool(false),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
}
