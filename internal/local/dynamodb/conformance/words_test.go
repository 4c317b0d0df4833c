package conformance_test

import (
	"fmt"
	"strings"
)

// attributes are those that random expressions are about.
var attributes = [...]string{"a", "b", "c", "d", "e"}

// words writes the random expressions of one request, and gathers the values and names that they use.
type words struct {
	*script
	values object
	names  object
}

func (s *script) words() *words { return &words{script: s, values: object{}, names: object{}} }

// complete puts the values and names into the body of the request.
func (w *words) complete(body object) {
	if len(w.values) > 0 {
		body["ExpressionAttributeValues"] = w.values
	}
	if len(w.names) > 0 {
		body["ExpressionAttributeNames"] = w.names
	}
}

// given is a placeholder for a value.
func (w *words) given(value object) string {
	name := fmt.Sprintf(":v%d", len(w.values))
	w.values[name] = value
	return name
}

func (s *script) number() object {
	return object{"N": pick(s, "0", "1", "-1", "2.50", "10", "-7", "1e3", "0.001", "99", "1E-130", "9.9e125",
		"12345678901234567890123456789012345678", "-0.00000000000000000000000000000000000001")}
}

func (s *script) string() object {
	return object{"S": pick(s, "a", "b", "ab", "abc", "", "x", "é", "\x00", "日本")}
}

// value is of any type, and at most four deep.
func (s *script) value(depth int) object {
	switch n := s.IntN(20); {
	case n < 6:
		return s.number()
	case n < 11:
		return s.string()
	case n == 11:
		return object{"BOOL": s.one(2)}
	case n == 12:
		return object{"SS": s.some("a", "b", "c", "é")}
	case n == 13:
		return object{"NS": s.some("1", "2", "3.5", "-4")}
	case n == 14:
		return pick(s, object{"NULL": true}, object{"B": "AAE="}, object{"B": ""}, object{"BS": s.some("AA==", "AQI=", "")})
	case depth > 2:
		return s.number()
	case n < 18:
		list := []any{}
		for range s.IntN(4) {
			list = append(list, s.value(depth+1))
		}
		return object{"L": list}
	default:
		dict := object{}
		for _, name := range []string{"a", "b", "é"} {
			if s.one(2) {
				dict[name] = s.value(depth + 1)
			}
		}
		return object{"M": dict}
	}
}

// some are one or more of the elements, in any order.
func (s *script) some(of ...string) []string {
	s.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	return of[:1+s.IntN(len(of))]
}

// top is an attribute, by its name or a placeholder.
func (w *words) top(name string) string {
	if !w.one(5) {
		return name
	}
	w.names["#"+name] = name
	return "#" + name
}

func (w *words) path() string { return w.below(pick(w.script, attributes[:]...)) }

// below is a path that begins at an attribute.
func (w *words) below(name string) string {
	path := w.top(name)
	for range pick(w.script, 0, 0, 0, 0, 0, 1, 2) {
		path += pick(w.script, ".a", ".b", "[0]", "[1]", "[2]")
	}
	return path
}

func (w *words) projection() string {
	var paths []string
	for _, name := range w.some(attributes[:]...) {
		paths = append(paths, w.below(name))
	}
	return strings.Join(append(paths, pick(w.script, "p", "s")), ", ")
}

// ordered is a value that has an order.
func (w *words) ordered() object {
	return pick(w.script, w.number(), w.string(), object{"B": "AAE="})
}

// operand is what is compared: mostly a value, sometimes a path or a length.
func (w *words) operand(value object) string {
	switch w.IntN(8) {
	case 0:
		return w.path()
	case 1:
		return "size(" + w.path() + ")"
	default:
		return w.given(value)
	}
}

func (w *words) condition(depth int) string {
	n := w.IntN(100)
	switch {
	case depth < 2 && n < 12:
		return "(" + w.condition(depth+1) + ") AND (" + w.condition(depth+1) + ")"
	case depth < 2 && n < 24:
		return w.condition(2) + " OR " + w.condition(2)
	case depth < 2 && n < 32:
		return "NOT (" + w.condition(depth+1) + ")"
	case n < 50:
		return w.path() + pick(w.script, " = ", " <> ") + w.operand(w.value(0))
	case n < 62:
		return w.path() + pick(w.script, " < ", " <= ", " > ", " >= ") + w.operand(w.ordered())
	case n < 66:
		if w.one(2) {
			return w.operand(w.ordered()) + " BETWEEN " + w.operand(w.string()) + " AND " + w.operand(w.string())
		}
		return w.path() + " BETWEEN " + w.operand(object{"N": "-5"}) + " AND " + w.operand(object{"N": "5"})
	case n < 71:
		return w.path() + " IN (" + w.operand(w.value(0)) + ", " + w.operand(w.value(0)) + ", " + w.operand(w.value(0)) + ")"
	case n < 78:
		return pick(w.script, "attribute_exists(", "attribute_not_exists(") + w.path() + ")"
	case n < 83:
		return "begins_with(" + w.path() + ", " + w.operand(pick(w.script, w.string(), object{"B": pick(w.script, "AA==", "")})) + ")"
	case n < 89:
		return "contains(" + w.path() + ", " + w.operand(w.value(1)) + ")"
	case n < 95:
		return "size(" + w.path() + ")" + pick(w.script, " = ", " > ") + w.given(object{"N": pick(w.script, "0", "1", "2")})
	default:
		return "attribute_type(" + w.path() + ", " + w.given(object{"S": pick(w.script, "S", "N", "L", "M", "SS", "B")}) + ")"
	}
}

// update changes attributes of which no two are the same, so that no paths overlap.
func (w *words) update() string {
	free := w.some(attributes[:]...)
	take := func() (name string) {
		name, free = free[0], free[1:]
		return name
	}
	var sections []string
	if set := min(w.IntN(3), len(free)); set > 0 {
		var actions []string
		for range set {
			actions = append(actions, w.assignment(nearest(w.below(take()))))
		}
		sections = append(sections, "SET "+strings.Join(actions, ", "))
	}
	if w.one(12) {
		sections = append(sections, "REMOVE "+pick(w.script, "g", "h", "k", "p"))
	} else if len(free) > 0 && w.one(3) {
		sections = append(sections, "REMOVE "+w.below(take()))
	}
	if len(free) > 0 && w.one(4) {
		more := pick(w.script, w.number(), object{"SS": w.some("a", "z")}, object{"NS": w.some("1", "9")})
		sections = append(sections, "ADD "+nearest(w.below(take()))+" "+w.given(more))
	}
	if len(free) > 0 && w.one(5) {
		less := pick(w.script, object{"SS": w.some("a", "z")}, object{"NS": w.some("1", "9")})
		sections = append(sections, "DELETE "+w.below(take())+" "+w.given(less))
	}
	if len(sections) == 0 {
		return "SET h = " + w.given(object{"S": pick(w.script, "u", "v", "w")})
	}
	return strings.Join(sections, " ")
}

// nearest is a path that ends at the first element of a list rather than another, which might be beyond the end.
func nearest(path string) string {
	return strings.NewReplacer("[1]", "[0]", "[2]", "[0]").Replace(path)
}

func (w *words) assignment(path string) string {
	number, list := w.number(), object{"L": []any{w.value(2)}}
	switch w.IntN(9) {
	case 0, 1, 2:
		return path + " = " + w.given(w.value(0))
	case 3:
		return path + " = " + path + " + " + w.given(number)
	case 4:
		return path + " = " + w.given(number) + " - " + w.path()
	case 5:
		return path + " = if_not_exists(" + w.path() + ", " + w.given(w.value(0)) + ")"
	case 6:
		return path + " = if_not_exists(" + path + ", " + w.given(object{"N": "0"}) + ") + " + w.given(number)
	case 7:
		return path + " = list_append(if_not_exists(" + path + ", " + w.given(object{"L": []any{}}) + "), " + w.given(list) + ")"
	default:
		return path + " = " + w.path()
	}
}
