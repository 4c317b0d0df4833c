package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	kept  = 500 // items that are read and updated
	group = 50  // of them share a partition, and are read by one query
	most  = 16  // workers
)

type item = map[string]types.AttributeValue

// client does what is measured on the table of one server.
type client struct {
	db   *sdk.Client
	next atomic.Int64 // numbers new items
}

// work is one case.
type work struct {
	name    string
	workers int
	do      func(*client, context.Context) error
}

func cases() []work {
	return []work{
		{"PutItem, 1 KB, stream, 1 worker", 1, (*client).put},
		{"PutItem, 1 KB, stream, 16 workers", most, (*client).put},
		{"GetItem, 1 worker", 1, (*client).get},
		{"GetItem, 16 workers", most, (*client).get},
		{"Query of 50 items, 1 worker", 1, (*client).query},
		{"UpdateItem under a condition, 1 worker", 1, (*client).update},
		{"transaction of 4 items, 1 worker", 1, (*client).transact},
	}
}

// newClient makes a client that does not try again, and keeps its connections.
func newClient(url string) *client {
	transport := &http.Transport{MaxIdleConnsPerHost: most}
	return &client{db: sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, RetryMaxAttempts: 1,
		HTTPClient:  &http.Client{Transport: ownBody{transport}},
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})}
}

// ownBody gives each request a body of its own, since smithy-go closes its body before net/http may have finished with it,
// which then drops the connection.
type ownBody struct{ http.RoundTripper }

func (o ownBody) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return o.RoundTripper.RoundTrip(r)
}

func table() *string { return aws.String("bench") }

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func num(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }

func keyOf(p string, n int) item { return item{"p": str(p), "s": num(fmt.Sprint(n))} }

// keptKey is that of one of the items that are read and updated.
func keptKey(n int) item { return keyOf(fmt.Sprintf("kept-%d", n/group), n%group) }

// filled is a key with attributes that make it an item of 1 KB.
func filled(key item) item {
	key["n"] = num("0")
	key["name"] = str("IMG_2041.JPG")
	key["more"] = str(strings.Repeat("0123456789abcdef", 60))
	return key
}

// withStream has a table tell of its changes, as those of the product do.
func withStream() *types.StreamSpecification {
	return &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages}
}

// prepare makes the table and the items that are kept.
func (c *client) prepare(ctx context.Context, stream *types.StreamSpecification) error {
	_, err := c.db.CreateTable(ctx, &sdk.CreateTableInput{
		TableName: table(), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("p"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("s"), AttributeType: types.ScalarAttributeTypeN},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("p"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("s"), KeyType: types.KeyTypeRange},
		},
		StreamSpecification: stream,
	})
	if err != nil {
		return fmt.Errorf("make the table: %w", err)
	}
	return c.fill(ctx, kept, keptKey)
}

// fill writes many items in batches.
func (c *client) fill(ctx context.Context, items int, key func(n int) item) error {
	const batch = 25
	for first := 0; first < items; first += batch {
		var writes []types.WriteRequest
		for n := first; n < min(items, first+batch); n++ {
			writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: filled(key(n))}})
		}
		in := &sdk.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*table(): writes}}
		if _, err := c.db.BatchWriteItem(ctx, in); err != nil {
			return fmt.Errorf("fill the table: %w", err)
		}
	}
	return nil
}

func (c *client) newKey() item { return keyOf(fmt.Sprintf("new-%d", c.next.Add(1)), 1) }

func (c *client) put(ctx context.Context) error {
	_, err := c.db.PutItem(ctx, &sdk.PutItemInput{TableName: table(), Item: filled(c.newKey())})
	return err
}

func (c *client) get(ctx context.Context) error {
	out, err := c.db.GetItem(ctx, &sdk.GetItemInput{
		TableName: table(), Key: keptKey(rand.IntN(kept)), ConsistentRead: aws.Bool(true),
	})
	if err == nil && out.Item == nil {
		return fmt.Errorf("an item is not there")
	}
	return err
}

func (c *client) query(ctx context.Context) error {
	out, err := c.db.Query(ctx, &sdk.QueryInput{
		TableName: table(), KeyConditionExpression: aws.String("p = :p"), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: item{":p": keptKey(rand.IntN(kept))["p"]},
	})
	if err == nil && len(out.Items) != group {
		return fmt.Errorf("a query found %d items, not %d", len(out.Items), group)
	}
	return err
}

func (c *client) update(ctx context.Context) error {
	_, err := c.db.UpdateItem(ctx, &sdk.UpdateItemInput{
		TableName: table(), Key: keptKey(rand.IntN(kept)), UpdateExpression: aws.String("SET n = n + :one, m = :m"),
		ConditionExpression: aws.String("attribute_exists(p) AND n >= :nought"),
		ExpressionAttributeValues: item{
			":one": num("1"), ":nought": num("0"), ":m": str("changed"),
		},
	})
	return err
}

// transact does what the product does for each upload: checks one item, counts on another, and makes two.
func (c *client) transact(ctx context.Context) error {
	checked := rand.IntN(kept)
	put := func() types.TransactWriteItem {
		return types.TransactWriteItem{Put: &types.Put{
			TableName: table(), Item: filled(c.newKey()), ConditionExpression: aws.String("attribute_not_exists(p)"),
		}}
	}
	_, err := c.db.TransactWriteItems(ctx, &sdk.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		put(), put(),
		{ConditionCheck: &types.ConditionCheck{
			TableName: table(), Key: keptKey(checked), ConditionExpression: aws.String("attribute_exists(p)"),
		}},
		{Update: &types.Update{
			TableName: table(), Key: keptKey((checked + 1) % kept), UpdateExpression: aws.String("ADD n :one"),
			ExpressionAttributeValues: item{":one": num("1")},
		}},
	}})
	return err
}
