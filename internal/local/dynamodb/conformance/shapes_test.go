package conformance_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// testShapesRefused sends requests that have not the shape of any.
func testShapesRefused(s *section) {
	const (
		validation    = "ValidationException"
		serialization = "SerializationException"
		null          = "1 validation error detected: Value null at '%' failed to satisfy constraint: Member must not be null"
		item          = `{"TableName":"TABLE","Item":{"p":{"S":"a"},"x":`
	)
	isNull := func(member string) string { return strings.ReplaceAll(null, "%", member) }
	tests := []struct {
		name, operation, body string
		kind, message         string
	}{
		{"a member in other capitals", "PutItem", `{"tablename":"TABLE","Item":{"p":{"S":"a"}}}`, validation, isNull("tableName")},
		{"a type in other capitals", "PutItem", item + `{"s":"a"}}}`, validation,
			"Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"half a character", "PutItem", item + `{"S":"\ud800"}}}`, serialization, ""},
		{"the second half of a character", "PutItem", item + `{"S":"\\\udc00"}}}`, serialization, ""},
		{"bytes that are no text", "PutItem", item + `{"S":"` + "\xff" + `"}}}`, serialization, ""},
		{"a list for a map", "PutItem", `{"TableName":"TABLE","Item":[]}`, serialization, "Unrecognized collection type " +
			"java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>"},
		{"a list for a string", "PutItem", `{"TableName":[]}`, serialization,
			"Unrecognized collection type class java.lang.String"},
		{"a map for a string", "PutItem", `{"TableName":{}}`, serialization,
			"Start of structure or map found where not expected"},
		{"a truth for a string", "PutItem", `{"TableName":true}`, serialization, "TRUE_VALUE cannot be converted to String"},
		{"a string for a number", "Scan", `{"TableName":"TABLE","Limit":"1"}`, serialization,
			"STRING_VALUE cannot be converted to Integer"},
		{"a string for a truth", "GetItem", `{"TableName":"TABLE","Key":{"p":{"S":"a"}},"ConsistentRead":"no"}`, serialization,
			"Unexpected token received from parser"},
		{"a string for a value", "PutItem", item + `"a"}}`, serialization, ""},
		{"nothing in a set", "PutItem", item + `{"SS":["a",null]}}}`, serialization, ""},
		{"no item", "PutItem", `{"TableName":"TABLE"}`, validation, isNull("item")},
		{"no key", "DeleteItem", `{"TableName":"TABLE"}`, validation, isNull("key")},
		{"no transaction", "TransactWriteItems", `{}`, validation, isNull("transactItems")},
		{"an empty transaction", "TransactWriteItems", `{"TransactItems":[]}`, validation, "1 validation error detected: " +
			"Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{"an action without table", "TransactWriteItems", `{"TransactItems":[{"Put":{"Item":{"p":{"S":"a"}}}}]}`, validation,
			isNull("transactItems.1.member.put.tableName")},
		{"an action of no kind", "TransactWriteItems", `{"TransactItems":[{}]}`, validation, ""},
		{"an action of two kinds", "TransactWriteItems", `{"TransactItems":[{"Put":` + item + `{"S":"a"}}},` +
			`"Delete":{"TableName":"TABLE","Key":{"p":{"S":"a"}}}}]}`, validation, ""},
		{"an update of nothing in a transaction", "TransactWriteItems", `{"TransactItems":[{"Update":{"TableName":"TABLE",` +
			`"Key":{"p":{"S":"a"}}}}]}`, validation, isNull("transactItems.1.member.update.updateExpression")},
		{"an empty token", "TransactWriteItems", `{"ClientRequestToken":"","TransactItems":[{"Put":` + item + `{"S":"a"}}}}]}`,
			validation, ""},
		{"no batch", "BatchWriteItem", `{}`, validation, isNull("requestItems")},
		{"a batch of no tables", "BatchGetItem", `{"RequestItems":{}}`, validation, ""},
		{"a batch of no items", "BatchWriteItem", `{"RequestItems":{"TABLE":[]}}`, validation, ""},
		{"a batch of no keys", "BatchGetItem", `{"RequestItems":{"TABLE":{"Keys":[]}}}`, validation, ""},
		{"an action of a batch that is both", "BatchWriteItem", `{"RequestItems":{"TABLE":[{"PutRequest":{"Item":` +
			`{"p":{"S":"a"}}},"DeleteRequest":{"Key":{"p":{"S":"a"}}}}]}}`, validation, ""},
		{"a wrong word for ReturnValues", "PutItem", item + `{"S":"a"}},"ReturnValues":"SOME"}`, validation,
			"1 validation error detected: Value 'SOME' at 'returnValues' failed to satisfy constraint: Member must satisfy enum " +
				"value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"},
		{"new values of a put", "PutItem", item + `{"S":"a"}},"ReturnValues":"ALL_NEW"}`, validation,
			"ReturnValues can only be ALL_OLD or NONE"},
		{"a wrong word for metrics", "PutItem", item + `{"S":"a"}},"ReturnItemCollectionMetrics":"BIG"}`, validation,
			"1 validation error detected: Value 'BIG' at 'returnItemCollectionMetrics' failed to satisfy constraint: Member must " +
				"satisfy enum value set: [SIZE, NONE]"},
		{"a wrong word for what a failed condition shows", "PutItem", item + `{"S":"a"}},` +
			`"ReturnValuesOnConditionCheckFailure":"SOME"}`, validation, ""},
		{"a key of a table that is not named", "DescribeTable", `{}`, validation,
			"The parameter 'TableName' is required but was not present in the request"},
		{"a short name to begin after", "ListTables", `{"ExclusiveStartTableName":"a"}`, validation, "1 validation error " +
			"detected: Value 'a' at 'exclusiveStartTableName' failed to satisfy constraint: " +
			"Member must have length greater than or equal to 3"},
		{"a change that is two", "UpdateTable", `{"TableName":"TABLE","AttributeDefinitions":[{"AttributeName":"g",` +
			`"AttributeType":"S"}],"GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"new","KeySchema":[{"AttributeName":"g",` +
			`"KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}},"Delete":{"IndexName":"new"}}]}`, validation, ""},
	}
	table := s.table(s.t, "S")
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			s.refuses(t, test.operation, strings.ReplaceAll(test.body, "TABLE", table), test.kind, test.message)
		})
	}
}

// testPagesRefused asks for pages that there cannot be.
func testPagesRefused(s *section) {
	const select1 = "1 validation error detected: Value 'SOME' at 'select' failed to satisfy constraint: Member must satisfy enum " +
		"value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"
	tests := []struct{ name, operation, rest, message string }{
		{"a query of none", "Query", `"Limit":0`, "1 validation error detected: Value at 'Limit' failed to satisfy constraint: " +
			"Member must have value greater than or equal to 1"},
		{"a scan of none", "Scan", `"Limit":0`, "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: " +
			"Member must have value greater than or equal to 1"},
		{"a wrong word for Select", "Query", `"Select":"SOME"`, select1},
		{"some attributes, but which", "Query", `"Select":"SPECIFIC_ATTRIBUTES"`,
			"Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"},
		{"a count of some attributes", "Query", `"Select":"COUNT","ProjectionExpression":"q"`,
			"Cannot specify the ProjectionExpression when choosing to get only the Count"},
		{"all attributes and some", "Scan", `"Select":"ALL_ATTRIBUTES","ProjectionExpression":"q"`,
			"Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"},
		{"what is projected of a table", "Query", `"Select":"ALL_PROJECTED_ATTRIBUTES"`,
			"ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"},
		{"all attributes of an index of some", "Scan", `"IndexName":"byg","Select":"ALL_ATTRIBUTES"`,
			"One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index " +
				"byg because its projection type is not ALL"},
		{"a consistent scan of a global index", "Scan", `"IndexName":"byg","ConsistentRead":true`,
			"Consistent reads are not supported on global secondary indexes"},
		{"a segment of how many", "Scan", `"Segment":0`, "The TotalSegments parameter is required but was not present in the " +
			"request when Segment parameter is present"},
		{"which of the segments", "Scan", `"TotalSegments":2`, "The Segment parameter is required but was not present in the " +
			"request when parameter TotalSegments is present"},
		{"a segment too many", "Scan", `"Segment":2,"TotalSegments":2`, "The Segment parameter is zero-based and must be less " +
			"than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2"},
		{"no segments", "Scan", `"Segment":0,"TotalSegments":0`, ""},
		{"paths twice", "Scan", `"ProjectionExpression":"q, r, q"`, "Invalid ProjectionExpression: Two document paths overlap " +
			"with each other; must remove or rewrite one of these paths; path one: [q], path two: [q]"},
		{"paths that conflict", "Scan", `"ProjectionExpression":"q.r, q[0]"`, "Invalid ProjectionExpression: Two document paths " +
			"conflict with each other; must remove or rewrite one of these paths; path one: [q, r], path two: [q, [0]]"},
		{"an empty projection", "Scan", `"ProjectionExpression":""`,
			"Invalid ProjectionExpression: The expression can not be empty;"},
		{"a projection of a reserved word", "Scan", `"ProjectionExpression":"name"`,
			"Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: name"},
		{"names for nothing", "Scan", `"ExpressionAttributeNames":{"#q":"q"}`,
			"ExpressionAttributeNames can only be specified when using expressions"},
		{"no names at all", "Scan", `"ProjectionExpression":"q","ExpressionAttributeNames":{}`,
			"ExpressionAttributeNames must not be empty"},
	}
	table := s.table(s.t, "S", withIndex("byg", "g", "", types.ProjectionTypeKeysOnly))
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			body := `{"TableName":"` + table + `",` + test.rest
			if test.operation == "Query" {
				body += `,"KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}}`
			}
			s.refuses(t, test.operation, body+"}", "ValidationException", test.message)
		})
	}
}
