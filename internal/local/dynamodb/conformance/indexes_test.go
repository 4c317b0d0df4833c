package conformance_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func testIndexes(s *section) {
	table := s.table(s.t, "SS",
		withIndex("keys", "g", "", types.ProjectionTypeKeysOnly),
		withIndex("some", "k", "", types.ProjectionTypeInclude, "a"),
		withIndex("everything", "k2", "", types.ProjectionTypeAll),
		func(in *sdk.CreateTableInput) {
			in.AttributeDefinitions = append(in.AttributeDefinitions, define("S", "l")...)
			in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{
				IndexName: aws.String("local"), KeySchema: schema("p", "l"),
				Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
			}}
		})
	item := row{
		"p": str("1"), "s": str("2"), "g": str("x"), "k": str("x"), "k2": str("x"), "l": str("x"),
		"a": num("1"), "b": num("2"),
	}
	s.put(s.t, table, item)
	tests := []struct {
		name, index, condition string
		edit                   func(*sdk.QueryInput)
		want                   row
	}{
		{name: "keys only", index: "keys", condition: "g = :x", want: row{"p": str("1"), "s": str("2"), "g": str("x")}},
		{name: "some attributes", index: "some", condition: "k = :x",
			want: row{"p": str("1"), "s": str("2"), "k": str("x"), "a": num("1")}},
		{name: "all", index: "everything", condition: "k2 = :x", want: item},
		{name: "part of what there is", index: "some", condition: "k = :x",
			edit: func(in *sdk.QueryInput) { in.ProjectionExpression = aws.String("a, k") },
			want: row{"a": num("1"), "k": str("x")}},
		{name: "a local index", index: "local", condition: "p = :one AND l = :x",
			edit: func(in *sdk.QueryInput) { in.ConsistentRead = aws.Bool(true) },
			want: row{"p": str("1"), "s": str("2"), "l": str("x")}},
		{name: "more of a local index, from the table", index: "local", condition: "p = :one AND l = :x",
			edit: func(in *sdk.QueryInput) { in.ProjectionExpression = aws.String("b, l") },
			want: row{"b": num("2"), "l": str("x")}},
		{name: "all of a local index", index: "local", condition: "p = :one AND l = :x",
			edit: func(in *sdk.QueryInput) { in.Select, in.ConsistentRead = types.SelectAllAttributes, aws.Bool(true) },
			want: item},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			in := &sdk.QueryInput{
				TableName: &table, IndexName: &test.index, KeyConditionExpression: &test.condition,
				ExpressionAttributeValues: row{":x": str("x")},
			}
			if strings.Contains(test.condition, ":one") {
				in.ExpressionAttributeValues[":one"] = str("1")
			}
			if test.edit != nil {
				test.edit(in)
			}
			s.eventually(t, show(test.want), func() string {
				out, err := s.db.Query(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				return showAll(out.Items)
			})
		})
	}
}

func testSparseIndex(s *section) {
	table := s.table(s.t, "S", withIndex("byg", "g", "h", types.ProjectionTypeKeysOnly))
	find := func(t *testing.T) string {
		out, err := s.db.Scan(t.Context(), &sdk.ScanInput{TableName: &table, IndexName: aws.String("byg")})
		if err != nil {
			t.Fatal(err)
		}
		return showAll(out.Items)
	}
	must := func(t *testing.T, _ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	key := row{"p": str("a")}
	steps := []struct {
		name string
		do   func(t *testing.T)
		want string
	}{
		{"leaves out an item without its keys", func(t *testing.T) {
			s.put(t, table, row{"p": str("a"), "g": str("1")})
		}, ""},
		{"takes it in when it has them", func(t *testing.T) {
			s.put(t, table, row{"p": str("a"), "g": str("1"), "h": str("2"), "n": num("1")})
		}, `{g:"1" h:"2" p:"a"}`},
		{"moves it when they change", func(t *testing.T) {
			_, err := s.update(t, table, key, "SET h = :h", row{":h": str("3")})
			must(t, nil, err)
		}, `{g:"1" h:"3" p:"a"}`},
		{"drops it when one is removed", func(t *testing.T) {
			_, err := s.update(t, table, key, "REMOVE g", nil)
			must(t, nil, err)
		}, ""},
		{"takes it in by a transaction", func(t *testing.T) {
			must(t, nil, s.transact(t, "", putAction(table, "a", "", row{"g": str("4"), "h": str("5")})))
		}, `{g:"4" h:"5" p:"a"}`},
		{"drops it when the item goes", func(t *testing.T) {
			_, err := s.db.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: &table, Key: key})
			must(t, nil, err)
		}, ""},
	}
	for _, step := range steps {
		s.run(step.name, func(t *testing.T) {
			step.do(t)
			s.eventually(t, step.want, func() string { return find(t) })
		})
	}
	s.run("refuses to be read consistently", func(t *testing.T) {
		_, err := s.db.Scan(t.Context(), &sdk.ScanInput{
			TableName: &table, IndexName: aws.String("byg"), ConsistentRead: aws.Bool(true),
		})
		s.wantError(t, err, "ValidationException", "Consistent reads are not supported on global secondary indexes")
	})
	s.run("refuses all attributes, which it does not have", func(t *testing.T) {
		_, err := s.db.Scan(t.Context(), &sdk.ScanInput{
			TableName: &table, IndexName: aws.String("byg"), Select: types.SelectAllAttributes,
		})
		s.wantError(t, err, "ValidationException", "One or more parameter values were invalid: "+
			"Select type ALL_ATTRIBUTES is not supported for global secondary index byg because its projection type is not ALL")
	})
	s.run("is unknown by another name", func(t *testing.T) {
		_, err := s.db.Scan(t.Context(), &sdk.ScanInput{TableName: &table, IndexName: aws.String("none")})
		var none *types.ResourceNotFoundException
		if errors.As(err, &none) {
			t.Error("got ResourceNotFoundException")
		}
		s.wantError(t, err, "ValidationException", "The table does not have the specified index: none")
	})
}
