package eventsource

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"

	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
)

// TestChangesOfTheLocalTableArrive carries real writes through both real
// protocols, over a restart of the engine.
func TestChangesOfTheLocalTableArrive(t *testing.T) {
	dir := t.TempDir()
	c := checkpoints(t, filepath.Join(dir, "c.db"))
	for _, want := range []string{"first", "second"} {
		db, err := engine.Open(filepath.Join(dir, "tables.db"), engine.Options{})
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		server := httptest.NewServer(db)
		arrived := make(chan events.DynamoDBEventRecord, 10)
		m := startStream(t, StreamOptions{
			Client: dynamodbstreams.New(dynamodbstreams.Options{
				BaseEndpoint: aws.String(server.URL), Region: engine.Region, Credentials: credentials(),
			}),
			Function:    function(t, func(e events.DynamoDBEvent) { arrived <- e.Records[0] }),
			Checkpoints: c,
		})
		write(t, server.URL, want)
		got := <-arrived
		if got.Change.NewImage["id"].String() != want || got.EventName != "INSERT" || got.AWSRegion != engine.Region {
			t.Errorf("got %+v, want the insertion of %s", got, want)
		}
		closeMapping(t, m)
		server.Close()
		if err := db.Close(); err != nil {
			t.Errorf("close the engine: %v", err)
		}
	}
}

// write puts an item into table images, which it creates if need be.
func write(t *testing.T, url, id string) {
	t.Helper()
	c := dynamodb.New(dynamodb.Options{BaseEndpoint: aws.String(url), Region: engine.Region, Credentials: credentials()})
	_, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("images")})
	if err != nil {
		_, err = c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
			TableName:            aws.String("images"),
			BillingMode:          types.BillingModePayPerRequest,
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: "S"}},
			StreamSpecification: &types.StreamSpecification{
				StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewImage,
			},
		})
		if err != nil {
			t.Fatalf("CreateTable: %v", err)
		}
	}
	_, err = c.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String("images"),
		Item:      map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
	})
	if err != nil {
		t.Fatalf("PutItem: %v", err)
	}
}

func credentials() aws.CredentialsProviderFunc {
	return func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
	}
}
