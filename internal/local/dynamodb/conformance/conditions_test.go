package conformance_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func testConditions(s *section) {
	tests := []struct {
		condition string
		values    row
		holds     bool
	}{
		{"attribute_exists(p)", nil, true},
		{"attribute_not_exists(p)", nil, false},
		{"attribute_exists(m.k)", nil, true},
		{"attribute_exists(m.q)", nil, false},
		{"attribute_exists(l[1])", nil, true},
		{"attribute_not_exists(l[2])", nil, true},
		{"attribute_exists(z)", nil, true},
		{"attribute_type(n, :v)", row{":v": str("N")}, true},
		{"attribute_type(z, :v)", row{":v": str("NULL")}, true},
		{"attribute_type(n, :v)", row{":v": str("S")}, false},
		{"attribute_type(q, :v)", row{":v": str("S")}, false},
		{"begins_with(t, :v)", row{":v": str("he")}, true},
		{"begins_with(t, :v)", row{":v": str("lo")}, false},
		{"begins_with(b, :v)", row{":v": bin("\x01")}, true},
		{"begins_with(n, :v)", row{":v": str("1")}, false},
		{"contains(t, :v)", row{":v": str("ell")}, true},
		{"contains(b, :v)", row{":v": bin("\x02")}, true},
		{"contains(ss, :v)", row{":v": str("x")}, true},
		{"contains(ss, :v)", row{":v": str("q")}, false},
		{"contains(ns, :v)", row{":v": num("1.0")}, true},
		{"contains(l, :v)", row{":v": str("one")}, true},
		{"contains(l, :v)", row{":v": num("1")}, false},
		{"contains(t, t2)", nil, true},
		{"size(t) = :v", row{":v": num("5")}, true},
		{"size(b) = :v", row{":v": num("2")}, true},
		{"size(l) > :v", row{":v": num("1")}, true},
		{"size(m) = :v", row{":v": num("1")}, true},
		{"size(ss) = :v", row{":v": num("2")}, true},
		{"size(n) > :v", row{":v": num("0")}, false},
		{"size(t) > n", nil, false},
		{"n = :v", row{":v": num("10.0")}, true},
		{"n <> :v", row{":v": num("1e1")}, false},
		{"n > :v", row{":v": num("9")}, true},
		{"n > :v", row{":v": str("9")}, false},
		{"n < :v", row{":v": num("10.00000000000000000000000000000000001")}, true},
		{":v >= n", row{":v": num("10")}, true},
		{"t < :v", row{":v": str("hellp")}, true},
		{"b < :v", row{":v": bin("\xff")}, true},
		{"q <> :v", row{":v": num("9")}, true},
		{"q = :v", row{":v": num("9")}, false},
		{"q < :v", row{":v": num("9")}, false},
		{"NOT q < :v", row{":v": num("9")}, true},
		{"n = t", nil, false},
		{"n <> t", nil, true},
		{"n BETWEEN :v AND :w", row{":v": num("9"), ":w": num("10")}, true},
		{"n BETWEEN :v AND :w", row{":v": str("0"), ":w": str("9")}, false},
		{":v BETWEEN m.k AND n", row{":v": num("5")}, true},
		{"n IN (:v, :w)", row{":v": num("9"), ":w": num("10")}, true},
		{"n IN (:v)", row{":v": num("9")}, false},
		{"n IN (:v, m.k, n)", row{":v": str("9")}, true},
		{"m = :v", row{":v": dict(row{"k": num("1.0")})}, true},
		{"l = :v", row{":v": list(num("0"), str("one"))}, true},
		{"l = :v", row{":v": list(str("one"), num("0"))}, false},
		{"ss = :v", row{":v": strs("y", "x")}, true},
		{"z = :v", row{":v": null()}, true},
		{"attribute_exists(p) AND n = :v", row{":v": num("9")}, false},
		{"attribute_exists(p) OR n = :v", row{":v": num("9")}, true},
		{"attribute_exists(q) or attribute_exists(p) and not n = :v", row{":v": num("9")}, true},
		{"(attribute_exists(p) or attribute_exists(q)) and n = :v", row{":v": num("9")}, false},
		{"NOT (attribute_exists(q) OR n = :v)", row{":v": num("9")}, true},
		{"(n) = (:v)", row{":v": num("10")}, true},
	}
	table := s.table(s.t, "S")
	item := row{
		"p": str("a"), "n": num("10"), "t": str("hello"), "t2": str("ell"), "m": dict(row{"k": num("1")}), "z": null(),
		"l": list(num("0"), str("one")), "ss": strs("x", "y"), "ns": nums("1", "2"), "b": bin("\x01\x02"),
	}
	s.put(s.t, table, item)
	for _, test := range tests {
		s.run(test.condition+" "+show(test.values), func(t *testing.T) {
			_, err := s.db.PutItem(t.Context(), &sdk.PutItemInput{
				TableName: &table, Item: item, ConditionExpression: &test.condition,
				ExpressionAttributeValues: test.values,
			})
			if !test.holds {
				s.wantError(t, err, "ConditionalCheckFailedException", "The conditional request failed")
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func testFailedConditions(s *section) {
	table := s.table(s.t, "S")
	s.put(s.t, table, row{"p": str("a"), "n": num("1")})
	failing := aws.String("attribute_exists(q)")
	show1 := types.ReturnValuesOnConditionCheckFailureAllOld
	attempts := []struct {
		name string
		do   func(t *testing.T, p string) error
	}{
		{"a put", func(t *testing.T, p string) error {
			_, err := s.db.PutItem(t.Context(), &sdk.PutItemInput{
				TableName: &table, Item: row{"p": str(p)}, ConditionExpression: failing,
				ReturnValuesOnConditionCheckFailure: show1,
			})
			return err
		}},
		{"an update", func(t *testing.T, p string) error {
			_, err := s.db.UpdateItem(t.Context(), &sdk.UpdateItemInput{
				TableName: &table, Key: row{"p": str(p)}, ConditionExpression: failing,
				UpdateExpression: aws.String("REMOVE n"), ReturnValuesOnConditionCheckFailure: show1,
			})
			return err
		}},
		{"a delete", func(t *testing.T, p string) error {
			_, err := s.db.DeleteItem(t.Context(), &sdk.DeleteItemInput{
				TableName: &table, Key: row{"p": str(p)}, ConditionExpression: failing,
				ReturnValuesOnConditionCheckFailure: show1,
			})
			return err
		}},
	}
	for _, attempt := range attempts {
		for p, want := range map[string]string{"a": `{n:1 p:"a"}`, "absent": `{}`} {
			s.run(attempt.name+" of "+p, func(t *testing.T) {
				var failed *types.ConditionalCheckFailedException
				if err := attempt.do(t, p); !errors.As(err, &failed) {
					t.Fatalf("got %v, want ConditionalCheckFailedException", err)
				}
				if show(failed.Item) != want {
					t.Errorf("it shows %s, want %s", show(failed.Item), want)
				}
				if got := show(s.get(t, table, row{"p": str(p)})); got != want {
					t.Errorf("it left %s, want %s", got, want)
				}
			})
		}
	}
}

func testProjections(s *section) {
	tests := []struct {
		projection string
		want       row
	}{
		{"n", row{"n": num("1")}},
		{"q", row{}},
		{"m.k, n", row{"n": num("1"), "m": dict(row{"k": str("v")})}},
		{"l[2], l[0]", row{"l": list(str("0"), str("2"))}},
		{"l[9]", row{}},
		{"m.l[0].x", row{"m": dict(row{"l": list(dict(row{"x": num("1")}))})}},
		{"m.q", row{}},
		{"n.k", row{}},
		{"#dot", row{"a.b": str("dotted")}},
	}
	table := s.table(s.t, "S")
	s.put(s.t, table, row{
		"p": str("a"), "n": num("1"), "l": list(str("0"), str("1"), str("2")), "a.b": str("dotted"),
		"m": dict(row{"k": str("v"), "l": list(dict(row{"x": num("1"), "y": num("2")}))}),
	})
	for _, test := range tests {
		s.run(test.projection, func(t *testing.T) {
			in := &sdk.GetItemInput{
				TableName: &table, Key: row{"p": str("a")}, ProjectionExpression: &test.projection,
				ConsistentRead: aws.Bool(true),
			}
			if test.projection == "#dot" {
				in.ExpressionAttributeNames = map[string]string{"#dot": "a.b"}
			}
			out, err := s.db.GetItem(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if show(out.Item) != show(test.want) {
				t.Errorf("got %s, want %s", show(out.Item), show(test.want))
			}
		})
	}
}
