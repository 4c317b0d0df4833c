package dynamodb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/smithy-go"

	"github.com/darkroom/darkroom/internal/local/dynamodb"
)

// cloud is an engine behind a real socket, and real clients of it.
type cloud struct {
	t       *testing.T
	path    string
	clock   *clock
	engine  *dynamodb.Engine
	server  *httptest.Server
	db      *sdk.Client
	streams *dynamodbstreams.Client
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{
		t: t, path: filepath.Join(t.TempDir(), "tables.db"),
		clock: &clock{now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)},
	}
	c.open()
	t.Cleanup(c.close)
	return c
}

func (c *cloud) open() {
	c.t.Helper()
	engine, err := dynamodb.Open(c.path, dynamodb.Options{
		Now: c.clock.Now, Log: slog.New(slog.NewTextHandler(c.t.Output(), nil)),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.engine = engine
	c.server = httptest.NewServer(engine)
	c.connect(c.server.URL)
}

// connect makes clients of an engine at url, which do not try again.
func (c *cloud) connect(url string) {
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, RetryMaxAttempts: 1, HTTPClient: &http.Client{Transport: ownBody{}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}
	c.db = sdk.NewFromConfig(config)
	c.streams = dynamodbstreams.NewFromConfig(config)
}

func (c *cloud) close() {
	c.server.Close()
	if err := c.engine.Close(); err != nil {
		c.t.Error(err)
	}
}

func (c *cloud) reopen() {
	c.t.Helper()
	c.close()
	c.open()
}

// ownBody gives each request a body of its own. smithy-go closes its body as soon as there is an answer; should
// net/http not have finished with it by then, it takes the request for failed, and drops the connection and with
// it the rest of the answer.
type ownBody struct{}

func (ownBody) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return http.DefaultTransport.RoundTrip(r)
}

// Short ways to write attribute values.

type row = map[string]types.AttributeValue

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func num(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }
func bin(s string) types.AttributeValue { return &types.AttributeValueMemberB{Value: []byte(s)} }

// show writes an item of strings and numbers, by name.
func show(item row) string {
	var parts []string
	for name, v := range item {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			parts = append(parts, fmt.Sprintf("%s:%q", name, v.Value))
		case *types.AttributeValueMemberN:
			parts = append(parts, name+":"+v.Value)
		}
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, " ") + "}"
}

// createTable makes a table of partition key p and sort key s, both strings unless kinds says otherwise.
func (c *cloud) createTable(name string, kinds string, edit ...func(*sdk.CreateTableInput)) {
	c.t.Helper()
	in := &sdk.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("p"), AttributeType: types.ScalarAttributeType(kinds[:1])},
		},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("p"), KeyType: types.KeyTypeHash}},
	}
	if len(kinds) > 1 {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String("s"), AttributeType: types.ScalarAttributeType(kinds[1:]),
		})
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{
			AttributeName: aws.String("s"), KeyType: types.KeyTypeRange,
		})
	}
	for _, change := range edit {
		change(in)
	}
	if _, err := c.db.CreateTable(c.t.Context(), in); err != nil {
		c.t.Fatal(err)
	}
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
		in.AttributeDefinitions = append(in.AttributeDefinitions, definitions(partition, sort)...)
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &name, KeySchema: schema(partition, sort),
			Projection: &types.Projection{ProjectionType: projection, NonKeyAttributes: other},
		})
	}
}

func definitions(names ...string) (defined []types.AttributeDefinition) {
	for _, name := range names {
		if name != "" {
			defined = append(defined, types.AttributeDefinition{
				AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS,
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

func (c *cloud) put(table string, item row) {
	c.t.Helper()
	if _, err := c.db.PutItem(c.t.Context(), &sdk.PutItemInput{TableName: &table, Item: item}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cloud) get(table string, key row) row {
	c.t.Helper()
	out, err := c.db.GetItem(c.t.Context(), &sdk.GetItemInput{TableName: &table, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		c.t.Fatal(err)
	}
	return out.Item
}

// update runs one update of the item p=a of table tbl and returns what it answered.
func (c *cloud) update(expression string, values row, edit ...func(*sdk.UpdateItemInput)) (row, error) {
	in := &sdk.UpdateItemInput{
		TableName: aws.String("tbl"), Key: row{"p": str("a")}, UpdateExpression: &expression,
		ExpressionAttributeValues: values, ReturnValues: types.ReturnValueAllNew,
	}
	for _, change := range edit {
		change(in)
	}
	out, err := c.db.UpdateItem(c.t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.Attributes, nil
}

// wantError checks the code and, unless empty, the message of an API error.
func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Fatalf("got %v, want an API error %s", err, code)
	}
	if api.ErrorCode() != code || message != "" && api.ErrorMessage() != message {
		t.Errorf("got %s: %s\nwant %s: %s", api.ErrorCode(), api.ErrorMessage(), code, message)
	}
}
