package dynamodb

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzTranscode holds the short way from the file to the wire to the long one, and both to what no engine wrote.
func FuzzTranscode(f *testing.F) {
	for _, it := range []item{
		{},
		{"s": stringValue("plain"), "ü": stringValue("a\"b\\c\n\x7fé"), "b": {kind: kindB, text: "\x00\xff"}},
		{"n": {kind: kindN, text: "-12.5"}, "zero": {kind: kindN, text: "0"}, "yes": {kind: kindBOOL, flag: true}, "no": {kind: kindBOOL}},
		{"null": {kind: kindNULL}, "l": {kind: kindL, list: []value{stringValue(""), {kind: kindL}, {kind: kindM, dict: item{}}}}},
		{"m": {kind: kindM, dict: item{"a": {kind: kindM, dict: item{"b": {kind: kindN, text: "1"}}}, "c": stringValue("d")}}},
		{"ss": {kind: kindSS, set: []string{"a", "b"}}, "ns": {kind: kindNS, set: []string{"-1", "10"}}, "bs": {kind: kindBS, set: []string{"\x01"}}},
	} {
		f.Add(it.encode())
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		it, err := decodeItem(stored)
		if err == nil && (!bytes.Equal(it.encode(), stored) || !it.numbersFine()) {
			return // an attribute twice or out of order, a number that is none: no engine writes that
		}
		wire, size, short := transcode(nil, stored)
		if (err == nil) != (short == nil) {
			t.Fatalf("decode: %v, transcode: %v", err, short)
		}
		if err != nil {
			return
		}
		if want := it.appendJSON(nil); !bytes.Equal(wire, want) || size != it.size() {
			t.Errorf("got %s of %d bytes, want %s of %d", wire, size, want, it.size())
		}
	})
}

// numbersFine tells whether every number is one, and written as the engine does.
func (it item) numbersFine() bool {
	for _, v := range it {
		if !v.numbersFine() {
			return false
		}
	}
	return true
}

func (v value) numbersFine() bool {
	fine := func(text string) bool {
		n, err := parseNumber(text)
		return err == nil && n.String() == text
	}
	switch v.kind {
	case kindN:
		return fine(v.text)
	case kindNS:
		return !slices.ContainsFunc(v.set, func(s string) bool { return !fine(s) })
	}
	return v.dict.numbersFine() && !slices.ContainsFunc(v.list, func(e value) bool { return !e.numbersFine() })
}
