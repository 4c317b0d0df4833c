package conformance_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func testPutsAndDeletes(s *section) {
	table := s.table(s.t, "S")
	key := row{"p": str("a")}
	put := func(t *testing.T, item row, answer types.ReturnValue) row {
		out, err := s.db.PutItem(t.Context(), &sdk.PutItemInput{TableName: &table, Item: item, ReturnValues: answer})
		if err != nil {
			t.Fatal(err)
		}
		return out.Attributes
	}
	remove := func(t *testing.T, answer types.ReturnValue) row {
		out, err := s.db.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: &table, Key: key, ReturnValues: answer})
		if err != nil {
			t.Fatal(err)
		}
		return out.Attributes
	}
	s.run("a put shows nothing where there was nothing", func(t *testing.T) {
		if got := put(t, row{"p": str("a"), "n": num("1"), "m": num("1")}, types.ReturnValueAllOld); got != nil {
			t.Errorf("got %s", show(got))
		}
	})
	s.run("a put replaces the whole item, and shows it when asked", func(t *testing.T) {
		if got := show(put(t, row{"p": str("a"), "n": num("2")}, types.ReturnValueAllOld)); got != `{m:1 n:1 p:"a"}` {
			t.Errorf("got %s", got)
		}
		if got := show(s.get(t, table, key)); got != `{n:2 p:"a"}` {
			t.Errorf("it left %s", got)
		}
	})
	s.run("a delete shows the item when asked", func(t *testing.T) {
		if got := show(remove(t, types.ReturnValueAllOld)); got != `{n:2 p:"a"}` {
			t.Errorf("got %s", got)
		}
	})
	s.run("a delete of nothing is none", func(t *testing.T) {
		if got := remove(t, types.ReturnValueAllOld); got != nil {
			t.Errorf("got %s", show(got))
		}
	})
}

func testUpdates(s *section) {
	before := row{
		"p": str("a"), "n": num("5"), "l": list(str("0"), str("1"), str("2")), "ss": strs("x", "y"),
		"m": dict(row{"k": num("1"), "l": list(dict(row{"deep": str("d")}))}), "ns": nums("1", "2"), "bs": bins("a", "b"),
	}
	tests := []struct {
		name, expression string
		values, want     row // want is the attributes that differ; nil is one that is gone
	}{
		{"SET makes an attribute", "SET a = :v", row{":v": str("x")}, row{"a": str("x")}},
		{"SET changes the type", "SET n = :v", row{":v": list()}, row{"n": list()}},
		{"SET counts up", "SET n = n + :v", row{":v": num("0.5")}, row{"n": num("5.5")}},
		{"SET counts down", "SET n = n - :v", row{":v": num("10")}, row{"n": num("-5")}},
		{"SET adds two values", "SET n = :v + :v", row{":v": num("10")}, row{"n": num("20")}},
		{"if_not_exists keeps what exists", "SET n = if_not_exists(n, :v)", row{":v": num("9")}, row{}},
		{"if_not_exists is an operand", "SET c = if_not_exists(c, :z) + :v", row{":z": num("0"), ":v": num("1")},
			row{"c": num("1")}},
		{"if_not_exists looks elsewhere", "SET c = if_not_exists(q, n)", nil, row{"c": num("5")}},
		{"list_append appends", "SET l = list_append(l, :v)", row{":v": list(str("3"))},
			row{"l": list(str("0"), str("1"), str("2"), str("3"))}},
		{"list_append prepends", "SET l = list_append(:v, l)", row{":v": list(str("-"))},
			row{"l": list(str("-"), str("0"), str("1"), str("2"))}},
		{"list_append makes a list", "SET q = list_append(if_not_exists(q, :e), :v)",
			row{":e": list(), ":v": list(num("1"))}, row{"q": list(num("1"))}},
		{"SET changes a list element", "SET l[1] = :v", row{":v": str("x")}, row{"l": list(str("0"), str("x"), str("2"))}},
		{"SET appends at indexes past the end, in their order", "SET l[9] = :v, l[7] = :w",
			row{":v": str("b"), ":w": str("a")}, row{"l": list(str("0"), str("1"), str("2"), str("a"), str("b"))}},
		{"SET changes a nested value", "SET m.l[0].deep = :v", row{":v": num("1")},
			row{"m": dict(row{"k": num("1"), "l": list(dict(row{"deep": num("1")}))})}},
		{"SET copies", "SET c = m.k", nil, row{"c": num("1")}},
		{"SET reads the item as it was", "SET n = m.k, m.k = n", nil,
			row{"n": num("1"), "m": dict(row{"k": num("5"), "l": list(dict(row{"deep": str("d")}))})}},
		{"REMOVE removes", "REMOVE n", nil, row{"n": nil}},
		{"REMOVE of nothing is none", "REMOVE q, m.q", nil, row{}},
		{"REMOVE takes list elements by their old indexes", "REMOVE l[0], l[2]", nil, row{"l": list(str("1"))}},
		{"REMOVE past the end is none", "REMOVE l[7]", nil, row{}},
		{"REMOVE takes a nested value", "REMOVE m.k", nil,
			row{"m": dict(row{"l": list(dict(row{"deep": str("d")}))})}},
		{"ADD adds to a number", "ADD n :v", row{":v": num("-7")}, row{"n": num("-2")}},
		{"ADD begins at nought", "ADD c :v", row{":v": num("3")}, row{"c": num("3")}},
		{"ADD reaches into a map", "ADD m.k :v", row{":v": num("3")},
			row{"m": dict(row{"k": num("4"), "l": list(dict(row{"deep": str("d")}))})}},
		{"ADD adds to a set of strings", "ADD ss :v", row{":v": strs("y", "z")}, row{"ss": strs("x", "y", "z")}},
		{"ADD adds to a set of numbers", "ADD ns :v", row{":v": nums("2.0", "3")}, row{"ns": nums("1", "2", "3")}},
		{"ADD makes a set", "ADD q :v", row{":v": strs("z")}, row{"q": strs("z")}},
		{"DELETE takes from a set", "DELETE ss :v", row{":v": strs("x", "q")}, row{"ss": strs("y")}},
		{"DELETE takes from a set of bytes", "DELETE bs :v", row{":v": bins("a")}, row{"bs": bins("b")}},
		{"DELETE drops a set that becomes empty", "DELETE ss :v", row{":v": strs("x", "y")}, row{"ss": nil}},
		{"DELETE from nothing is none", "DELETE q :v", row{":v": strs("x")}, row{}},
		{"all four go together, in any case", "remove l set n = :v add c :v delete ss :s",
			row{":v": num("1"), ":s": strs("x")}, row{"l": nil, "n": num("1"), "c": num("1"), "ss": strs("y")}},
	}
	table := s.table(s.t, "S")
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			s.put(t, table, before)
			got, err := s.update(t, table, row{"p": str("a")}, test.expression, test.values)
			if err != nil {
				t.Fatal(err)
			}
			if want := show(patched(before, test.want)); show(got) != want {
				t.Errorf("got  %s\nwant %s", show(got), want)
			}
		})
	}
}

func testUpdatesRefused(s *section) {
	const (
		path    = "The document path provided in the update expression is invalid for update"
		absent  = "The provided expression refers to an attribute that does not exist in the item"
		operand = "An operand in the update expression has an incorrect data type"
	)
	tests := []struct {
		name, expression string
		values           row
		want             string
	}{
		{"a path through nothing", "SET x.y = :v", row{":v": num("1")}, path},
		{"a list indexed by name", "SET l.y = :v", row{":v": num("1")}, path},
		{"a string indexed by number", "SET t[0] = :v", row{":v": num("1")}, path},
		{"a removal through nothing", "REMOVE x.y", nil, path},
		{"a removal from a string", "REMOVE t.y", nil, path},
		{"an operand that is not there", "SET x = y", nil, absent},
		{"an operand beyond the list", "SET x = l[0]", nil, absent},
		{"arithmetic on a string", "SET x = t + :v", row{":v": num("1")}, operand},
		{"list_append to a string", "SET x = list_append(t, :v)", row{":v": list()}, operand},
		{"ADD to a string", "ADD t :v", row{":v": num("1")}, operand},
		{"ADD of another set", "ADD ss :v", row{":v": nums("1")}, operand},
		{"DELETE from a string", "DELETE t :v", row{":v": strs("1")}, operand},
		{"a key", "SET p = :v", row{":v": str("b")},
			"One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"},
		{"a key, removed", "REMOVE p", nil,
			"One or more parameter values were invalid: Cannot update attribute p. This attribute is part of the key"},
		{"an index key of another type", "SET g = :v", row{":v": num("1")}, ""},
		{"an index key that is empty", "SET g = :v", row{":v": str("")}, ""},
		{"too many digits", "ADD big :v", row{":v": num("0.1")},
			"Attempting to store more than 38 significant digits in a Number"},
		{"too big a number", "SET x = :v + :v", row{":v": num("9e125")},
			"Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"too big an item", "SET x = :v", row{":v": str(strings.Repeat("x", 400<<10-20))},
			"Item size to update has exceeded the maximum allowed size"},
	}
	table := s.table(s.t, "S", withIndex("byg", "g", "", types.ProjectionTypeKeysOnly))
	before := row{
		"p": str("a"), "l": list(), "t": str("text"), "big": num(strings.Repeat("9", 38)), "ss": strs("x"), "g": str("x"),
	}
	s.put(s.t, table, before)
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			_, err := s.update(t, table, row{"p": str("a")}, test.expression, test.values)
			s.wantError(t, err, "ValidationException", test.want)
			if got := s.get(t, table, row{"p": str("a")}); show(got) != show(before) {
				t.Errorf("the item changed: got %s", show(got))
			}
		})
	}
}

func testUpdateAnswers(s *section) {
	tests := []struct {
		name, expression string
		ask              types.ReturnValue
		want             row
	}{
		{"nothing", "SET n = n + :v", types.ReturnValueNone, nil},
		{"all that was", "SET n = n + :v", types.ReturnValueAllOld, row{"p": str("a"), "n": num("1"), "t": str("x")}},
		{"all that is", "SET n = n + :v", types.ReturnValueAllNew, row{"p": str("a"), "n": num("2"), "t": str("x")}},
		{"what was where it changed", "SET n = n + :v", types.ReturnValueUpdatedOld, row{"n": num("1")}},
		{"what is where it changed", "SET n = n + :v", types.ReturnValueUpdatedNew, row{"n": num("2")}},
		{"what was where there was nothing", "SET q = :v", types.ReturnValueUpdatedOld, nil},
		{"what is where it was removed", "SET n = :v REMOVE t", types.ReturnValueUpdatedNew, row{"n": num("1")}},
		{"what was where it was removed", "SET n = :v REMOVE t", types.ReturnValueUpdatedOld,
			row{"n": num("1"), "t": str("x")}},
	}
	table := s.table(s.t, "S")
	for _, test := range tests {
		s.run(test.name, func(t *testing.T) {
			s.put(t, table, row{"p": str("a"), "n": num("1"), "t": str("x")})
			got, err := s.update(t, table, row{"p": str("a")}, test.expression, row{":v": num("1")},
				func(in *sdk.UpdateItemInput) { in.ReturnValues = test.ask })
			if err != nil {
				t.Fatal(err)
			}
			if show(got) != show(test.want) {
				t.Errorf("got %s, want %s", show(got), show(test.want))
			}
		})
	}
	s.run("of an item that is made", func(t *testing.T) {
		got, err := s.update(t, table, row{"p": str("new")}, "SET a = :v REMOVE b", row{":v": str("x")})
		if err != nil || show(got) != `{a:"x" p:"new"}` {
			t.Errorf("got %s and %v", show(got), err)
		}
	})
	s.run("without an expression", func(t *testing.T) {
		out, err := s.db.UpdateItem(t.Context(), &sdk.UpdateItemInput{
			TableName: aws.String(table), Key: row{"p": str("bare")}, ReturnValues: types.ReturnValueAllNew,
		})
		if err != nil || show(out.Attributes) != `{p:"bare"}` {
			t.Errorf("got %+v and %v", out, err)
		}
	})
}
