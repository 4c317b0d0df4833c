package dynamodb

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// holds tells whether an item, which may be nil, fulfils a condition. No condition always holds.
func (n *node) holds(it item) bool {
	if n == nil {
		return true
	}
	switch n.kind {
	case nodeAnd:
		return !slices.ContainsFunc(n.args, func(arg *node) bool { return !arg.holds(it) })
	case nodeOr:
		return slices.ContainsFunc(n.args, func(arg *node) bool { return arg.holds(it) })
	case nodeNot:
		return !n.args[0].holds(it)
	case nodeCall:
		return n.callHolds(it)
	case nodeCompare:
		return n.compareHolds(it)
	case nodeBetween:
		return ordered(">=", n.args[0], n.args[1], it) && ordered("<=", n.args[0], n.args[2], it)
	case nodeIn:
		left, ok := n.args[0].operand(it)
		return ok && slices.ContainsFunc(n.args[1:], func(arg *node) bool {
			right, there := arg.operand(it)
			return there && left.equal(right)
		})
	}
	return false
}

// operand is the value an operand has for an item; false when it has none.
func (n *node) operand(it item) (value, bool) {
	switch n.kind {
	case nodePath:
		return n.path.in(it)
	case nodeValue:
		return n.value, true
	default: // size, the only function that may be an operand
		v, ok := n.args[0].operand(it)
		if !ok {
			return value{}, false
		}
		return v.length()
	}
}

// length is what the function size answers; numbers, booleans and null have none.
func (v value) length() (value, bool) {
	var length int
	switch v.kind {
	case kindS:
		length = utf8.RuneCountInString(v.text)
	case kindB:
		length = len(v.text)
	case kindL:
		length = len(v.list)
	case kindM:
		length = len(v.dict)
	case kindSS, kindNS, kindBS:
		length = len(v.set)
	default:
		return value{}, false
	}
	return value{kind: kindN, text: strconv.Itoa(length)}, true
}

// compareHolds compares. An absent operand differs from everything and is in no order.
func (n *node) compareHolds(it item) bool {
	if n.name != "=" && n.name != "<>" {
		return ordered(n.name, n.args[0], n.args[1], it)
	}
	left, hasLeft := n.args[0].operand(it)
	right, hasRight := n.args[1].operand(it)
	same := hasLeft && hasRight && left.equal(right)
	return same == (n.name == "=")
}

func ordered(comparator string, a, b *node, it item) bool {
	left, hasLeft := a.operand(it)
	right, hasRight := b.operand(it)
	if !hasLeft || !hasRight || left.kind != right.kind || !left.kind.isOrdered() {
		return false
	}
	order := left.compare(right)
	switch comparator {
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	default:
		return order >= 0
	}
}

func (n *node) callHolds(it item) bool {
	first, exists := n.args[0].operand(it)
	if len(n.args) == 1 {
		return exists == (n.name == "attribute_exists")
	}
	second, ok := n.args[1].operand(it)
	if !exists || !ok {
		return false
	}
	switch n.name {
	case "attribute_type":
		return first.kind.String() == second.text
	case "begins_with":
		return first.kind == second.kind && (first.kind == kindS || first.kind == kindB) &&
			strings.HasPrefix(first.text, second.text)
	default:
		return first.contains(second)
	}
}

// contains tells whether a string holds a string, a set an element, or a list a value.
func (v value) contains(part value) bool {
	switch v.kind {
	case kindS, kindB:
		return part.kind == v.kind && strings.Contains(v.text, part.text)
	case kindL:
		return slices.ContainsFunc(v.list, part.equal)
	case kindSS:
		return part.kind == kindS && slices.Contains(v.set, part.text)
	case kindNS:
		return part.kind == kindN && slices.Contains(v.set, part.text)
	case kindBS:
		return part.kind == kindB && slices.Contains(v.set, part.text)
	}
	return false
}
