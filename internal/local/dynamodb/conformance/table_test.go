package conformance_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
)

// newName is a name that no other table of the endpoint has.
func newName() string { return "conformance-" + rand.Text()[:12] }

// table makes a table of partition key p and, if kinds has two letters, sort key s, of the types of kinds. The end of
// the test deletes it.
func (c *cloud) table(t *testing.T, kinds string, edit ...func(*sdk.CreateTableInput)) string {
	t.Helper()
	in := tableInput(newName(), kinds, edit...)
	if _, err := c.db.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	c.awaitTable(t, *in.TableName)
	return *in.TableName
}

// awaitTable waits until a table can be used, and has the end of the test delete it.
func (c *cloud) awaitTable(t *testing.T, name string) {
	t.Helper()
	t.Cleanup(func() {
		in := &sdk.DeleteTableInput{TableName: &name}
		_, err := c.db.DeleteTable(context.WithoutCancel(t.Context()), in)
		var gone *types.ResourceNotFoundException
		if err != nil && !errors.As(err, &gone) {
			t.Error(err)
		}
	})
	in := &sdk.DescribeTableInput{TableName: &name}
	patient := sdk.NewTableExistsWaiter(c.db, func(o *sdk.TableExistsWaiterOptions) { o.MinDelay = time.Second })
	if err := patient.Wait(t.Context(), in, 5*time.Minute); err != nil {
		t.Fatal(err)
	}
}

func tableInput(name, kinds string, edit ...func(*sdk.CreateTableInput)) *sdk.CreateTableInput {
	in := &sdk.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define(kinds[:1], "p"), KeySchema: schema("p", ""),
	}
	if len(kinds) > 1 {
		in.AttributeDefinitions = append(in.AttributeDefinitions, define(kinds[1:], "s")...)
		in.KeySchema = schema("p", "s")
	}
	for _, change := range edit {
		change(in)
	}
	return in
}

func withStream(view types.StreamViewType) func(*sdk.CreateTableInput) {
	return func(in *sdk.CreateTableInput) {
		in.StreamSpecification = &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: view}
	}
}

// withIndex adds a global index on string attributes; other is what it projects beside the keys.
func withIndex(
	name, partition, sort string, projection types.ProjectionType, other ...string,
) func(*sdk.CreateTableInput) {
	return func(in *sdk.CreateTableInput) {
		in.AttributeDefinitions = append(in.AttributeDefinitions, define("S", partition, sort)...)
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &name, KeySchema: schema(partition, sort),
			Projection: &types.Projection{ProjectionType: projection, NonKeyAttributes: other},
		})
	}
}

func define(kind string, names ...string) (defined []types.AttributeDefinition) {
	for _, name := range names {
		if name != "" {
			defined = append(defined, types.AttributeDefinition{
				AttributeName: &name, AttributeType: types.ScalarAttributeType(kind),
			})
		}
	}
	return defined
}

func schema(partition, sort string) []types.KeySchemaElement {
	elements := []types.KeySchemaElement{{AttributeName: &partition, KeyType: types.KeyTypeHash}}
	if sort != "" {
		elements = append(elements, types.KeySchemaElement{AttributeName: &sort, KeyType: types.KeyTypeRange})
	}
	return elements
}

func (c *cloud) put(t *testing.T, table string, items ...row) {
	t.Helper()
	for _, item := range items {
		if _, err := c.db.PutItem(t.Context(), &sdk.PutItemInput{TableName: &table, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
}

func (c *cloud) get(t *testing.T, table string, key row) row {
	t.Helper()
	out, err := c.db.GetItem(t.Context(), &sdk.GetItemInput{TableName: &table, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// update runs one update of an item and returns what it answers.
func (c *cloud) update(
	t *testing.T, table string, key row, expression string, values row, edit ...func(*sdk.UpdateItemInput),
) (row, error) {
	t.Helper()
	in := &sdk.UpdateItemInput{
		TableName: &table, Key: key, UpdateExpression: &expression, ExpressionAttributeValues: values,
		ReturnValues: types.ReturnValueAllNew,
	}
	for _, change := range edit {
		change(in)
	}
	out, err := c.db.UpdateItem(t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.Attributes, nil
}

// wantError checks the type and the message of an error that the endpoint answers.
func (c *cloud) wantError(t *testing.T, err error, kind, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("got %v, want an error %s", err, kind)
	}
	if api.ErrorCode() != kind || !c.means(api.ErrorMessage(), message) {
		t.Errorf("got %s: %s\nwant %s: %s", api.ErrorCode(), api.ErrorMessage(), kind, message)
	}
}

// means tells whether an error's message is the one wanted, if any is. AWS tells how many errors it found in some regions,
// and not in others.
func (c *cloud) means(got, want string) bool {
	return want == "" || strings.TrimPrefix(got, "1 validation error detected: ") ==
		strings.TrimPrefix(want, "1 validation error detected: ") || c.faults.rewords(want)
}
