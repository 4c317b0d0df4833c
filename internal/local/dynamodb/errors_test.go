package dynamodb_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// post sends a request as it is and returns the answer and its body.
func (c *cloud) post(target, body string) (*http.Response, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.server.URL, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", target)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response, string(raw)
}

func TestAnswersHaveTheHeadersOfAWS(t *testing.T) {
	c := newCloud(t)
	response, body := c.post("DynamoDB_20120810.ListTables", "{}")
	if body != `{"TableNames":[]}` || response.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", response.StatusCode, body)
	}
	want := strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(body))), 10)
	if got := response.Header.Get("X-Amz-Crc32"); got != want {
		t.Errorf("got checksum %s, want %s", got, want)
	}
	if response.Header.Get("x-amzn-RequestId") == "" {
		t.Error("there is no request id")
	}
	if got := response.Header.Get("Content-Type"); got != "application/x-amz-json-1.0" {
		t.Errorf("got content type %s", got)
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	const (
		validation    = "com.amazon.coral.validate#ValidationException"
		serialization = "com.amazon.coral.service#SerializationException"
		notFound      = "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"
		key           = `"TableName":"tbl","Key":{"p":{"S":"a"}}`
		put           = `"TableName":"tbl","Item":{"p":{"S":"a"}}`
		query         = `"TableName":"tbl","KeyConditionExpression":`
	)
	deep := strings.Repeat(`{"L":[`, 33) + strings.Repeat(`]}`, 33)
	in := `":v"` + strings.Repeat(`,":v"`, 100)
	tests := []struct {
		name, operation, body string
		kind, message         string
	}{
		{"an unknown operation", "Fly", `{}`, "com.amazon.coral.service#UnknownOperationException", ""},
		{"no JSON", "PutItem", `{`, serialization, ""},
		{"a number for a string", "PutItem", `{"TableName":5}`, serialization, "NUMBER_VALUE cannot be converted to String"},
		{"a list for a struct", "PutItem", `[]`, serialization, "*"},
		{"base64 that is none", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"a"},"b":{"B":"?"}}}`, serialization,
			"only base-64-encoded strings are convertible to bytes"},
		{"no table name", "GetItem", `{"Key":{}}`, validation,
			"1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null"},
		{"an impossible table name", "GetItem", `{"TableName":"a b","Key":{}}`, validation,
			"1 validation error detected: Value 'a b' at 'tableName' failed to satisfy constraint: " +
				"Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
		{"no such table", "GetItem", `{"TableName":"nowhere","Key":{"p":{"S":"a"}}}`, notFound, "Requested resource not found"},
		{"no such table to describe", "DescribeTable", `{"TableName":"nowhere"}`, notFound,
			"Requested resource not found: Table: nowhere not found"},
		{"a value without type", "PutItem", `{"TableName":"tbl","Item":{"p":{}}}`, validation,
			"Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
		{"a value of two types", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"a","N":"1"}}}`, validation,
			"Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"},
		{"an item without key", "PutItem", `{"TableName":"tbl","Item":{"q":{"S":"a"}}}`, validation,
			"One or more parameter values were invalid: Missing the key p in the item"},
		{"a key of another type", "PutItem", `{"TableName":"tbl","Item":{"p":{"N":"1"}}}`, validation,
			"One or more parameter values were invalid: Type mismatch for key p expected: S actual: N"},
		{"an empty key", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":""}}}`, validation,
			"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an " +
				"empty string value. Key: p"},
		{"a key too long", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"` + strings.Repeat("x", 2049) + `"}}}`, validation,
			"One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"},
		{"an index key of another type", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"a"},"g":{"N":"1"}}}`, validation,
			"One or more parameter values were invalid: Type mismatch for Index Key g Expected: S Actual: N IndexName: byg"},
		{"a lookup by more than the key", "GetItem", `{"TableName":"tbl","Key":{"p":{"S":"a"},"q":{"S":"a"}}}`, validation,
			"The provided key element does not match the schema"},
		{"a number that is none", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"a"},"n":{"N":"one"}}}`, validation,
			"The parameter cannot be converted to a numeric value: one"},
		{"an empty set", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"a"},"s":{"SS":[]}}}`, validation,
			"One or more parameter values were invalid: An string set  may not be empty"},
		{"a set with one element twice", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"a"},"s":{"SS":["x","x"]}}}`,
			validation, `One or more parameter values were invalid: Input collection ["x","x"] contains duplicates.`},
		{"lists too deep", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"a"},"l":` + deep + `}}`, validation,
			"Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"},
		{"an item too large", "PutItem", `{"TableName":"tbl","Item":{"p":{"S":"` + strings.Repeat("x", 400<<10) + `"}}}`,
			validation, "Item size has exceeded the maximum allowed size"},
		{"parameters of old", "PutItem", `{` + put + `,"Expected":{}}`, validation, "*"},
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
		{"an index that is not there", "Scan", `{"TableName":"tbl","IndexName":"none"}`, validation,
			"The table does not have the specified index: none"},
		{"more than the index has", "Scan", `{"TableName":"tbl","IndexName":"byg","ProjectionExpression":"q"}`, validation,
			"One or more parameter values were invalid: Global secondary index byg does not project [q]"},
		{"a start outside the query", "Query", `{` + query + `"p = :v","ExpressionAttributeValues":{":v":{"S":"a"}},` +
			`"ExclusiveStartKey":{"p":{"S":"b"}}}`, validation,
			"The provided starting key is outside query boundaries based on provided conditions"},
		{"a start of other attributes", "Scan", `{"TableName":"tbl","ExclusiveStartKey":{"q":{"S":"b"}}}`, validation,
			"The provided starting key is invalid"},
	}
	c := newCloud(t)
	c.createTable("tbl", "S", withIndex("byg", "g", "", "KEYS_ONLY"))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, body := c.post("DynamoDB_20120810."+test.operation, test.body)
			var got struct {
				Type    string `json:"__type"`
				Message string
			}
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != http.StatusBadRequest || got.Type != test.kind ||
				test.message != "*" && got.Message != test.message {
				t.Errorf("got  %d %s: %s\nwant 400 %s: %s", response.StatusCode, got.Type, got.Message, test.kind, test.message)
			}
		})
	}
}

func TestConditionsThatAreRefused(t *testing.T) {
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
		{"a < :l", "Incorrect operand type for operator or function; operator: <, operand type: LIST"},
		{"a = :undefined", "An expression attribute value used in expression is not defined; attribute value: :undefined"},
		{"order = :s", "Attribute name is a reserved keyword; reserved keyword: order"},
	}
	c := newCloud(t)
	c.createTable("tbl", "S")
	for _, test := range tests {
		t.Run(test.condition, func(t *testing.T) {
			_, body := c.post("DynamoDB_20120810.PutItem", fmt.Sprintf(`{"TableName":"tbl","Item":{"p":{"S":"a"}},`+
				`"ConditionExpression":%q,"ExpressionAttributeValues":{":s":{"S":"x"},":n":{"N":"1"},":l":{"L":[]}}}`,
				test.condition))
			var got struct{ Message string }
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if want := "Invalid ConditionExpression: " + test.want; got.Message != want {
				t.Errorf("got  %s\nwant %s", got.Message, want)
			}
		})
	}
}

func TestUpdateExpressionsThatAreRefused(t *testing.T) {
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
		{"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
	}
	c := newCloud(t)
	c.createTable("tbl", "S")
	for _, test := range tests {
		t.Run(test.update, func(t *testing.T) {
			_, body := c.post("DynamoDB_20120810.UpdateItem", fmt.Sprintf(`{"TableName":"tbl","Key":{"p":{"S":"a"}},`+
				`"UpdateExpression":%q,"ExpressionAttributeValues":{":s":{"S":"x"},":n":{"N":"1"}}}`, test.update))
			var got struct{ Message string }
			if err := json.Unmarshal([]byte(body), &got); err != nil {
				t.Fatal(err)
			}
			if want := "Invalid UpdateExpression: " + test.want; got.Message != want {
				t.Errorf("got  %s\nwant %s", got.Message, want)
			}
		})
	}
}

func TestBodyTooLargeIsRefused(t *testing.T) {
	c := newCloud(t)
	response, err := http.Post(c.server.URL, "application/x-amz-json-1.0", bytes.NewReader(make([]byte, 16<<20+1)))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, want 413", response.StatusCode)
	}
}
