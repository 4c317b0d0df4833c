package dynamodb

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// asDecoded is what reads a body that is well-formed, as dispatch does.
func asDecoded(body []byte, into any) *apiError {
	if !json.Valid(body) || !utf8.Valid(body) {
		return malformed("")
	}
	return decode(body, into)
}

func FuzzWireItems(f *testing.F) {
	raw, _ := json.Marshal(sample())
	f.Add(raw)
	f.Add([]byte(`{"a":{"NS":["1","1.0"]},"b":{"M":{"c":{"N":"1e5"}}}}`))
	f.Add([]byte(` { "\u0061\"\ud83d\ude00" : { "L" : [ { "S" : "\\u" } , { "BS" : [ "AA==" ] } ] , "x" : [ { } , 1.5e3 , null ] } } `))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var wire wireItem
		if asDecoded(raw, &wire) != nil {
			return
		}
		it, err := wire.canonical()
		if err != nil {
			return
		}
		shown, fault := json.Marshal(it)
		if fault != nil {
			t.Fatal(fault)
		}
		var again wireItem
		if err := asDecoded(shown, &again); err != nil {
			t.Fatal(err)
		}
		if same, err := again.canonical(); err != nil || !reflect.DeepEqual(same, it) {
			t.Errorf("got %s back as %v, %v", shown, same, err)
		}
	})
}

// FuzzDecoding holds what is read of a request to what encoding/json reads of it, once that has written it in its own way.
func FuzzDecoding(f *testing.F) {
	f.Add([]byte(`{"TransactItems":[{"Put":{"TableName":"tbl","Item":{"p":{"S":"\ud83d\ude00"},"b":{"B":"AAE="}}}},null,{}],"x":[[]]}`))
	f.Add([]byte(`{"ClientRequestToken":null,"TransactItems":[{"Update":{"Key":null,"ExpressionAttributeNames":{"#a":"\n"}}}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var first transactWriteRequest
		if asDecoded(raw, &first) != nil {
			return
		}
		written, err := json.Marshal(first)
		if err != nil {
			return // what is old is kept as it came
		}
		var got, want transactWriteRequest
		if err := json.Unmarshal(written, &want); err != nil {
			t.Fatal(err)
		}
		if err := asDecoded(written, &got); err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got\n%+v\nwant\n%+v", written, got, want)
		}
	})
}

// FuzzRequests sends anything to any operation: it is answered with JSON, or with an error that has a type.
func FuzzRequests(f *testing.F) {
	e, err := Open(filepath.Join(f.TempDir(), "tables.db"), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = e.Close() })
	operations := slices.Sorted(maps.Keys(e.operations))
	table := `{"TableName":"tbl","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},` +
		`{"AttributeName":"g","AttributeType":"N"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],` +
		`"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"},"GlobalSecondaryIndexes":[{"IndexName":` +
		`"byg","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}`
	if _, err := e.dispatch(f.Context(), "DynamoDB_20120810.CreateTable", []byte(table)); err != nil {
		f.Fatal(err)
	}
	deep := strings.Repeat(`{"L":[`, 5000) + strings.Repeat(`]}`, 5000)
	for _, body := range []string{
		table, `{"TableName":"tbl","Key":{"p":{"S":"a"}},"UpdateExpression":"SET #n = :v","ExpressionAttributeNames":{"#n":"n"},` +
			`"ExpressionAttributeValues":{":v":{"N":"1e125"}},"ReturnValues":"ALL_NEW"}`,
		`{"TableName":"tbl","Item":{"p":{"S":"a"},"g":{"N":"-1.5"},"d":` + deep + `}}`,
		`{"TableName":"tbl","KeyConditionExpression":"p = :p","ExpressionAttributeValues":{":p":{"S":"a"}},"Limit":1}`,
		`{"TableName":"tbl","FilterExpression":"` + strings.Repeat("é", 1<<19) + `","Segment":0,"TotalSegments":3}`,
		`{"TransactItems":[{"Put":{"TableName":"tbl","Item":{"p":{"S":"t"}}}}],"ClientRequestToken":"x"}`,
		`{"RequestItems":{"tbl":[{"PutRequest":{"Item":{"p":{"S":"b"}}}}]}}`, `{"RequestItems":{"tbl":{"Keys":[{"p":{"S":"b"}}]}}}`,
	} {
		for i := range operations {
			f.Add(byte(i), []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, which byte, body []byte) {
		target := operations[int(which)%len(operations)]
		answer, err := e.dispatch(t.Context(), target, body)
		if err != nil {
			api := asAPIError(err)
			if api == nil {
				t.Fatalf("%s answers %v", target, err)
			}
			answer = api
		}
		if raw, err := e.encode(answer); err != nil || !json.Valid(raw) {
			t.Fatalf("%s answers %s, %v", target, raw, err)
		}
	})
}
