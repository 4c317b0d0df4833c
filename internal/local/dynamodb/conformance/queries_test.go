package conformance_test

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

func testQueries(s *section) {
	tests := []struct {
		condition string
		values    row
		backward  bool
		want      string
	}{
		{condition: "p = :p", want: "a ab abc b ba c"},
		{condition: "p = :p", backward: true, want: "c ba b abc ab a"},
		{condition: "p = :p AND s = :v", values: row{":v": str("ab")}, want: "ab"},
		{condition: "p = :p AND s = :v", values: row{":v": str("absent")}, want: ""},
		{condition: "p = :p AND s < :v", values: row{":v": str("b")}, want: "a ab abc"},
		{condition: "p = :p AND s <= :v", values: row{":v": str("b")}, want: "a ab abc b"},
		{condition: "p = :p AND s > :v", values: row{":v": str("b")}, want: "ba c"},
		{condition: "s >= :v AND p = :p", values: row{":v": str("b")}, want: "b ba c"},
		{condition: "p = :p AND :v < s", values: row{":v": str("b")}, want: "ba c"},
		{condition: "p = :p AND s BETWEEN :v AND :w", values: row{":v": str("ab"), ":w": str("b")}, backward: true,
			want: "b abc ab"},
		{condition: "(p = :p) AND (begins_with(s, :v))", values: row{":v": str("ab")}, want: "ab abc"},
	}
	table := s.table(s.t, "SS")
	for _, sort := range []string{"a", "ab", "abc", "b", "ba", "c"} {
		s.put(s.t, table, row{"p": str("1"), "s": str(sort), "n": num(fmt.Sprint(len(sort)))})
	}
	s.put(s.t, table, row{"p": str("0"), "s": str("other")}, row{"p": str("10"), "s": str("other")})
	for _, test := range tests {
		s.run(fmt.Sprint(test.condition, " ", show(test.values), test.backward), func(t *testing.T) {
			out, err := s.db.Query(t.Context(), &sdk.QueryInput{
				TableName: &table, KeyConditionExpression: &test.condition, ConsistentRead: aws.Bool(true),
				ExpressionAttributeValues: patched(row{":p": str("1")}, test.values),
				ScanIndexForward:          aws.Bool(!test.backward),
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := sortKeys(out.Items); got != test.want || int(out.Count) != len(out.Items) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	s.run("a count has no items", func(t *testing.T) {
		out, err := s.db.Query(t.Context(), &sdk.QueryInput{
			TableName: &table, KeyConditionExpression: aws.String("p = :p"), FilterExpression: aws.String("n > :n"),
			ExpressionAttributeValues: row{":p": str("1"), ":n": num("1")}, Select: types.SelectCount,
			ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
		})
		if err != nil {
			t.Fatal(err)
		}
		if out.Count != 3 || out.ScannedCount != 6 || out.Items != nil {
			t.Errorf("got %d of %d and items %v, want 3 of 6 and none", out.Count, out.ScannedCount, out.Items)
		}
		if out.ConsumedCapacity == nil || *out.ConsumedCapacity.CapacityUnits != 1 {
			t.Errorf("got capacity %+v, want 1", out.ConsumedCapacity)
		}
	})
}

func testKeyOrder(s *section) {
	tests := []struct {
		name, kind string
		make       func(string) types.AttributeValue
		keys       []string // as they sort
		shown      string   // as they come back, where that differs
	}{
		{name: "strings sort by their bytes", kind: "S", make: str,
			keys: []string{"\x00", "\x00\x00", "\x01", "A", "B", "a", "a\x00", "a\x01", "aa", "é", "日", "\U0001f600"}},
		{name: "bytes sort unsigned", kind: "B", make: bin,
			keys: []string{"\x00", "\x00\x00", "\x00\xff", "\x01", "\x7f", "\x80", "\xff", "\xff\x00", "\xff\xff"}},
		{name: "numbers sort by value", kind: "N", make: num, keys: []string{
			"-9e125", "-100", "-99.5", "-10", "-9.51", "-9.5", "-1", "-0.01", "-1e-130", "0", "1e-130", "0.09", "0.1", "0.5", "2",
			"9.99", "10", "99", "12345678901234567890123456789012345677", "12345678901234567890123456789012345678", "9e125",
		}},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			table := s.table(t, "S"+test.kind)
			for i := range test.keys { // not in their order
				at := i * 7 % len(test.keys)
				if len(test.keys)%7 == 0 {
					at = len(test.keys) - 1 - i
				}
				s.put(t, table, row{"p": str("1"), "s": test.make(test.keys[at]), "at": num(fmt.Sprint(at))})
			}
			out, err := s.db.Query(t.Context(), &sdk.QueryInput{
				TableName: &table, KeyConditionExpression: aws.String("p = :p"), ConsistentRead: aws.Bool(true),
				ExpressionAttributeValues: row{":p": str("1")},
			})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, item := range out.Items {
				at := showValue(item["at"])
				got = append(got, at)
			}
			var want []string
			for i := range test.keys {
				want = append(want, fmt.Sprint(i))
			}
			if !slices.Equal(got, want) {
				t.Errorf("got the keys in the order %v", got)
			}
		})
	}
}

// pages queries page by page and returns the sort keys of each. An empty page at the end is left out: whether there is
// one depends on what the endpoint knows when the page before is full.
func (c *cloud) pages(t *testing.T, in sdk.QueryInput) (pages []string) {
	t.Helper()
	for {
		out, err := c.db.Query(t.Context(), &in)
		if err != nil {
			t.Fatal(err)
		}
		if int(out.Count) != len(out.Items) {
			t.Errorf("a page of %d items counts %d", len(out.Items), out.Count)
		}
		if out.LastEvaluatedKey != nil || len(out.Items) > 0 {
			pages = append(pages, sortKeys(out.Items))
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; in.ExclusiveStartKey == nil {
			return pages
		}
	}
}

func testPages(s *section) {
	table := s.table(s.t, "SS", withIndex("byg", "g", "h", types.ProjectionTypeKeysOnly))
	for i := range 5 {
		s.put(s.t, table, row{"p": str("1"), "s": str(fmt.Sprint(i)), "g": str("g"), "h": str(fmt.Sprint(9 - i)),
			"n": num(fmt.Sprint(i))})
	}
	s.put(s.t, table, row{"p": str("1"), "s": str("sparse")})
	whole := sdk.QueryInput{
		TableName: &table, KeyConditionExpression: aws.String("p = :p"), Limit: aws.Int32(2),
		ExpressionAttributeValues: row{":p": str("1")}, ConsistentRead: aws.Bool(true),
	}
	index := sdk.QueryInput{
		TableName: &table, IndexName: aws.String("byg"), KeyConditionExpression: aws.String("g = :g"),
		ExpressionAttributeValues: row{":g": str("g")}, Limit: aws.Int32(3),
	}
	filtered := whole
	filtered.FilterExpression = aws.String("n <> :n")
	filtered.ExpressionAttributeValues = row{":p": str("1"), ":n": num("1")}
	late := whole
	late.ExclusiveStartKey = row{"p": str("1"), "s": str("22")} // no such item, and need not be
	backward := func(in sdk.QueryInput) sdk.QueryInput {
		in.ScanIndexForward = aws.Bool(false)
		return in
	}
	tests := []struct {
		name string
		in   sdk.QueryInput
		want []string
	}{
		{"of a table", whole, []string{"0 1", "2 3", "4 sparse"}},
		{"of a table backward", backward(whole), []string{"sparse 4", "3 2", "1 0"}},
		{"of an index", index, []string{"4 3 2", "1 0"}},
		{"of an index backward", backward(index), []string{"0 1 2", "3 4"}},
		{"of what a filter leaves", filtered, []string{"0", "2 3", "4 sparse"}},
		{"after any key", late, []string{"3 4", "sparse"}},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			s.eventually(t, fmt.Sprintf("%q", test.want), func() string {
				return fmt.Sprintf("%q", s.pages(t, test.in))
			})
		})
	}
}

// testLargePages does not say whether the item with which a page exceeds a megabyte is the last of it or the first of the
// next, since AWS does not.
func testLargePages(s *section) {
	table := s.table(s.t, "SS")
	for i := range 9 {
		s.put(s.t, table, row{"p": str("1"), "s": str(fmt.Sprint(i)), "v": str(strings.Repeat("x", 300<<10))})
	}
	query := sdk.QueryInput{
		TableName: &table, KeyConditionExpression: aws.String("p = :p"), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: row{":p": str("1")}, ProjectionExpression: aws.String("s"),
	}
	s.run("end near a megabyte, whatever is projected", func(t *testing.T) {
		got := s.pages(t, query)
		if all := strings.Join(got, " "); all != "0 1 2 3 4 5 6 7 8" || len(got) != 3 {
			t.Errorf("got %q, want three pages of all", got)
		}
	})
	s.run("end near a megabyte, whatever is filtered", func(t *testing.T) {
		filtered := query
		filtered.FilterExpression = aws.String("attribute_not_exists(v)")
		out, err := s.db.Query(t.Context(), &filtered)
		if err != nil {
			t.Fatal(err)
		}
		if out.Count != 0 || out.ScannedCount < 3 || out.ScannedCount > 4 || out.LastEvaluatedKey == nil {
			t.Errorf("got %d of %d, then %s", out.Count, out.ScannedCount, show(out.LastEvaluatedKey))
		}
	})
}

func testScans(s *section) {
	table := s.table(s.t, "SS")
	for p := range 10 {
		for i := range 3 {
			s.put(s.t, table, row{"p": str(fmt.Sprint(p)), "s": str(fmt.Sprint(i)), "n": num(fmt.Sprint(i))})
		}
	}
	for _, segments := range []int32{1, 3, 7} {
		s.run(fmt.Sprintf("of %d segments see every item once", segments), func(t *testing.T) {
			seen := map[string]int{}
			for segment := range segments {
				in := &sdk.ScanInput{
					TableName: &table, Segment: &segment, TotalSegments: &segments, Limit: aws.Int32(4),
					ConsistentRead: aws.Bool(true),
				}
				for more := true; more; more = in.ExclusiveStartKey != nil {
					out, err := s.db.Scan(t.Context(), in)
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
					t.Errorf("saw %s %d times", item, times)
				}
			}
			if len(seen) != 30 {
				t.Errorf("got %d items, want 30", len(seen))
			}
		})
	}
	s.run("filter and project", func(t *testing.T) {
		out, err := s.db.Scan(t.Context(), &sdk.ScanInput{
			TableName: &table, FilterExpression: aws.String("n = :n AND p < :p"), ProjectionExpression: aws.String("n"),
			ExpressionAttributeValues: row{":n": num("2"), ":p": str("2")}, ConsistentRead: aws.Bool(true),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := showAll(out.Items); got != "{n:2} {n:2}" || out.ScannedCount != 30 || out.Count != 2 {
			t.Errorf("got %s, %d of %d", got, out.Count, out.ScannedCount)
		}
	})
}
