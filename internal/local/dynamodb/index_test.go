package dynamodb_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestIndexesGiveWhatTheyProject(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SS",
		withIndex("keys", "g", "", types.ProjectionTypeKeysOnly),
		withIndex("some", "k", "", types.ProjectionTypeInclude, "a"),
		withIndex("everything", "k2", "", types.ProjectionTypeAll),
		func(in *sdk.CreateTableInput) {
			in.AttributeDefinitions = append(in.AttributeDefinitions, definitions("l")...)
			in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{
				IndexName: aws.String("local"), KeySchema: schema("p", "l"),
				Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
			}}
		})
	item := row{
		"p": str("1"), "s": str("2"), "g": str("x"), "k": str("x"), "k2": str("x"), "l": str("x"),
		"a": num("1"), "b": num("2"),
	}
	c.put("tbl", item)
	tests := []struct {
		name, index, condition string
		edit                   func(*sdk.QueryInput)
		want                   row
	}{
		{name: "keys only", index: "keys", condition: "g = :x", want: row{"p": str("1"), "s": str("2"), "g": str("x")}},
		{name: "some attributes", index: "some", condition: "k = :x",
			want: row{"p": str("1"), "s": str("2"), "k": str("x"), "a": num("1")}},
		{name: "all", index: "everything", condition: "k2 = :x", want: item},
		{name: "a local index", index: "local", condition: "p = :one AND l = :x",
			want: row{"p": str("1"), "s": str("2"), "l": str("x")}},
		{name: "more of a local index, from the table", index: "local", condition: "p = :one AND l = :x",
			edit: func(in *sdk.QueryInput) { in.ProjectionExpression = aws.String("b, l") },
			want: row{"b": num("2"), "l": str("x")}},
		{name: "all of a local index", index: "local", condition: "p = :one AND l = :x",
			edit: func(in *sdk.QueryInput) { in.Select, in.ConsistentRead = types.SelectAllAttributes, aws.Bool(true) },
			want: item},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := &sdk.QueryInput{
				TableName: aws.String("tbl"), IndexName: &test.index, KeyConditionExpression: &test.condition,
				ExpressionAttributeValues: row{":x": str("x")},
			}
			if strings.Contains(test.condition, ":one") {
				in.ExpressionAttributeValues[":one"] = str("1")
			}
			if test.edit != nil {
				test.edit(in)
			}
			out, err := c.db.Query(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Items) != 1 || show(out.Items[0]) != show(test.want) {
				t.Errorf("got %v, want %s", out.Items, show(test.want))
			}
		})
	}
}

func TestIndexFollowsItsItems(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S", withIndex("byg", "g", "h", types.ProjectionTypeKeysOnly))
	find := func() string {
		out, err := c.db.Scan(t.Context(), &sdk.ScanInput{TableName: aws.String("tbl"), IndexName: aws.String("byg")})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, item := range out.Items {
			all = append(all, show(item))
		}
		return strings.Join(all, " ")
	}
	steps := []struct {
		name string
		do   func()
		want string
	}{
		{"an item without the keys is not there", func() { c.put("tbl", row{"p": str("a"), "g": str("1")}) }, ""},
		{"it comes when it has them", func() { c.put("tbl", row{"p": str("a"), "g": str("1"), "h": str("2")}) },
			`{g:"1" h:"2" p:"a"}`},
		{"it moves when they change", func() { c.put("tbl", row{"p": str("a"), "g": str("1"), "h": str("3")}) },
			`{g:"1" h:"3" p:"a"}`},
		{"it goes when one is removed", func() {
			if _, err := c.update("REMOVE g", nil); err != nil {
				t.Fatal(err)
			}
		}, ""},
	}
	for _, step := range steps {
		step.do()
		if got := find(); got != step.want {
			t.Errorf("%s: got %s, want %s", step.name, got, step.want)
		}
	}
}
