package dynamodb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// sortKeys lists what the attribute s of items is.
func sortKeys(items []row) string {
	keys := make([]string, len(items))
	for i, item := range items {
		keys[i] = strings.Trim(showValue(item["s"]), `B"`)
	}
	return strings.Join(keys, " ")
}

func TestQueryFindsBySortKey(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SS")
	c.createTable("num", "SN")
	for _, s := range []string{"a", "ab", "abc", "b", "ba", "c"} {
		c.put("tbl", row{"p": str("1"), "s": str(s)})
	}
	c.put("tbl", row{"p": str("0"), "s": str("other")})
	c.put("tbl", row{"p": str("10"), "s": str("other")})
	for _, n := range []string{"-100", "-9.5", "-9", "-0.01", "0", "1e-130", "0.5", "2", "10", "9e125"} {
		c.put("num", row{"p": str("1"), "s": num(n)})
	}
	tests := []struct {
		table, condition string
		values           row
		backward         bool
		want             string
	}{
		{table: "tbl", condition: "p = :p", want: "a ab abc b ba c"},
		{table: "tbl", condition: "p = :p", backward: true, want: "c ba b abc ab a"},
		{table: "tbl", condition: "p = :p AND s = :v", values: row{":v": str("ab")}, want: "ab"},
		{table: "tbl", condition: "p = :p AND s < :v", values: row{":v": str("b")}, want: "a ab abc"},
		{table: "tbl", condition: "p = :p AND s <= :v", values: row{":v": str("b")}, want: "a ab abc b"},
		{table: "tbl", condition: "p = :p AND s > :v", values: row{":v": str("b")}, want: "ba c"},
		{table: "tbl", condition: "s >= :v AND p = :p", values: row{":v": str("b")}, want: "b ba c"},
		{table: "tbl", condition: "p = :p AND :v < s", values: row{":v": str("b")}, want: "ba c"},
		{table: "tbl", condition: "p = :p AND s BETWEEN :v AND :w", values: row{":v": str("ab"), ":w": str("b")},
			backward: true, want: "b abc ab"},
		{table: "tbl", condition: "(p = :p) AND (begins_with(s, :v))", values: row{":v": str("ab")}, want: "ab abc"},
		{table: "num", condition: "p = :p", want: "-100 -9.5 -9 -0.01 0 0." + strings.Repeat("0", 129) +
			"1 0.5 2 10 9" + strings.Repeat("0", 125)},
		{table: "num", condition: "p = :p AND s < :v", values: row{":v": num("-9")}, want: "-100 -9.5"},
		{table: "num", condition: "p = :p AND s BETWEEN :v AND :w", values: row{":v": num("-1"), ":w": num("2")},
			backward: true, want: "2 0.5 0." + strings.Repeat("0", 129) + "1 0 -0.01"},
	}
	for _, test := range tests {
		t.Run(test.table+" "+test.condition, func(t *testing.T) {
			out, err := c.db.Query(t.Context(), &sdk.QueryInput{
				TableName: &test.table, KeyConditionExpression: &test.condition,
				ExpressionAttributeValues: patched(row{":p": str("1")}, test.values),
				ScanIndexForward:          aws.Bool(!test.backward),
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := sortKeys(out.Items); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestQueryTellsItemsApartThatAreNearlyEqual(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "BB")
	keys := []string{"\x00", "\x00\x00", "\x00\xff", "\x01", "a", "a\x00", "a\x00\x00b", "a\x01", "\xff", "\xff\xff"}
	for _, p := range keys {
		for _, s := range keys {
			c.put("tbl", row{"p": bin(p), "s": bin(s)})
		}
	}
	for _, p := range keys {
		out, err := c.db.Query(t.Context(), &sdk.QueryInput{
			TableName: aws.String("tbl"), KeyConditionExpression: aws.String("p = :p"),
			ExpressionAttributeValues: row{":p": bin(p)},
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, item := range out.Items {
			got = append(got, string(item["s"].(*types.AttributeValueMemberB).Value))
		}
		if !slices.Equal(got, keys) {
			t.Errorf("partition %q: got %q, want %q", p, got, keys)
		}
	}
}

// pages queries page by page and returns the sort keys of each.
func (c *cloud) pages(in sdk.QueryInput) (pages []string) {
	c.t.Helper()
	for {
		out, err := c.db.Query(c.t.Context(), &in)
		if err != nil {
			c.t.Fatal(err)
		}
		pages = append(pages, sortKeys(out.Items))
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return pages
		}
	}
}

func TestQueryGoesOnWhereThePageEnded(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SS", withIndex("byg", "g", "h", types.ProjectionTypeKeysOnly))
	for i := range 5 {
		c.put("tbl", row{"p": str("1"), "s": str(fmt.Sprint(i)), "g": str("g"), "h": str("same"), "n": num(fmt.Sprint(i))})
	}
	c.put("tbl", row{"p": str("1"), "s": str("sparse")})
	table := sdk.QueryInput{
		TableName: aws.String("tbl"), KeyConditionExpression: aws.String("p = :p"), Limit: aws.Int32(2),
		ExpressionAttributeValues: row{":p": str("1")},
	}
	index := sdk.QueryInput{
		TableName: aws.String("tbl"), IndexName: aws.String("byg"), KeyConditionExpression: aws.String("g = :g"),
		ExpressionAttributeValues: row{":g": str("g")}, Limit: aws.Int32(3),
	}
	filtered := table
	filtered.FilterExpression = aws.String("n <> :n")
	filtered.ExpressionAttributeValues = row{":p": str("1"), ":n": num("1")}
	backward := func(in sdk.QueryInput) sdk.QueryInput {
		in.ScanIndexForward = aws.Bool(false)
		return in
	}
	tests := []struct {
		name string
		in   sdk.QueryInput
		want []string
	}{
		{"a table", table, []string{"0 1", "2 3", "4 sparse", ""}},
		{"a table backward", backward(table), []string{"sparse 4", "3 2", "1 0", ""}},
		{"an index of equal keys", index, []string{"0 1 2", "3 4"}},
		{"an index backward", backward(index), []string{"4 3 2", "1 0"}},
		{"what a filter leaves of each page", filtered, []string{"0", "2 3", "4 sparse", ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := c.pages(test.in); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestPagesEndAtOneMegabyte(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SS")
	for i := range 9 {
		c.put("tbl", row{"p": str("1"), "s": str(fmt.Sprint(i)), "v": str(strings.Repeat("x", 300<<10))})
	}
	got := c.pages(sdk.QueryInput{
		TableName: aws.String("tbl"), KeyConditionExpression: aws.String("p = :p"),
		ExpressionAttributeValues: row{":p": str("1")}, ProjectionExpression: aws.String("s"),
	})
	if want := []string{"0 1 2 3", "4 5 6 7", "8"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestScanSeesEveryItemOnce(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SS")
	for p := range 20 {
		for s := range 3 {
			c.put("tbl", row{"p": str(fmt.Sprint(p)), "s": str(fmt.Sprint(s))})
		}
	}
	for _, segments := range []int32{1, 3, 7} {
		seen := map[string]int{}
		for segment := range segments {
			in := &sdk.ScanInput{
				TableName: aws.String("tbl"), Segment: &segment, TotalSegments: &segments, Limit: aws.Int32(4),
			}
			for more := true; more; more = in.ExclusiveStartKey != nil {
				out, err := c.db.Scan(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				for _, item := range out.Items {
					seen[show(item)]++
				}
				in.ExclusiveStartKey = out.LastEvaluatedKey
			}
		}
		for item, times := range seen {
			if times != 1 {
				t.Errorf("%d segments: saw %s %d times", segments, item, times)
			}
		}
		if len(seen) != 60 {
			t.Errorf("%d segments: got %d items, want 60", segments, len(seen))
		}
	}
}

func TestCountsAreThoseOfThePage(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "SS")
	for i := range 4 {
		c.put("tbl", row{"p": str("1"), "s": str(fmt.Sprint(i)), "n": num(fmt.Sprint(i))})
	}
	out, err := c.db.Query(t.Context(), &sdk.QueryInput{
		TableName: aws.String("tbl"), KeyConditionExpression: aws.String("p = :p"), FilterExpression: aws.String("n > :n"),
		ExpressionAttributeValues: row{":p": str("1"), ":n": num("1")}, Select: types.SelectCount,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.Count != 2 || out.ScannedCount != 4 || out.Items != nil {
		t.Errorf("got %d of %d and items %v, want 2 of 4 and none", out.Count, out.ScannedCount, out.Items)
	}
	if out.ConsumedCapacity == nil || *out.ConsumedCapacity.CapacityUnits != 0.5 {
		t.Errorf("got capacity %v, want 0.5", out.ConsumedCapacity)
	}
}
