package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"
)

// namingMissing makes the answer that a resource was not found say which table was asked for: DynamoDB does not.
func namingMissing(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("NameMissingTable", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		out, metadata, err := next.HandleInitialize(ctx, in)
		var missing *types.ResourceNotFoundException
		if errors.As(err, &missing) {
			err = fmt.Errorf("table %s: %w", strings.Join(tablesOf(in.Parameters), ", "), err)
		}
		return out, metadata, err
	}), middleware.Before)
}

// tablesOf lists the tables that a request names.
func tablesOf(request any) []string {
	switch r := request.(type) {
	case *dynamodb.GetItemInput:
		return []string{aws.ToString(r.TableName)}
	case *dynamodb.PutItemInput:
		return []string{aws.ToString(r.TableName)}
	case *dynamodb.UpdateItemInput:
		return []string{aws.ToString(r.TableName)}
	case *dynamodb.DeleteItemInput:
		return []string{aws.ToString(r.TableName)}
	case *dynamodb.QueryInput:
		return []string{aws.ToString(r.TableName)}
	case *dynamodb.ScanInput:
		return []string{aws.ToString(r.TableName)}
	case *dynamodb.BatchGetItemInput:
		return slices.Sorted(maps.Keys(r.RequestItems))
	case *dynamodb.TransactWriteItemsInput:
		return written(r.TransactItems)
	}
	return nil
}

func written(items []types.TransactWriteItem) []string {
	var tables []string
	for _, i := range items {
		switch {
		case i.Put != nil:
			tables = append(tables, aws.ToString(i.Put.TableName))
		case i.Update != nil:
			tables = append(tables, aws.ToString(i.Update.TableName))
		case i.Delete != nil:
			tables = append(tables, aws.ToString(i.Delete.TableName))
		case i.ConditionCheck != nil:
			tables = append(tables, aws.ToString(i.ConditionCheck.TableName))
		}
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}
