package dynamodb

import (
	"bytes"
	"testing"
)

func stringValue(s string) value { return value{kind: kindS, text: s} }

// sample is an item with some of everything.
func sample() item {
	return item{
		"p": stringValue("a"), "n": {kind: kindN, text: "1"}, "b": {kind: kindB, text: "\x00"},
		"t": {kind: kindBOOL, flag: true}, "z": {kind: kindNULL}, "ss": {kind: kindSS, set: []string{"x", "y"}},
		"ns": {kind: kindNS, set: []string{"-1", "2"}}, "bs": {kind: kindBS, set: []string{"\x00"}},
		"l": {kind: kindL, list: []value{stringValue("0"), {kind: kindM, dict: item{"d": stringValue("e")}}}},
		"m": {kind: kindM, dict: item{"k": {kind: kindN, text: "2"}, "": stringValue("")}},
	}
}

func given() *placeholders {
	return &placeholders{
		names:     map[string]string{"#p": "p", "#l": "l"},
		values:    map[string]value{":n": {kind: kindN, text: "1"}, ":s": stringValue("x"), ":l": {kind: kindL}},
		usedNames: map[string]bool{}, usedValues: map[string]bool{},
	}
}

func FuzzConditions(f *testing.F) {
	for _, s := range []string{
		"a = :n", "attribute_exists(#p) AND NOT (n BETWEEN :n AND :n OR size(l[1].d) > :n)", "m.k IN (:n, :s, n)",
		"begins_with(p, :s)", "contains(ss, :s)", "((a))", "a = ", "é", "a[0", "attribute_type(a, :s)", "(l) <> (:l)",
	} {
		f.Add(s)
	}
	it := sample()
	f.Fuzz(func(t *testing.T, source string) {
		root, err := parseCondition("FilterExpression", &source, given())
		if err != nil {
			return
		}
		root.holds(it)
		root.holds(nil)
		if conditions, err := keyConditionOf(root); err == nil {
			table := &table{Keys: keyNames{"p", "n"}, Attributes: []attributeDefinition{{"p", "S"}, {"n", "N"}}}
			if conditions.check(table, table.Keys) == nil {
				conditions.bounds(table.Keys)
			}
		}
	})
}

func FuzzUpdates(f *testing.F) {
	for _, s := range []string{
		"SET a = :n, l[0] = :s, m.k = m.k + :n REMOVE ss ADD ns :n DELETE bs :s", "REMOVE l[0], l[1].d, l[99]",
		"SET #l[1].d = if_not_exists(q, :n), q = list_append(l, :l)", "SET a = (b - (:n))", "ADD n :n", "SET",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		u, err := parseUpdate(&source, given())
		if err != nil {
			return
		}
		before := sample()
		after, err := u.apply(before)
		if !before.equal(sample()) {
			t.Fatalf("%s changed the item it was applied to", source)
		}
		if err == nil && after.depth() <= maxDepth {
			again, err := decodeItem(after.encode())
			if err != nil || !again.equal(after) {
				t.Fatalf("%s left what cannot be stored: %v", source, err)
			}
		}
		newProjection(u.paths()).of(after)
	})
}

func FuzzProjections(f *testing.F) {
	for _, s := range []string{"a, b.c[1], #p", "l[1].d, l[0]", "a,", "a.a.a", "a[1], a.b"} {
		f.Add(s)
	}
	it := sample()
	f.Fuzz(func(_ *testing.T, source string) {
		if p, err := parseProjection(&source, given()); err == nil {
			p.of(it)
		}
	})
}

func TestItemsAreStoredAsTheyAre(t *testing.T) {
	it := sample()
	stored := it.encode()
	again, err := decodeItem(stored)
	if err != nil || !again.equal(it) {
		t.Errorf("got %v and %v, want %v", again, err, it)
	}
	if !bytes.Equal(stored, it.clone().encode()) {
		t.Error("equal items are stored differently")
	}
	for length := range stored {
		if _, err := decodeItem(stored[:length]); err == nil {
			t.Errorf("the first %d of %d bytes were taken for an item", length, len(stored))
		}
	}
}

func FuzzStoredItems(f *testing.F) {
	f.Add(sample().encode())
	f.Add([]byte{1, 1, 'a', byte(kindL), 255, 255, 255, 255, 15})
	f.Fuzz(func(_ *testing.T, stored []byte) {
		_, _ = decodeItem(stored)
		_, _ = decodeRecord(stored)
	})
}
