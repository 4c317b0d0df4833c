package dynamodb_test

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestItemsKeepEveryType(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	stored := row{
		"p": str("a"), "empty": str(""), "n": num("-12.5"), "b": bin("\x00\xff"), "t": boolean(true),
		"f": boolean(false), "null": &types.AttributeValueMemberNULL{Value: true}, "ss": strs("x", "y"),
		"ns": nums("-1", "2"), "bs": &types.AttributeValueMemberBS{Value: [][]byte{{0}, {1}}},
		"l":         list(str("é\n\"<"), num("1"), list()),
		"m":         dict(row{"deep": dict(row{"er": num("0.0001")}), "": str("no name")}),
		"naïve key": str("ünïcode"),
	}
	c.put("tbl", stored)
	if got := c.get("tbl", row{"p": str("a")}); !reflect.DeepEqual(got, stored) {
		t.Errorf("got %#v\nwant %#v", got, stored)
	}
	if got := c.get("tbl", row{"p": str("b")}); got != nil {
		t.Errorf("an absent item: got %v, want nil", got)
	}
}

func TestUpdateReturnsWhatIsAskedFor(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	c.put("tbl", row{"p": str("a"), "n": num("1"), "other": str("x")})
	out, err := c.db.UpdateItem(t.Context(), &sdk.UpdateItemInput{
		TableName: aws.String("tbl"), Key: row{"p": str("a")}, UpdateExpression: aws.String("SET n = n + :one"),
		ExpressionAttributeValues: row{":one": num("1")}, ReturnValues: types.ReturnValueUpdatedNew,
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (row{"n": num("2")}); !reflect.DeepEqual(out.Attributes, want) {
		t.Errorf("got %v, want %v", out.Attributes, want)
	}
}
