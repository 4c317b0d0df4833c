// Package dynamodb keeps Darkroom's records in DynamoDB. It is the only owner of table layouts and attribute names.
//
// Four nouns, four tables: images (with a stream, and three sparse indexes of little more than keys), feed, users and shares.
package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"
)

// Tables names the tables. One without a name is not used.
type Tables struct {
	Images string // key owner, id; stream of new images; TTL expires, of tombstones alone
	Feed   string // key owner, key; TTL expires
	Users  string // key owner, key
	Shares string // key id, the hash of a token; TTL expires
}

const (
	byTaken = "taken" // owner, taken: an owner's images by capture time, without the trash
	byTrash = "trash" // owner, deletedAt: an owner's trash, and what is purged or being purged, marked so
	byOpen  = "open"  // open, deadline: what somebody must look at, spread over sixteen keys
	byOwner = "owner" // owner, place: an owner's shares, by image
)

// Open makes the client that all of this package works with. Throttling and conflicts between transactions are retried
// by the SDK, with jitter, up to five attempts.
func Open(cfg aws.Config) *dynamo.DB {
	return dynamo.New(cfg, func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, namingMissing)
		o.Retryer = retry.NewStandard(dynamo.RetryTxConflicts, func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff = 5, time.Second
		})
	})
}

// Create makes the tables that do not exist yet, and the indexes that a table of an older version does not have, as
// serverless.yml does on AWS.
func Create(ctx context.Context, client *dynamodb.Client, t Tables) error {
	for _, in := range definitions(t) {
		if *in.TableName == "" {
			continue
		}
		_, err := client.CreateTable(ctx, in)
		var exists *types.ResourceInUseException
		if errors.As(err, &exists) {
			err = complete(ctx, client, in)
		}
		if err != nil {
			return fmt.Errorf("create table %s: %w", *in.TableName, err)
		}
	}
	for _, name := range []string{t.Images, t.Feed, t.Shares} {
		if name == "" {
			continue
		}
		_, err := client.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
			TableName:               &name,
			TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("expires"), Enabled: aws.Bool(true)},
		})
		if err != nil && !alreadyEnabled(err) {
			return fmt.Errorf("set the TTL of %s: %w", name, err)
		}
	}
	return nil
}

// complete adds the indexes that a table lacks, one at a time, as DynamoDB has it. They are filled from what there is.
func complete(ctx context.Context, client *dynamodb.Client, want *dynamodb.CreateTableInput) error {
	if len(want.GlobalSecondaryIndexes) == 0 {
		return nil
	}
	is, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: want.TableName})
	if err != nil {
		return err
	}
	for _, x := range want.GlobalSecondaryIndexes {
		if slices.ContainsFunc(is.Table.GlobalSecondaryIndexes, func(has types.GlobalSecondaryIndexDescription) bool {
			return *has.IndexName == *x.IndexName
		}) {
			continue
		}
		_, err := client.UpdateTable(ctx, &dynamodb.UpdateTableInput{
			TableName: want.TableName, AttributeDefinitions: want.AttributeDefinitions,
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
				IndexName: x.IndexName, KeySchema: x.KeySchema, Projection: x.Projection,
			}}},
		})
		if err != nil {
			return fmt.Errorf("add index %s: %w", *x.IndexName, err)
		}
	}
	return nil
}

func definitions(t Tables) []*dynamodb.CreateTableInput {
	images := table(t.Images, "owner", "id")
	images.AttributeDefinitions = attributes("owner", "id", "taken", "deletedAt", "open", "deadline")
	images.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{
		index(byTaken, "owner", "taken", "hash64"), index(byOpen, "open", "deadline"), index(byTrash, "owner", "deletedAt", "purging"),
	}
	images.StreamSpecification = &types.StreamSpecification{
		StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewImage,
	}
	return []*dynamodb.CreateTableInput{images, table(t.Feed, "owner", "key"), table(t.Users, "owner", "key"), shares(t)}
}

// shares are found by the hash of their token, and by whom they belong to. They are small: the index holds all of them.
func shares(t Tables) *dynamodb.CreateTableInput {
	all := index(byOwner, "owner", "place")
	all.Projection = &types.Projection{ProjectionType: types.ProjectionTypeAll}
	return &dynamodb.CreateTableInput{
		TableName:              &t.Shares,
		AttributeDefinitions:   attributes("id", "owner", "place"),
		KeySchema:              keys("id", "")[:1],
		BillingMode:            types.BillingModePayPerRequest,
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{all},
	}
}

func table(name, hash, sort string) *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName:            &name,
		AttributeDefinitions: attributes(hash, sort),
		KeySchema:            keys(hash, sort),
		BillingMode:          types.BillingModePayPerRequest,
	}
}

// index holds keys, and what else is named.
func index(name, hash, sort string, more ...string) types.GlobalSecondaryIndex {
	projection := &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}
	if len(more) > 0 {
		projection = &types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: more}
	}
	return types.GlobalSecondaryIndex{IndexName: &name, KeySchema: keys(hash, sort), Projection: projection}
}

func keys(hash, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &hash, KeyType: types.KeyTypeHash}, {AttributeName: &sort, KeyType: types.KeyTypeRange},
	}
}

func attributes(names ...string) []types.AttributeDefinition {
	var defs []types.AttributeDefinition
	for _, name := range names {
		defs = append(defs, types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS})
	}
	return defs
}

// alreadyEnabled tells whether a TTL could not be switched on because it is on.
func alreadyEnabled(err error) bool {
	var api interface {
		ErrorCode() string
		ErrorMessage() string
	}
	return errors.As(err, &api) && api.ErrorCode() == "ValidationException" &&
		api.ErrorMessage() == "TimeToLive is already enabled"
}
