package conformance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func testKeyConditionsRefused(s *section) {
	const (
		operator = "Invalid operator used in KeyConditionExpression: "
		wrong    = "One or more parameter values were invalid: Condition parameter type does not match schema type"
	)
	tests := []struct{ condition, want string }{
		{"", "Invalid KeyConditionExpression: The expression can not be empty;"},
		{"s = :n", "Query condition missed key schema element: p"},
		{"p = :a AND q = :n", "Query condition missed key schema element: s"},
		{"p = :a AND s = :n AND q = :n", "Conditions can be of length 1 or 2 only"},
		{"p = :a OR s = :n", operator + "OR"},
		{"p = :a AND NOT s = :n", operator + "NOT"},
		{"p = :a AND s <> :n", operator + "<>"},
		{"p = :a AND s IN (:n)", operator + "IN"},
		{"p = :a AND contains(s, :n)", operator + "contains"},
		{"p = :a AND attribute_exists(s)", operator + "attribute_exists"},
		{"p = :a AND size(s) > :n", "KeyConditionExpressions cannot contain nested operations"},
		{"p = :a AND s.x = :n", "KeyConditionExpressions cannot have conditions on nested attributes"},
		{"p = :a AND p = :a", "KeyConditionExpressions must only contain one condition per key"},
		{"begins_with(p, :a)", "Query key condition not supported"},
		{"p > :a", "Query key condition not supported"},
		{"p = :n", wrong},
		{"p = :a AND s = :a", wrong},
		{"p = :e", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " +
			"string value. Key: p"},
		{"p = :a AND begins_with(s, :n)", ""},
		{"p = :a AND s BETWEEN :m AND :n", "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be " +
			"greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, " +
			"upper bound operand: AttributeValue: {N:1}"},
		{"p = :a AND s BETWEEN :n AND :a", ""},
		{"p = :a AND s = :other", "Invalid KeyConditionExpression: An expression attribute value used in expression is not " +
			"defined; attribute value: :other"},
		{"p = :a AND #s = :n", "Invalid KeyConditionExpression: An expression attribute name used in the document path is not " +
			"defined; attribute name: #s"},
	}
	table := s.table(s.t, "SN")
	for _, test := range tests {
		s.run(test.condition, func(t *testing.T) {
			s.refuses(t, "Query", fmt.Sprintf(`{"TableName":%q,"KeyConditionExpression":%q%s}`, table, test.condition,
				supplied(test.condition)), "ValidationException", test.want)
		})
	}
}

// supplied is the member of a request that has those of some values which an expression uses.
func supplied(expression string) string {
	values := map[string]string{":a": `{"S":"a"}`, ":n": `{"N":"1"}`, ":m": `{"N":"2"}`, ":e": `{"S":""}`}
	var used []string
	for name, value := range values {
		if strings.Contains(expression, name) {
			used = append(used, fmt.Sprintf("%q:%s", name, value))
		}
	}
	if used == nil {
		return ""
	}
	return `,"ExpressionAttributeValues":{` + strings.Join(used, ",") + `}`
}

// testNearKeys tells partitions and items apart of which one key begins with the other.
func testNearKeys(s *section) {
	table := s.table(s.t, "BB")
	keys := []string{"\x00", "\x00\x00", "\x00\xff", "\x01", "a", "a\x00", "a\x00\x00b", "a\x01", "\xff", "\xff\xff"}
	for _, p := range keys {
		var writes []types.WriteRequest
		for _, sort := range keys {
			writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: row{"p": bin(p), "s": bin(sort)}}})
		}
		in := &sdk.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{table: writes}}
		if _, err := s.db.BatchWriteItem(s.t.Context(), in); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, p := range keys {
		s.run(fmt.Sprintf("%q", p), func(t *testing.T) {
			out, err := s.db.Query(t.Context(), &sdk.QueryInput{
				TableName: &table, KeyConditionExpression: aws.String("p = :p"),
				ExpressionAttributeValues: row{":p": bin(p)}, ConsistentRead: aws.Bool(true),
			})
			if err != nil {
				t.Fatal(err)
			}
			var want []row
			for _, sort := range keys {
				want = append(want, row{"p": bin(p), "s": bin(sort)})
			}
			if showAll(out.Items) != showAll(want) {
				t.Errorf("got %s", showAll(out.Items))
			}
		})
	}
}
