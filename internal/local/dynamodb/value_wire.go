package dynamodb

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// maxDepth is how deep lists and maps may nest in an item.
const maxDepth = 32

// wireValue is an attribute value as JSON has it: an object with one member that is named for its type.
type wireValue struct {
	S    *string
	N    *string
	B    *[]byte
	BOOL *bool
	NULL *bool
	SS   *[]string
	NS   *[]string
	BS   *[][]byte
	L    *[]wireValue
	M    *map[string]wireValue
}

// wireItem is attributes as they come in a request. canonical turns them into an item.
type wireItem map[string]wireValue

// canonical checks every attribute and brings it into the form in which equal values are the same.
func (w wireItem) canonical() (item, *apiError) {
	return w.canonicalAt(0)
}

func (w wireItem) canonicalAt(depth int) (item, *apiError) {
	if w == nil {
		return nil, nil
	}
	it := make(item, len(w))
	for name, wire := range w {
		v, err := wire.canonicalAt(depth)
		if err != nil {
			return nil, err
		}
		it[name] = v
	}
	return it, nil
}

func (w wireValue) canonical() (value, *apiError) { return w.canonicalAt(0) }

func (w wireValue) canonicalAt(depth int) (value, *apiError) {
	k := w.kind()
	if (k == kindL || k == kindM) && depth >= maxDepth {
		return value{}, nestedTooDeep()
	}
	v := value{kind: k}
	switch k {
	case kindNone:
		return v, invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	case kindMany:
		return v, invalid("Supplied AttributeValue has more than one datatypes set, " +
			"must contain exactly one of the supported datatypes")
	case kindS:
		v.text = *w.S
	case kindB:
		v.text = string(*w.B)
	case kindBOOL:
		v.flag = *w.BOOL
	case kindNULL: // {"NULL": false} is taken for {"NULL": true}
	case kindN:
		n, err := parseNumber(*w.N)
		v.text = n.String()
		return v, err
	case kindL:
		return v.withList(*w.L, depth)
	case kindM:
		dict, err := wireItem(*w.M).canonicalAt(depth + 1)
		v.dict = dict
		return v, err
	default:
		return w.canonicalSet(k)
	}
	return v, nil
}

func nestedTooDeep() *apiError {
	return invalid("Nesting Levels have exceeded supported limits: " +
		"Attributes in the item have nested levels beyond supported limit")
}

func (v value) withList(wires []wireValue, depth int) (value, *apiError) {
	v.list = make([]value, len(wires))
	for i, wire := range wires {
		element, err := wire.canonicalAt(depth + 1)
		if err != nil {
			return v, err
		}
		v.list[i] = element
	}
	return v, nil
}

// kind is the one type that is given.
func (w wireValue) kind() kind {
	given := [...]bool{
		kindS: w.S != nil, kindN: w.N != nil, kindB: w.B != nil, kindBOOL: w.BOOL != nil, kindNULL: w.NULL != nil,
		kindSS: w.SS != nil, kindNS: w.NS != nil, kindBS: w.BS != nil, kindL: w.L != nil, kindM: w.M != nil,
	}
	found := kindNone
	for k, is := range given {
		switch {
		case is && found != kindNone:
			return kindMany
		case is:
			found = kind(k)
		}
	}
	return found
}

func (w wireValue) canonicalSet(k kind) (value, *apiError) {
	v := value{kind: k}
	switch k {
	case kindSS:
		if len(*w.SS) == 0 {
			return v, invalidParameter("An string set  may not be empty")
		}
		v.set = slices.Clone(*w.SS)
	case kindBS:
		if len(*w.BS) == 0 {
			return v, invalidParameter("Binary sets should not be empty")
		}
		for _, b := range *w.BS {
			v.set = append(v.set, string(b))
		}
	case kindNS:
		if len(*w.NS) == 0 {
			return v, invalidParameter("An number set  may not be empty")
		}
		for _, s := range *w.NS {
			n, err := parseNumber(s)
			if err != nil {
				return v, err
			}
			v.set = append(v.set, n.String())
		}
	}
	return v.sorted()
}

// sorted orders a set's elements and refuses one given twice.
func (v value) sorted() (value, *apiError) {
	v.sort()
	if len(slices.Compact(slices.Clone(v.set))) == len(v.set) {
		return v, nil
	}
	if v.kind == kindNS {
		return v, invalid("Input collection contains duplicates")
	}
	shown, _ := json.Marshal(v.wireSet()) // strings always marshal
	if v.kind == kindBS {
		return v, invalidParameter("Input collection %s of type BS contains duplicates.", shown)
	}
	return v, invalidParameter("Input collection %s contains duplicates.", shown)
}

func (v value) sort() {
	if v.kind != kindNS {
		slices.Sort(v.set)
		return
	}
	slices.SortFunc(v.set, func(a, b string) int {
		return value{kind: kindN, text: a}.compare(value{kind: kindN, text: b})
	})
}

func (v value) wireSet() []string {
	if v.kind != kindBS {
		return v.set
	}
	encoded := make([]string, len(v.set))
	for i, s := range v.set {
		encoded[i] = base64.StdEncoding.EncodeToString([]byte(s))
	}
	return encoded
}

// MarshalJSON writes the item as the wire has it, names in order.
func (it item) MarshalJSON() ([]byte, error) {
	return it.appendJSON(make([]byte, 0, 256)), nil
}

func (it item) appendJSON(to []byte) []byte {
	if it == nil {
		return append(to, "null"...)
	}
	to = append(to, '{')
	for i, name := range it.names() {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(appendJSONString(to, name), ':')
		to = it[name].appendJSON(to)
	}
	return append(to, '}')
}

func (v value) appendJSON(to []byte) []byte {
	to = append(append(append(to, `{"`...), v.kind.String()...), `":`...)
	switch v.kind {
	case kindS, kindN:
		to = appendJSONString(to, v.text)
	case kindB:
		to = appendJSONString(to, base64.StdEncoding.EncodeToString([]byte(v.text)))
	case kindBOOL:
		to = strconv.AppendBool(to, v.flag)
	case kindNULL:
		to = append(to, "true"...)
	case kindM:
		to = v.dict.appendJSON(to)
	case kindL:
		to = appendJSONArray(to, v.list, func(to []byte, e value) []byte { return e.appendJSON(to) })
	default:
		to = appendJSONArray(to, v.wireSet(), appendJSONString[string])
	}
	return append(to, '}')
}

func appendJSONArray[T any](to []byte, elements []T, appendOne func([]byte, T) []byte) []byte {
	to = append(to, '[')
	for i, element := range elements {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendOne(to, element)
	}
	return append(to, ']')
}

func appendJSONString[T string | []byte](to []byte, s T) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			quoted, _ := json.Marshal(string(s)) // a string always marshals
			return append(to, quoted...)
		}
	}
	return append(append(append(to, '"'), s...), '"')
}
