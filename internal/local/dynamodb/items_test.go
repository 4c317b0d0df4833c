package dynamodb_test

import (
	"errors"
	"strings"
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
	if got, want := show(c.get("tbl", row{"p": str("a")})), show(stored); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := c.get("tbl", row{"p": str("b")}); got != nil {
		t.Errorf("an absent item: got %s, want nil", show(got))
	}
}

// update runs one update of the item p=a of table tbl and returns what it answered.
func (c *cloud) update(expression string, values row, edit ...func(*sdk.UpdateItemInput)) (row, error) {
	in := &sdk.UpdateItemInput{
		TableName: aws.String("tbl"), Key: row{"p": str("a")}, UpdateExpression: &expression,
		ExpressionAttributeValues: values, ReturnValues: types.ReturnValueAllNew,
	}
	for _, change := range edit {
		change(in)
	}
	out, err := c.db.UpdateItem(c.t.Context(), in)
	if err != nil {
		return nil, err
	}
	return out.Attributes, nil
}

func TestUpdateExpressionsChangeTheItem(t *testing.T) {
	before := row{
		"p": str("a"), "n": num("5"), "l": list(str("0"), str("1"), str("2")), "ss": strs("x", "y"),
		"m": dict(row{"k": num("1"), "l": list(dict(row{"deep": str("d")}))}),
	}
	tests := []struct {
		name, expression string
		values, want     row // want is the attributes that differ; nil is one that is gone
	}{
		{"sets a new attribute", "SET a = :v", row{":v": str("x")}, row{"a": str("x")}},
		{"counts up", "SET n = n + :v", row{":v": num("0.5")}, row{"n": num("5.5")}},
		{"counts down", "SET n = n - :v", row{":v": num("10")}, row{"n": num("-5")}},
		{"keeps what exists", "SET n = if_not_exists(n, :v)", row{":v": num("9")}, row{}},
		{"defaults what does not exist", "SET c = if_not_exists(c, :z) + :v", row{":z": num("0"), ":v": num("1")},
			row{"c": num("1")}},
		{"appends to a list", "SET l = list_append(l, :v)", row{":v": list(str("3"))},
			row{"l": list(str("0"), str("1"), str("2"), str("3"))}},
		{"prepends to a list", "SET l = list_append(:v, l)", row{":v": list(str("-"))},
			row{"l": list(str("-"), str("0"), str("1"), str("2"))}},
		{"sets a list element", "SET l[1] = :v", row{":v": str("x")}, row{"l": list(str("0"), str("x"), str("2"))}},
		{"appends at an index past the end", "SET l[9] = :v, l[7] = :w", row{":v": str("b"), ":w": str("a")},
			row{"l": list(str("0"), str("1"), str("2"), str("a"), str("b"))}},
		{"removes list elements by their old indexes", "REMOVE l[0], l[2]", nil, row{"l": list(str("1"))}},
		{"removes nothing past the end", "REMOVE l[7]", nil, row{}},
		{"sets a nested value", "SET m.l[0].deep = :v", row{":v": num("1")},
			row{"m": dict(row{"k": num("1"), "l": list(dict(row{"deep": num("1")}))})}},
		{"removes a nested value", "REMOVE m.k", nil,
			row{"m": dict(row{"l": list(dict(row{"deep": str("d")}))})}},
		{"copies another attribute", "SET c = m.k", nil, row{"c": num("1")}},
		{"swaps two attributes", "SET n = m.k, m.k = n", nil,
			row{"n": num("1"), "m": dict(row{"k": num("5"), "l": list(dict(row{"deep": str("d")}))})}},
		{"removes an attribute", "REMOVE n", nil, row{"n": nil}},
		{"adds to a number", "ADD n :v", row{":v": num("-7")}, row{"n": num("-2")}},
		{"adds a number where there is none", "ADD c :v", row{":v": num("3")}, row{"c": num("3")}},
		{"adds to a set", "ADD ss :v", row{":v": strs("y", "z")}, row{"ss": strs("x", "y", "z")}},
		{"deletes from a set", "DELETE ss :v", row{":v": strs("x", "q")}, row{"ss": strs("y")}},
		{"drops a set that becomes empty", "DELETE ss :v", row{":v": strs("x", "y")}, row{"ss": nil}},
		{"does all sections at once", "remove l set n = :v add c :v delete ss :s", row{":v": num("1"), ":s": strs("x")},
			row{"l": nil, "n": num("1"), "c": num("1"), "ss": strs("y")}},
	}
	c := newCloud(t)
	c.createTable("tbl", "S")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c.put("tbl", before)
			got, err := c.update(test.expression, test.values)
			if err != nil {
				t.Fatal(err)
			}
			if want := show(patched(before, test.want)); show(got) != want {
				t.Errorf("got  %s\nwant %s", show(got), want)
			}
		})
	}
}

func TestUpdatesThatCannotBeDoneAreRefused(t *testing.T) {
	tests := []struct {
		name, expression string
		values           row
		want             string
	}{
		{"a path through nothing", "SET x.y = :v", row{":v": num("1")},
			"The document path provided in the update expression is invalid for update"},
		{"a list indexed by name", "SET l.y = :v", row{":v": num("1")},
			"The document path provided in the update expression is invalid for update"},
		{"an operand that is not there", "SET x = y", nil,
			"The provided expression refers to an attribute that does not exist in the item"},
		{"arithmetic on a string", "SET x = t + :v", row{":v": num("1")},
			"An operand in the update expression has an incorrect data type"},
		{"ADD to a string", "ADD t :v", row{":v": num("1")},
			"An operand in the update expression has an incorrect data type"},
		{"a key", "SET p = :v", row{":v": str("b")},
			"One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"},
		{"too many digits", "ADD big :v", row{":v": num("0.1")},
			"Attempting to store more than 38 significant digits in a Number"},
		{"too big a number", "SET x = :v + :v", row{":v": num("9e125")},
			"Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"too big an item", "SET x = :v", row{":v": str(strings.Repeat("x", 400<<10))},
			"Item size to update has exceeded the maximum allowed size"},
	}
	c := newCloud(t)
	c.createTable("tbl", "S")
	before := row{"p": str("a"), "l": list(), "t": str("text"), "big": num(strings.Repeat("9", 38))}
	c.put("tbl", before)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := c.update(test.expression, test.values)
			wantError(t, err, "ValidationException", test.want)
			if got := c.get("tbl", row{"p": str("a")}); show(got) != show(before) {
				t.Errorf("the item changed: got %s", show(got))
			}
		})
	}
}

func TestUpdateReturnsWhatIsAskedFor(t *testing.T) {
	tests := []struct {
		ask  types.ReturnValue
		want row
	}{
		{types.ReturnValueNone, nil},
		{types.ReturnValueAllOld, row{"p": str("a"), "n": num("1"), "t": str("x")}},
		{types.ReturnValueAllNew, row{"p": str("a"), "n": num("2"), "t": str("x")}},
		{types.ReturnValueUpdatedOld, row{"n": num("1")}},
		{types.ReturnValueUpdatedNew, row{"n": num("2")}},
	}
	c := newCloud(t)
	c.createTable("tbl", "S")
	for _, test := range tests {
		t.Run(string(test.ask), func(t *testing.T) {
			c.put("tbl", row{"p": str("a"), "n": num("1"), "t": str("x")})
			got, err := c.update("SET n = n + :v", row{":v": num("1")}, func(in *sdk.UpdateItemInput) {
				in.ReturnValues = test.ask
			})
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != show(test.want) {
				t.Errorf("got %s, want %s", show(got), show(test.want))
			}
		})
	}
}

func TestUpdateCreatesTheItem(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	got, err := c.update("SET a = :v REMOVE b", row{":v": str("x")})
	if err != nil {
		t.Fatal(err)
	}
	if want := (row{"p": str("a"), "a": str("x")}); show(got) != show(want) {
		t.Errorf("got %s, want %s", show(got), show(want))
	}
}

func TestConditionsDecide(t *testing.T) {
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
		{"attribute_exists(l[2])", nil, false},
		{"attribute_type(n, :v)", row{":v": str("N")}, true},
		{"attribute_type(n, :v)", row{":v": str("S")}, false},
		{"begins_with(t, :v)", row{":v": str("he")}, true},
		{"begins_with(t, :v)", row{":v": str("lo")}, false},
		{"contains(t, :v)", row{":v": str("ell")}, true},
		{"contains(ss, :v)", row{":v": str("x")}, true},
		{"contains(ss, :v)", row{":v": str("q")}, false},
		{"contains(ns, :v)", row{":v": num("1.0")}, true},
		{"contains(l, :v)", row{":v": str("one")}, true},
		{"size(t) = :v", row{":v": num("5")}, true},
		{"size(l) > :v", row{":v": num("1")}, true},
		{"size(n) > :v", row{":v": num("0")}, false},
		{"n = :v", row{":v": num("10.0")}, true},
		{"n <> :v", row{":v": num("1e1")}, false},
		{"n > :v", row{":v": num("9")}, true},
		{"n > :v", row{":v": str("9")}, false},
		{"q <> :v", row{":v": num("9")}, true},
		{"q = :v", row{":v": num("9")}, false},
		{"q < :v", row{":v": num("9")}, false},
		{"NOT q < :v", row{":v": num("9")}, true},
		{"n BETWEEN :v AND :w", row{":v": num("9"), ":w": num("10")}, true},
		{":v BETWEEN m.k AND n", row{":v": num("5")}, true},
		{"n IN (:v, :w)", row{":v": num("9"), ":w": num("10")}, true},
		{"n IN (:v)", row{":v": num("9")}, false},
		{"m = :v", row{":v": dict(row{"k": num("1")})}, true},
		{"ss = :v", row{":v": strs("y", "x")}, true},
		{"attribute_exists(p) AND n = :v", row{":v": num("9")}, false},
		{"attribute_exists(p) OR n = :v", row{":v": num("9")}, true},
		{"attribute_exists(q) or attribute_exists(p) and not n = :v", row{":v": num("9")}, true},
		{"(attribute_exists(p) or attribute_exists(q)) and n = :v", row{":v": num("9")}, false},
		{"(n) = (:v)", row{":v": num("10")}, true},
	}
	c := newCloud(t)
	c.createTable("tbl", "S")
	item := row{
		"p": str("a"), "n": num("10"), "t": str("hello"), "m": dict(row{"k": num("1")}),
		"l": list(num("0"), str("one")), "ss": strs("x", "y"), "ns": nums("1", "2"),
	}
	c.put("tbl", item)
	for _, test := range tests {
		t.Run(test.condition, func(t *testing.T) {
			_, err := c.db.PutItem(t.Context(), &sdk.PutItemInput{
				TableName: aws.String("tbl"), Item: item, ConditionExpression: &test.condition,
				ExpressionAttributeValues: test.values,
			})
			if !test.holds {
				wantError(t, err, "ConditionalCheckFailedException", "The conditional request failed")
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFailedConditionShowsTheItemWhenAsked(t *testing.T) {
	c := newCloud(t)
	c.createTable("tbl", "S")
	c.put("tbl", row{"p": str("a"), "n": num("1")})
	_, err := c.db.DeleteItem(t.Context(), &sdk.DeleteItemInput{
		TableName: aws.String("tbl"), Key: row{"p": str("a")}, ConditionExpression: aws.String("attribute_exists(q)"),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var failed *types.ConditionalCheckFailedException
	if !errors.As(err, &failed) {
		t.Fatalf("got %v, want ConditionalCheckFailedException", err)
	}
	if want := (row{"p": str("a"), "n": num("1")}); show(failed.Item) != show(want) {
		t.Errorf("got %s, want %s", show(failed.Item), show(want))
	}
}

func TestProjectionKeepsParts(t *testing.T) {
	tests := []struct {
		projection string
		want       row
	}{
		{"n", row{"n": num("1")}},
		{"q", row{}},
		{"m.k, n", row{"n": num("1"), "m": dict(row{"k": str("v")})}},
		{"l[2], l[0]", row{"l": list(str("0"), str("2"))}},
		{"m.l[0].x", row{"m": dict(row{"l": list(dict(row{"x": num("1")}))})}},
		{"m.q", row{}},
	}
	c := newCloud(t)
	c.createTable("tbl", "S")
	c.put("tbl", row{
		"p": str("a"), "n": num("1"), "l": list(str("0"), str("1"), str("2")),
		"m": dict(row{"k": str("v"), "l": list(dict(row{"x": num("1"), "y": num("2")}))}),
	})
	for _, test := range tests {
		t.Run(test.projection, func(t *testing.T) {
			out, err := c.db.GetItem(t.Context(), &sdk.GetItemInput{
				TableName: aws.String("tbl"), Key: row{"p": str("a")}, ProjectionExpression: &test.projection,
			})
			if err != nil {
				t.Fatal(err)
			}
			if show(out.Item) != show(test.want) {
				t.Errorf("got %s, want %s", show(out.Item), show(test.want))
			}
		})
	}
}
