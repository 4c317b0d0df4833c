package conformance_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// testCapacity checks what operations say they used, of a table with one index. All items are below a kilobyte.
func testCapacity(s *section) {
	table := s.table(s.t, "S", withIndex("byg", "g", "", types.ProjectionTypeInclude, "a"))
	const (
		read  = `{"TransactItems":[{"Get":{"TableName":"TABLE","Key":{"p":{"S":"kept"}}}},`
		write = `{"TransactItems":[{"Put":{"TableName":"TABLE","Item":{"p":{"S":"t1"}}}},`
	)
	tests := []struct{ name, operation, body, asked, want string }{
		{"a put, into an index", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"kept"},"g":{"S":"x"}}`, "INDEXES",
			`{"CapacityUnits":2,"GlobalSecondaryIndexes":{"byg":{"CapacityUnits":1}},"Table":{"CapacityUnits":1}}`},
		{"a put of the same", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"kept"},"g":{"S":"x"}}`, "INDEXES",
			`{"CapacityUnits":1,"Table":{"CapacityUnits":1}}`},
		{"an update to the index key", "UpdateItem", `{"TableName":"TABLE","Key":{"p":{"S":"kept"}},` +
			`"UpdateExpression":"SET g = :g","ExpressionAttributeValues":{":g":{"S":"y"}}`, "INDEXES",
			`{"CapacityUnits":3,"GlobalSecondaryIndexes":{"byg":{"CapacityUnits":2}},"Table":{"CapacityUnits":1}}`},
		{"an update beside the index", "UpdateItem", `{"TableName":"TABLE","Key":{"p":{"S":"kept"}},` +
			`"UpdateExpression":"SET b = :b","ExpressionAttributeValues":{":b":{"S":"y"}}`, "INDEXES",
			`{"CapacityUnits":1,"Table":{"CapacityUnits":1}}`},
		{"a total, without its parts", "PutItem", `{"TableName":"TABLE","Item":{"p":{"S":"total"},"g":{"S":"x"}}`, "TOTAL",
			`{"CapacityUnits":2}`},
		{"a read", "GetItem", `{"TableName":"TABLE","Key":{"p":{"S":"kept"}}`, "TOTAL", `{"CapacityUnits":0.5}`},
		{"a consistent read", "GetItem", `{"TableName":"TABLE","ConsistentRead":true,"Key":{"p":{"S":"kept"}}`, "TOTAL",
			`{"CapacityUnits":1}`},
		{"a batch of writes", "BatchWriteItem", `{"RequestItems":{"TABLE":[{"PutRequest":{"Item":{"p":{"S":"b1"},` +
			`"g":{"S":"x"}}}},{"PutRequest":{"Item":{"p":{"S":"b2"}}}}]}`, "INDEXES",
			`[{"CapacityUnits":3,"GlobalSecondaryIndexes":{"byg":{"CapacityUnits":1}},"Table":{"CapacityUnits":2}}]`},
		{"a transaction of reads, also of nothing", "TransactGetItems",
			read + `{"Get":{"TableName":"TABLE","Key":{"p":{"S":"absent"}}}}]`, "INDEXES",
			`[{"CapacityUnits":4,"ReadCapacityUnits":4,"Table":{"CapacityUnits":4,"ReadCapacityUnits":4}}]`},
		{"a transaction of writes", "TransactWriteItems",
			write + `{"Put":{"TableName":"TABLE","Item":{"p":{"S":"t2"}}}}]`, "TOTAL",
			`[{"CapacityUnits":4,"WriteCapacityUnits":4}]`},
		{"a transaction with a check", "TransactWriteItems", write + `{"ConditionCheck":{"TableName":"TABLE",` +
			`"Key":{"p":{"S":"kept"}},"ConditionExpression":"attribute_exists(p)"}}]`, "TOTAL",
			`[{"CapacityUnits":4,"WriteCapacityUnits":4}]`},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			body := strings.ReplaceAll(test.body, "TABLE", table) + `,"ReturnConsumedCapacity":"` + test.asked + `"}`
			a, err := s.post(t.Context(), tableService+test.operation, []byte(body))
			if err != nil || a.kind != "" {
				t.Fatalf("got %s and %v", a, err)
			}
			got, err := json.Marshal(a.body["ConsumedCapacity"])
			if err != nil {
				t.Fatal(err)
			}
			if shown := strings.Replace(string(got), `,"TableName":"`+table+`"`, "", 1); shown != test.want {
				t.Errorf("got  %s\nwant %s", shown, test.want)
			}
		})
	}
}
