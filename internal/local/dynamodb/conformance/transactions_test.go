package conformance_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func putAction(table, p, condition string, rest row) types.TransactWriteItem {
	put := &types.Put{TableName: &table, Item: patched(row{"p": str(p)}, rest)}
	if condition != "" {
		put.ConditionExpression = &condition
		put.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	}
	return types.TransactWriteItem{Put: put}
}

func countAction(table, p string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &table, Key: row{"p": str(p)}, UpdateExpression: aws.String("ADD n :one"),
		ExpressionAttributeValues: row{":one": num("1")},
	}}
}

func deleteAction(table, p string) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: &table, Key: row{"p": str(p)}}}
}

func checkAction(table, p, condition string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &table, Key: row{"p": str(p)}, ConditionExpression: &condition,
	}}
}

func (c *cloud) transact(t *testing.T, token string, actions ...types.TransactWriteItem) error {
	in := &sdk.TransactWriteItemsInput{TransactItems: actions}
	if token != "" {
		in.ClientRequestToken = &token
	}
	_, err := c.db.TransactWriteItems(t.Context(), in)
	return err
}

func testTransactions(s *section) {
	table := s.table(s.t, "S", withIndex("byg", "g", "", types.ProjectionTypeKeysOnly))
	second := s.table(s.t, "S")
	s.put(s.t, table, row{"p": str("check")}, row{"p": str("gone")})
	s.run("do all four kinds, in two tables", func(t *testing.T) {
		err := s.transact(t, "", checkAction(table, "check", "attribute_exists(p)"),
			putAction(second, "new", "attribute_not_exists(p)", nil), countAction(table, "n"), deleteAction(table, "gone"))
		if err != nil {
			t.Fatal(err)
		}
		got := show(s.get(t, second, row{"p": str("new")})) + show(s.get(t, table, row{"p": str("n")})) +
			show(s.get(t, table, row{"p": str("gone")}))
		if want := `{p:"new"}{n:1 p:"n"}{}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	s.run("are done once under a token", func(t *testing.T) {
		token := rand.Text()
		for range 3 {
			if err := s.transact(t, token, countAction(table, "once")); err != nil {
				t.Fatal(err)
			}
		}
		if got := show(s.get(t, table, row{"p": str("once")})); got != `{n:1 p:"once"}` {
			t.Errorf("three with one token: got %s", got)
		}
		s.wantError(t, s.transact(t, token, countAction(table, "other")), "IdempotentParameterMismatchException", "")
	})
	s.run("that were cancelled leave their token unused", func(t *testing.T) {
		token := rand.Text()
		action := func() types.TransactWriteItem {
			return putAction(table, "tried", "attribute_not_exists(p)", nil)
		}
		s.put(t, table, row{"p": str("tried")})
		s.wantError(t, s.transact(t, token, action()), "TransactionCanceledException", "")
		if _, err := s.db.DeleteItem(t.Context(), &sdk.DeleteItemInput{
			TableName: &table, Key: row{"p": str("tried")},
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.transact(t, token, action()); err != nil {
			t.Error(err)
		}
	})
	many := make([]types.TransactWriteItem, 101)
	for i := range many {
		many[i] = putAction(table, fmt.Sprint(i), "", nil)
	}
	s.run("have up to a hundred actions", func(t *testing.T) {
		if err := s.transact(t, "", many[:100]...); err != nil {
			t.Error(err)
		}
		s.wantError(t, s.transact(t, "", many...), "ValidationException", "")
	})
	refused := []struct {
		name          string
		actions       []types.TransactWriteItem
		kind, message string
	}{
		{"have one action for an item", []types.TransactWriteItem{putAction(table, "a", "", nil), countAction(table, "a")},
			"ValidationException", "Transaction request cannot include multiple operations on one item"},
		{"have one action for an item, whatever else is wrong",
			[]types.TransactWriteItem{putAction(table, "a", "", row{"g": num("1")}), countAction(table, "a")},
			"ValidationException", "Transaction request cannot include multiple operations on one item"},
		{"need their tables", []types.TransactWriteItem{deleteAction(newName(), "a")},
			"ResourceNotFoundException", "Requested resource not found"},
		{"need their keys", []types.TransactWriteItem{putAction(table, "", "", nil)}, "ValidationException",
			"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain " +
				"an empty string value. Key: p"},
	}
	for _, test := range refused {
		s.run(test.name, func(t *testing.T) {
			s.wantError(t, s.transact(t, "", test.actions...), test.kind, test.message)
		})
	}
}

func testCancelled(s *section) {
	table := s.table(s.t, "S")
	s.put(s.t, table, row{"p": str("old"), "n": num("7")}, row{"p": str("text"), "n": str("x")})
	const said = "Transaction cancelled, please refer cancellation reasons for specific reasons "
	tests := []struct {
		name    string
		actions []types.TransactWriteItem
		codes   string
		shown   string // the item that the last reason shows
	}{
		{"tell which condition failed, and show the item",
			[]types.TransactWriteItem{countAction(table, "n"), putAction(table, "old", "attribute_not_exists(p)", nil)},
			"None, ConditionalCheckFailed", `{n:7 p:"old"}`},
		{"show nothing where there is nothing",
			[]types.TransactWriteItem{countAction(table, "n"), putAction(table, "new", "attribute_exists(p)", nil)},
			"None, ConditionalCheckFailed", `{}`},
		{"tell every condition that failed", []types.TransactWriteItem{
			checkAction(table, "old", "attribute_not_exists(n)"), countAction(table, "n"),
			checkAction(table, "new", "attribute_exists(p)"),
		}, "ConditionalCheckFailed, None, ConditionalCheckFailed", `{}`},
		{"tell of a key of another type",
			[]types.TransactWriteItem{countAction(table, "n"), putAction(table, "x", "", row{"p": num("1")})},
			"None, ValidationError", `{}`},
		{"tell of an update that cannot be done",
			[]types.TransactWriteItem{countAction(table, "n"), countAction(table, "text")},
			"None, ValidationError", `{}`},
	}
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			err := s.transact(t, "", test.actions...)
			var cancelled *types.TransactionCanceledException
			if !errors.As(err, &cancelled) {
				t.Fatalf("got %v, want TransactionCanceledException", err)
			}
			var codes []string
			for _, reason := range cancelled.CancellationReasons {
				codes = append(codes, aws.ToString(reason.Code))
			}
			if got := strings.Join(codes, ", "); got != test.codes {
				t.Errorf("got reasons %s, want %s", got, test.codes)
			}
			want := said + "[" + test.codes + "]"
			if got := cancelled.ErrorMessage(); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if got := show(cancelled.CancellationReasons[len(codes)-1].Item); got != test.shown {
				t.Errorf("it shows %s, want %s", got, test.shown)
			}
			if got := s.get(t, table, row{"p": str("n")}); got != nil {
				t.Errorf("it left %s", show(got))
			}
		})
	}
}

func testTransactGet(s *section) {
	table := s.table(s.t, "S")
	s.put(s.t, table, row{"p": str("a"), "n": num("1"), "m": num("2")})
	get := func(p string, projection *string) types.TransactGetItem {
		return types.TransactGetItem{Get: &types.Get{TableName: &table, Key: row{"p": str(p)}, ProjectionExpression: projection}}
	}
	read := func(t *testing.T, gets ...types.TransactGetItem) ([]row, error) {
		out, err := s.db.TransactGetItems(t.Context(), &sdk.TransactGetItemsInput{TransactItems: gets})
		if err != nil {
			return nil, err
		}
		var items []row
		for _, r := range out.Responses {
			items = append(items, r.Item)
		}
		return items, nil
	}
	s.run("answer in the order of the question", func(t *testing.T) {
		got, err := read(t, get("other", nil), get("a", aws.String("n")))
		if err != nil || showAll(got) != `{} {n:1}` {
			t.Errorf("got %s and %v", showAll(got), err)
		}
	})
	s.run("need their keys to fit", func(t *testing.T) {
		wrong := get("a", nil)
		wrong.Get.Key = row{"q": str("a")}
		_, err := read(t, wrong)
		s.wantError(t, err, "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons "+
			"for specific reasons [ValidationError]")
	})
	s.run("read an item once", func(t *testing.T) {
		_, err := read(t, get("a", nil), get("a", nil))
		s.wantError(t, err, "ValidationException", "Transaction request cannot include multiple operations on one item")
	})
}

func testBatches(s *section) {
	table := s.table(s.t, "S")
	var writes []types.WriteRequest
	var keys []row
	for i := range 26 {
		p := str(fmt.Sprint(i))
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: row{"p": p, "n": num("1"), "m": num("2")}}})
		keys = append(keys, row{"p": p})
	}
	write := func(t *testing.T, writes ...types.WriteRequest) error {
		out, err := s.db.BatchWriteItem(t.Context(), &sdk.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{table: writes},
		})
		if err == nil && len(out.UnprocessedItems) > 0 {
			t.Errorf("left unprocessed: %v", out.UnprocessedItems)
		}
		return err
	}
	read := func(t *testing.T, keys ...row) ([]row, error) {
		out, err := s.db.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
			table: {Keys: keys, ProjectionExpression: aws.String("n"), ConsistentRead: aws.Bool(true)},
		}})
		if err != nil {
			return nil, err
		}
		return out.Responses[table], nil
	}
	s.run("write twenty-five, and read what is there of more", func(t *testing.T) {
		if err := write(t, writes[:25]...); err != nil {
			t.Fatal(err)
		}
		got, err := read(t, keys...)
		if err != nil || showAll(got) != strings.TrimSpace(strings.Repeat("{n:1} ", 25)) {
			t.Errorf("got %s and %v", showAll(got), err)
		}
	})
	s.run("put and delete together", func(t *testing.T) {
		gone := types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: keys[0]}}
		if err := write(t, gone, writes[25]); err != nil {
			t.Fatal(err)
		}
		if s.get(t, table, keys[0]) != nil || s.get(t, table, keys[25]) == nil {
			t.Error("the batch was not done")
		}
	})
	s.run("write at most twenty-five", func(t *testing.T) {
		s.wantError(t, write(t, writes...), "ValidationException", "")
	})
	s.run("write an item once", func(t *testing.T) {
		s.wantError(t, write(t, writes[0], writes[0]), "ValidationException", "Provided list of item keys contains duplicates")
	})
	s.run("read an item once", func(t *testing.T) {
		_, err := read(t, keys[0], keys[0])
		s.wantError(t, err, "ValidationException", "Provided list of item keys contains duplicates")
	})
	s.run("write nothing when a key is wrong", func(t *testing.T) {
		bad := types.WriteRequest{PutRequest: &types.PutRequest{Item: row{"p": num("1")}}}
		good := types.WriteRequest{PutRequest: &types.PutRequest{Item: row{"p": str("good")}}}
		s.wantError(t, write(t, good, bad), "ValidationException", "")
		if got := s.get(t, table, row{"p": str("good")}); got != nil {
			t.Errorf("got %s", show(got))
		}
	})
}
