package dynamodb

import (
	"slices"
	"strings"
)

// kind is the data type of an attribute value. The numbers are stored in files: never change them.
type kind byte

const (
	kindNone kind = iota // no type given
	kindS
	kindN
	kindB
	kindBOOL
	kindNULL
	kindSS
	kindNS
	kindBS
	kindL
	kindM
	kindMany // several types given
)

// String is the kind as the wire spells it.
func (k kind) String() string {
	return [...]string{"", "S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M", ""}[k]
}

// word is the kind as some of AWS's messages spell it.
func (k kind) word() string {
	switch k {
	case kindS:
		return "STRING"
	case kindN:
		return "NUMBER"
	case kindB:
		return "BINARY"
	case kindBOOL:
		return "BOOLEAN"
	case kindL:
		return "LIST"
	case kindM:
		return "MAP"
	default:
		return k.String()
	}
}

// element is the kind of a set's elements.
func (k kind) element() kind {
	switch k {
	case kindNS:
		return kindN
	case kindBS:
		return kindB
	default:
		return kindS
	}
}

func (k kind) isSet() bool { return k == kindSS || k == kindNS || k == kindBS }

// isOrdered tells whether values of the kind can be compared by < and >.
func (k kind) isOrdered() bool { return k == kindS || k == kindN || k == kindB }

// value is an attribute value. Once canonical, equal values are equal in every field: numbers are plain
// decimals and sets are sorted.
type value struct {
	kind kind
	text string   // S; N as plain decimal; B as raw bytes
	flag bool     // BOOL
	set  []string // SS, NS, BS: elements as text, sorted
	list []value  // L
	dict item     // M
}

// item is attributes by name.
type item map[string]value

func numberValue(n number) value { return value{kind: kindN, text: n.String()} }

// number is the value of a canonical N.
func (v value) number() number {
	n, _ := scanNumber(v.text)
	return n
}

// compare orders two values of one ordered kind.
func (v value) compare(other value) int {
	if v.kind == kindN {
		return strings.Compare(string(appendNumberKey(nil, v.number())), string(appendNumberKey(nil, other.number())))
	}
	return strings.Compare(v.text, other.text)
}

func (v value) equal(other value) bool {
	if v.kind != other.kind || v.text != other.text || v.flag != other.flag || !slices.Equal(v.set, other.set) {
		return false
	}
	return slices.EqualFunc(v.list, other.list, value.equal) && v.dict.equal(other.dict)
}

func (it item) equal(other item) bool {
	if len(it) != len(other) {
		return false
	}
	for name, v := range it {
		if w, ok := other[name]; !ok || !v.equal(w) {
			return false
		}
	}
	return true
}

// clone copies deeply, so that the copy can be changed.
func (it item) clone() item {
	if it == nil {
		return nil
	}
	copied := make(item, len(it))
	for name, v := range it {
		copied[name] = v.clone()
	}
	return copied
}

func (v value) clone() value {
	v.dict = v.dict.clone()
	v.set = slices.Clone(v.set)
	v.list = slices.Clone(v.list)
	for i := range v.list {
		v.list[i] = v.list[i].clone()
	}
	return v
}

// size is what the value counts towards the item limit, in bytes.
func (v value) size() int {
	switch v.kind {
	case kindS, kindB:
		return len(v.text)
	case kindN:
		return v.number().size()
	case kindSS, kindBS:
		total := 0
		for _, s := range v.set {
			total += len(s)
		}
		return total
	case kindNS:
		total := 0
		for _, s := range v.set {
			total += value{kind: kindN, text: s}.size()
		}
		return total
	case kindL:
		total := 3
		for _, element := range v.list {
			total += 1 + element.size()
		}
		return total
	case kindM:
		return 3 + len(v.dict) + v.dict.size()
	default:
		return 1
	}
}

// size is the item's size in bytes as AWS counts it: names and values.
func (it item) size() int {
	total := 0
	for name, v := range it {
		total += len(name) + v.size()
	}
	return total
}

// depth is how many levels of lists and maps are in the item.
func (it item) depth() int {
	deepest := 0
	for _, v := range it {
		deepest = max(deepest, v.depth())
	}
	return deepest
}

func (v value) depth() int {
	deepest := v.dict.depth()
	for _, element := range v.list {
		deepest = max(deepest, element.depth())
	}
	if v.kind == kindL || v.kind == kindM {
		deepest++
	}
	return deepest
}

// names lists the attribute names in order.
func (it item) names() []string {
	names := make([]string, 0, len(it))
	for name := range it {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
