package dynamodb_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func putAction(p, condition string, rest row) types.TransactWriteItem {
	put := &types.Put{TableName: aws.String("tbl"), Item: patched(row{"p": str(p)}, rest)}
	if condition != "" {
		put.ConditionExpression = &condition
		put.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	}
	return types.TransactWriteItem{Put: put}
}

func countAction(p string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: aws.String("tbl"), Key: row{"p": str(p)}, UpdateExpression: aws.String("ADD n :one"),
		ExpressionAttributeValues: row{":one": num("1")},
	}}
}

func (c *cloud) transact(token string, actions ...types.TransactWriteItem) error {
	in := &sdk.TransactWriteItemsInput{TransactItems: actions}
	if token != "" {
		in.ClientRequestToken = &token
	}
	_, err := c.db.TransactWriteItems(c.t.Context(), in)
	return err
}

func TestTransactionDoesAllOrNothing(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	c.put("tbl", row{"p": str("check"), "ok": boolean(true)})
	c.put("tbl", row{"p": str("gone")})
	check := types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: aws.String("tbl"), Key: row{"p": str("check")}, ConditionExpression: aws.String("ok = :v"),
		ExpressionAttributeValues: row{":v": boolean(true)},
	}}
	remove := types.TransactWriteItem{Delete: &types.Delete{TableName: aws.String("tbl"), Key: row{"p": str("gone")}}}
	if err := c.transact("", check, putAction("new", "attribute_not_exists(p)", nil), countAction("n"), remove); err != nil {
		t.Fatal(err)
	}
	if c.get("tbl", row{"p": str("new")}) == nil || c.get("tbl", row{"p": str("gone")}) != nil {
		t.Error("the transaction was not done")
	}

	err := c.transact("", countAction("n"), putAction("new", "attribute_not_exists(p)", nil))
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) {
		t.Fatalf("got %v, want TransactionCanceledException", err)
	}
	if want := "Transaction cancelled, please refer cancellation reasons for specific reasons " +
		"[None, ConditionalCheckFailed]"; cancelled.ErrorMessage() != want {
		t.Errorf("got %s, want %s", cancelled.ErrorMessage(), want)
	}
	reason := cancelled.CancellationReasons[1]
	if *reason.Code != "ConditionalCheckFailed" || show(reason.Item) != `{p:"new"}` {
		t.Errorf("got reason %s with %s", *reason.Code, show(reason.Item))
	}
	if got := show(c.get("tbl", row{"p": str("n")})); got != `{n:1 p:"n"}` {
		t.Errorf("a cancelled transaction left %s", got)
	}
}

func TestTransactionTokenIsHonouredOnce(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	count := func(token, p string) error { return c.transact(token, countAction(p)) }
	for range 2 {
		if err := count("one", "n"); err != nil {
			t.Fatal(err)
		}
	}
	c.reopen()
	if err := count("one", "n"); err != nil {
		t.Fatal(err)
	}
	if got := show(c.get("tbl", row{"p": str("n")})); got != `{n:1 p:"n"}` {
		t.Errorf("three with one token: got %s", got)
	}
	wantError(t, count("one", "other"), "IdempotentParameterMismatchException", "")
	c.clock.add(11 * time.Minute)
	if err := count("one", "n"); err != nil {
		t.Fatal(err)
	}
	if got := show(c.get("tbl", row{"p": str("n")})); got != `{n:2 p:"n"}` {
		t.Errorf("after ten minutes: got %s", got)
	}
}

func TestTransactionsThatAreRefused(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	many := make([]types.TransactWriteItem, 101)
	for i := range many {
		many[i] = putAction(fmt.Sprint(i), "", nil)
	}
	tests := []struct {
		name    string
		actions []types.TransactWriteItem
		code    string
		message string
	}{
		{"one item twice", []types.TransactWriteItem{putAction("a", "", nil), countAction("a")},
			"ValidationException", "Transaction request cannot include multiple operations on one item"},
		{"no such table", []types.TransactWriteItem{{Delete: &types.Delete{
			TableName: aws.String("nowhere"), Key: row{"p": str("a")}}}},
			"ResourceNotFoundException", "Requested resource not found"},
		{"too many", many, "ValidationException", ""},
		{"an empty key", []types.TransactWriteItem{putAction("", "", nil)}, "ValidationException",
			"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain " +
				"an empty string value. Key: p"},
		{"a wrong key", []types.TransactWriteItem{putAction("x", "", row{"p": num("1")})},
			"TransactionCanceledException",
			"Transaction cancelled, please refer cancellation reasons for specific reasons [ValidationError]"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantError(t, c.transact("", test.actions...), test.code, test.message)
		})
	}
}

func TestTransactGetReadsOneSnapshot(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	c.put("tbl", row{"p": str("a"), "n": num("1"), "m": num("2")})
	c.put("tbl", row{"p": str("b"), "n": num("1"), "m": num("2")})
	get := func(p string, projection *string) types.TransactGetItem {
		return types.TransactGetItem{Get: &types.Get{
			TableName: aws.String("tbl"), Key: row{"p": str(p)}, ProjectionExpression: projection,
		}}
	}
	out, err := c.db.TransactGetItems(t.Context(), &sdk.TransactGetItemsInput{
		TransactItems: []types.TransactGetItem{get("a", aws.String("n")), get("absent", nil), get("b", nil)},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range out.Responses {
		got = append(got, show(r.Item))
	}
	if want := `{n:1} {} {m:2 n:1 p:"b"}`; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, err = c.db.TransactGetItems(t.Context(), &sdk.TransactGetItemsInput{
		TransactItems: []types.TransactGetItem{get("a", aws.String("n")), get("a", nil)},
	})
	wantError(t, err, "ValidationException", "Transaction request cannot include multiple operations on one item")
}

func TestBatchesWriteAndRead(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	var requests []types.WriteRequest
	var keys []row
	for i := range 25 {
		p := str(fmt.Sprint(i))
		requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{
			Item: row{"p": p, "v": str(strings.Repeat("x", 390<<10/5))}}})
		keys = append(keys, row{"p": p})
	}
	write := func(requests []types.WriteRequest) error {
		_, err := c.db.BatchWriteItem(t.Context(), &sdk.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{"tbl": requests},
		})
		return err
	}
	if err := write(requests); err != nil {
		t.Fatal(err)
	}
	out, err := c.db.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{"tbl": {Keys: append(keys, row{"p": str("absent")})}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(out.Responses["tbl"]); got != 25 || len(out.UnprocessedKeys) != 0 {
		t.Errorf("got %d items and unprocessed %v, want 25 and none", got, out.UnprocessedKeys)
	}
	wantError(t, write(append(requests, requests[0])), "ValidationException",
		"Too many items requested for the BatchWriteItem call")
	wantError(t, write(append(requests[:1:1], requests[0])), "ValidationException",
		"Provided list of item keys contains duplicates")
}

func TestBatchGetLeavesWhatIsTooMuch(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	part := strings.Repeat("x", 39<<10)
	asked := map[string]types.KeysAndAttributes{}
	keys := types.KeysAndAttributes{ProjectionExpression: aws.String("p")}
	for i := range 43 {
		p := str(fmt.Sprint(i))
		c.put("tbl", row{"p": p, "a": str(part)})
		_, err := c.update("SET b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a", nil,
			func(in *sdk.UpdateItemInput) { in.Key, in.ReturnValues = row{"p": p}, types.ReturnValueNone })
		if err != nil {
			t.Fatal(err)
		}
		keys.Keys = append(keys.Keys, row{"p": p})
	}
	asked["tbl"] = keys
	total, calls := 0, 0
	for ; len(asked) > 0; calls++ {
		out, err := c.db.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{RequestItems: asked})
		if err != nil {
			t.Fatal(err)
		}
		total += len(out.Responses["tbl"])
		asked = out.UnprocessedKeys
	}
	if total != 43 || calls != 2 {
		t.Errorf("got %d items in %d calls, want 43 in 2", total, calls)
	}
}
