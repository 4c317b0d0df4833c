package conformance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// refuses posts a body that no SDK would send, and checks the error's type and, unless empty, its message.
func (c *cloud) refuses(t *testing.T, operation, body, kind, message string) {
	t.Helper()
	got, err := c.post(t.Context(), tableService+operation, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if got.kind != kind || !c.means(got.message, message) {
		t.Errorf("got  %s\nwant %s: %s", got, kind, message)
	}
}

func testRequestsRefused(s *section) {
	const (
		validation    = "ValidationException"
		serialization = "SerializationException"
		notFound      = "ResourceNotFoundException"
		key           = `"TableName":"TABLE","Key":{"p":{"S":"a"}}`
		put           = `"TableName":"TABLE","Item":{"p":{"S":"a"}}`
		query         = `"TableName":"TABLE","KeyConditionExpression":`
	)
	deep := strings.Repeat(`{"L":[`, 33) + strings.Repeat(`]}`, 33)
	in := `":v"` + strings.Repeat(`,":v"`, 100)
	tests := []struct {
		name, operation, body string
		kind, message         string
	}{
		{"an unknown operation", "Fly", `{}`, "UnknownOperationException", ""},
		{"no JSON", "PutItem", `{`, serialization, ""},
		{"a number for a string", "PutItem", `{"TableName":5}`, serialization, "NUMBER_VALUE cannot be converted to String"},
		{"a list for a request", "PutItem", `[]`, serialization, ""},
		{"base64 that is none", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"b":{"B":"?"}}}`, serialization,
			"only base-64-encoded strings are convertible to bytes"},
		{"no table name", "GetItem", `{"Key":{}}`, validation,
			"1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"},
		{"an impossible table name", "GetItem", `{"TableName":"a b","Key":{}}`, validation,
			"1 validation error detected: Value 'a b' at 'tableName' failed to satisfy constraint: " +
				"Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
		{"no such table", "GetItem", `{"TableName":"nowhere","Key":{"p":{"S":"a"}}}`, notFound, "Requested resource not found"},
		{"no such table to describe", "DescribeTable", `{"TableName":"nowhere"}`, notFound,
			"Requested resource not found: Table: nowhere not found"},
		{"a value without type", "PutItem", `{"TableName":"TABLE","Item":{"p":{}}}`, validation,
			"Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"a value of two types", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a","N":"1"}}}`, validation,
			"Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"},
		{"an item without key", "PutItem", `{"TableName":"TABLE","Item":{"q":{"S":"a"}}}`, validation,
			"One or more parameter values were invalid: Missing the key p in the item"},
		{"a key of another type", "PutItem", `{"TableName":"TABLE","Item":{"p":{"N":"1"}}}`, validation,
			"One or more parameter values were invalid: Type mismatch for key p expected: S actual: N"},
		{"an empty key", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":""}}}`, validation,
			"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an " +
				"empty string value. Key: p"},
		{"a key too long", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"` + strings.Repeat("x", 2049) + `"}}}`, validation,
			"One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"},
		{"an index key of another type", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"g":{"N":"1"}}}`, validation,
			"One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: byg"},
		{"a lookup by more than the key", "GetItem", `{"TableName":"TABLE","Key":{"p":{"S":"a"},"q":{"S":"a"}}}`, validation,
			"The provided key element does not match the schema"},
		{"a number that is none", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"n":{"N":"one"}}}`, validation,
			"The parameter cannot be converted to a numeric value: one"},
		{"an empty set", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"s":{"SS":[]}}}`, validation,
			"One or more parameter values were invalid: An string set  may not be empty"},
		{"a set with one element twice", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"s":{"SS":["x","x"]}}}`,
			validation, `One or more parameter values were invalid: Input collection ["x","x"] contains duplicates.`},
		{"a set of numbers with one twice", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"s":{"NS":["1","1.0"]}}}`,
			validation, "Input collection contains duplicates"},
		{"a set of bytes with one twice", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"s":{"BS":["AA==","AA=="]}}}`,
			validation, `One or more parameter values were invalid: Input collection ["AA==","AA=="] of type BS contains duplicates.`},
		{"an empty set of bytes", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"s":{"BS":[]}}}`, validation,
			"One or more parameter values were invalid: Binary sets should not be empty"},
		{"a set of numbers and a word", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"s":{"NS":["1","one"]}}}`,
			validation, "The parameter cannot be converted to a numeric value: one"},
		{"an empty index key", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"g":{"S":""}}}`, validation,
			"One or more parameter values are not valid. A value specified for a secondary index key is not supported. The " +
				"AttributeValue for a key attribute cannot contain an empty string value. IndexName: byg, IndexKey: g"},
		{"a path into the key", "UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE p.x"}`, validation, ""},
		{"values without an expression", "PutItem", `{` + put + `,"ExpressionAttributeValues":{":v":{"S":"a"}}}`, validation,
			"ExpressionAttributeValues can only be specified when using expressions"},
		{"no values at all", "PutItem", `{` + put + `,"ConditionExpression":"attribute_exists(p)","ExpressionAttributeValues":{}}`,
			validation, "ExpressionAttributeValues must not be empty"},
		{"a value without its mark", "PutItem", `{` + put + `,"ConditionExpression":"p = :v","ExpressionAttributeValues":` +
			`{"v":{"S":"a"}}}`, validation, `ExpressionAttributeValues contains invalid key: Syntax error; key: "v"`},
		{"a value that is none", "PutItem", `{` + put + `,"ConditionExpression":"p = :v","ExpressionAttributeValues":` +
			`{":v":{"N":"one"}}}`, validation, "ExpressionAttributeValues contains invalid value: The parameter cannot be " +
			"converted to a numeric value: one for key :v"},
		{"a query by nothing", "Query", `{"TableName":"TABLE"}`, validation,
			"Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."},
		{"a query by old words for what is no condition of keys", "Query", `{"TableName":"TABLE","KeyConditions":{"p":` +
			`{"ComparisonOperator":"NE","AttributeValueList":[{"S":"a"}]}}}`, validation, ""},
		{"too many keys of a batch", "BatchGetItem", `{"RequestItems":{"TABLE":{"Keys":[` + strings.TrimSuffix(strings.Repeat(
			`{"p":{"S":"a"}},`, 101), ",") + `]}}}`, validation, ""},
		{"a check without condition", "TransactWriteItems", `{"TransactItems":[{"ConditionCheck":{` + key + `}}]}`, validation, ""},
		{"lists too deep", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"a"},"l":` + deep + `}}`, validation,
			"Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"},
		{"too many items of one table", "BatchWriteItem", `{"RequestItems":{"TABLE":[` + strings.TrimSuffix(strings.Repeat(
			`{"PutRequest":{"Item":{"p":{"S":"a"}}}},`, 26), ",") + `]}}`, validation, ""},
		{"an item too large", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"` + strings.Repeat("x", 400<<10) + `"}}}`,
			validation, "Item size has exceeded the maximum allowed size"},
		{"old and new parameters", "PutItem", `{` + put + `,"Expected":{},"ConditionExpression":"attribute_exists(p)"}`,
			validation, "Can not use both expression and non-expression parameters in the same request: " +
				"Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"},
		{"old and new keys", "Query", `{"KeyConditions":{"p":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"a"}]}},` +
			query + `"p = :v","ExpressionAttributeValues":{":v":{"S":"a"}}}`, validation, "Can not use both expression and " +
			"non-expression parameters in the same request: Non-expression parameters: {KeyConditions} " +
			"Expression parameters: {KeyConditionExpression}"},
		{"an unused name", "UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE a","ExpressionAttributeNames":{"#n":"n"}}`,
			validation, "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}"},
		{"unused values", "UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE a",` +
			`"ExpressionAttributeValues":{":v":{"S":"a"},":u":{"S":"a"}}}`,
			validation, "Value provided in ExpressionAttributeValues unused in expressions: keys: {:u, :v}"},
		{"an undefined name", "UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE #n"}`, validation,
			"Invalid UpdateExpression: An expression attribute name used in the document path is not defined; " +
				"attribute name: #n"},
		{"an undefined value", "UpdateItem", `{` + key + `,"UpdateExpression":"SET a = :v"}`, validation,
			"Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :v"},
		{"a name without its mark", "UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE a",` +
			`"ExpressionAttributeNames":{"n":"n"}}`, validation,
			`ExpressionAttributeNames contains invalid key: Syntax error; key: "n"`},
		{"names without an expression", "PutItem", `{` + put + `,"ExpressionAttributeNames":{"#n":"n"}}`, validation,
			"ExpressionAttributeNames can only be specified when using expressions"},
		{"an empty expression", "UpdateItem", `{` + key + `,"UpdateExpression":""}`, validation,
			"Invalid UpdateExpression: The expression can not be empty;"},
		{"a reserved word", "UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE Status"}`, validation,
			"Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: Status"},
		{"an expression too long", "UpdateItem", `{` + key + `,"UpdateExpression":"REMOVE ` + strings.Repeat("x", 4090) + `"}`,
			validation, "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: 4097"},
		{"IN of too many", "PutItem", `{` + put + `,"ConditionExpression":"a IN (` + strings.ReplaceAll(in, `"`, "") +
			`)","ExpressionAttributeValues":{":v":{"S":"a"}}}`, validation, "Invalid ConditionExpression: Too many operands " +
			"for the operator or function; operator or function: IN, number of operands: 101"},
		{"a query without the key", "Query", `{` + query + `"q = :v","ExpressionAttributeValues":{":v":{"S":"a"}}}`,
			validation, "Query condition missed key schema element: p"},
		{"a query for more than one partition", "Query", `{` + query + `"p > :v","ExpressionAttributeValues":{":v":{"S":"a"}}}`,
			validation, "Query key condition not supported"},
		{"a consistent read of a global index", "Query", `{"IndexName":"byg","ConsistentRead":true,` + query +
			`"g = :v","ExpressionAttributeValues":{":v":{"S":"a"}}}`,
			validation, "Consistent reads are not supported on global secondary indexes"},
		{"a filter on the key", "Query", `{` + query + `"p = :v","FilterExpression":"p = :v",` +
			`"ExpressionAttributeValues":{":v":{"S":"a"}}}`, validation,
			"Filter Expression can only contain non-primary key attributes: Primary key attribute: p"},
		{"an index that is not there", "Scan", `{"TableName":"TABLE","IndexName":"none"}`, validation,
			"The table does not have the specified index: none"},
		{"more than the index has", "Scan", `{"TableName":"TABLE","IndexName":"byg","ProjectionExpression":"q"}`, validation,
			"One or more parameter values were invalid: Global secondary index byg does not project [q]"},
		{"a start outside the query", "Query", `{` + query + `"p = :v","ExpressionAttributeValues":{":v":{"S":"a"}},` +
			`"ExclusiveStartKey":{"p":{"S":"b"}}}`, validation,
			"The provided starting key is outside query boundaries based on provided conditions"},
		{"a start of other attributes", "Scan", `{"TableName":"TABLE","ExclusiveStartKey":{"q":{"S":"b"}}}`, validation,
			"The provided starting key is invalid"},
	}
	table := s.table(s.t, "S", withIndex("byg", "g", "", types.ProjectionTypeKeysOnly))
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			s.refuses(t, test.operation, strings.ReplaceAll(test.body, "TABLE", table), test.kind, test.message)
		})
	}
}

func testConditionsRefused(s *section) {
	tests := []struct{ condition, want string }{
		{"a =", `Syntax error; token: "<EOF>", near: "="`},
		{"a = = b", `Syntax error; token: "=", near: "= = b"`},
		{"a $ b", `Syntax error; token: "$", near: "a $ b"`},
		{"é", `Syntax error; token: "é", near: "é"`},
		{"a", `Syntax error; token: "<EOF>", near: "a"`},
		{"a AND b", `Syntax error; token: "AND", near: "a AND b"`},
		{"NOT", `Syntax error; token: "<EOF>", near: "NOT"`},
		{"a = 5", `Syntax error; token: "5", near: "= 5"`},
		{"(a = :s", `Syntax error; token: "<EOF>", near: ":s"`},
		{"a[x] = :s", `Syntax error; token: "x", near: "[x]"`},
		{"a[99999999999] = :s", "List index is not within the allowable range; index: [99999999999]"},
		{"((a = :s))", "The expression has redundant parentheses;"},
		{"foo(a)", "Invalid function name; function: foo"},
		{"size(a)", "The function is not allowed to be used this way in an expression; function: size"},
		{"begins_with(a, :s) = :s", "The function is not allowed to be used this way in an expression; function: begins_with"},
		{"attribute_exists(:s)", "Operator or function requires a document path; operator or function: attribute_exists"},
		{"begins_with(a)", "Incorrect number of operands for operator or function; " +
			"operator or function: begins_with, number of operands: 1"},
		{"begins_with(a, :n)", "Incorrect operand type for operator or function; " +
			"operator or function: begins_with, operand type: N"},
		{"attribute_type(a, :s)", "Invalid attribute type name found; type: x, " +
			"valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
		{"contains(a, a)", "The first operand must be distinct from the remaining operands for this operator or function; " +
			"operator: contains, first operand: [a]"},
		{"a BETWEEN :s AND :n", "The BETWEEN operator requires same data type for lower and upper bounds; " +
			"lower bound operand: AttributeValue: {S:x}, upper bound operand: AttributeValue: {N:1}"},
		{"size(:n) > :n", "Incorrect operand type for operator or function; operator or function: size, operand type: N"},
		{"attribute_type(a, :n)", "Incorrect operand type for operator or function; " +
			"operator or function: attribute_type, operand type: N"},
		{"a BETWEEN :l AND :l", "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: L"},
		{"a BETWEEN :n OR :n", `Syntax error; token: "OR", near: ":n OR :n"`},
		{"a < :l", "Incorrect operand type for operator or function; operator: <, operand type: LIST"},
		{"a = :undefined", "An expression attribute value used in expression is not defined; attribute value: :undefined"},
		{"order = :s", "Attribute name is a reserved keyword; reserved keyword: order"},
	}
	table := s.table(s.t, "S")
	for _, test := range tests {
		s.run(test.condition, func(t *testing.T) {
			s.refuses(t, "PutItem", fmt.Sprintf(`{"TableName":%q,"Item":{"p":{"S":"a"}},"ConditionExpression":%q,`+
				`"ExpressionAttributeValues":{":s":{"S":"x"},":n":{"N":"1"},":l":{"L":[]}}}`, table, test.condition),
				"ValidationException", "Invalid ConditionExpression: "+test.want)
		})
	}
}

func testUpdateExpressionsRefused(s *section) {
	tests := []struct{ update, want string }{
		{"INVALID SYNTAX HERE", `Syntax error; token: "INVALID", near: "INVALID SYNTAX"`},
		{"SET", `Syntax error; token: "<EOF>", near: "SET"`},
		{"SET a", `Syntax error; token: "<EOF>", near: "a"`},
		{"SET a = :n + ", `Syntax error; token: "<EOF>", near: "+"`},
		{"REMOVE a,", `Syntax error; token: "<EOF>", near: ","`},
		{"SET a = :n SET b = :n", `The "SET" section can only be used once in an update expression;`},
		{"SET a = :n, a.b = :n", "Two document paths overlap with each other; " +
			"must remove or rewrite one of these paths; path one: [a], path two: [a, b]"},
		{"SET a.b = :n REMOVE a[0]", "Two document paths conflict with each other; " +
			"must remove or rewrite one of these paths; path one: [a, b], path two: [a, [0]]"},
		{"ADD a :s", "Incorrect operand type for operator or function; operator: ADD, operand type: STRING"},
		{"DELETE a :n", "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"},
		{"SET a = :n + :s", "Incorrect operand type for operator or function; operator or function: +, operand type: STRING"},
		{"SET a = list_append(:n, b)", "Incorrect operand type for operator or function; " +
			"operator or function: list_append, operand type: NUMBER"},
		{"SET a = if_not_exists(:n, :n)", "Operator or function requires a document path; " +
			"operator or function: if_not_exists"},
		{"SET a = foo(b)", "Invalid function name; function: foo"},
		{"SET a = IF_NOT_EXISTS(a, :n)", "Invalid function name; function: IF_NOT_EXISTS"},
		{"SET a = :n, a = :n", "Two document paths overlap with each other; " +
			"must remove or rewrite one of these paths; path one: [a], path two: [a]"},
		{"DELETE a :m", "Incorrect operand type for operator or function; operator: DELETE, operand type: MAP"},
		{"ADD a b", `Syntax error; token: "b", near: "a b"`},
		{"SET a = :n + :n + :n", `Syntax error; token: "+", near: ":n + :n"`},
		{"SET a = list_append(b)", "Incorrect number of operands for operator or function; " +
			"operator or function: list_append, number of operands: 1"},
		{"SET a = :é", `Syntax error; token: ":", near: "= :é"`},
		{"SET size = :n", "Attribute name is a reserved keyword; reserved keyword: size"},
		{"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
	}
	table := s.table(s.t, "S")
	for _, test := range tests {
		s.run(test.update, func(t *testing.T) {
			s.refuses(t, "UpdateItem", fmt.Sprintf(`{"TableName":%q,"Key":{"p":{"S":"a"}},"UpdateExpression":%q,`+
				`"ExpressionAttributeValues":{":s":{"S":"x"},":n":{"N":"1"},":m":{"M":{}}}}`, table, test.update),
				"ValidationException", "Invalid UpdateExpression: "+test.want)
		})
	}
}
