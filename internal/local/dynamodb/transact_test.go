package dynamodb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

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
