package appsync

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// matcher says whether a field of an event, as encoding/json decodes it, satisfies one condition.
type matcher func(field any) bool

// operatorFor compiles one of AppSync's filter operators with its operand. Operands are never maps or lists of such, so
// comparing them with == cannot panic, whatever the field is.
func operatorFor(operator string, want any) (matcher, error) {
	switch operator {
	case "in", "notIn", "containsAny", "between":
		return listOperator(operator, want)
	case "le", "lt", "ge", "gt":
		return orderOperator(operator, want)
	}
	if isComposite(want) {
		return nil, errors.New("the value must be a single one")
	}
	switch operator {
	case "eq":
		return func(field any) bool { return field == want }, nil
	case "ne":
		return func(field any) bool { return field != want }, nil
	case "contains":
		return func(field any) bool { return contains(field, want) }, nil
	case "notContains":
		return func(field any) bool { return !contains(field, want) }, nil
	case "beginsWith":
		prefix, ok := want.(string)
		if !ok {
			return nil, errors.New("the value must be a string")
		}
		return func(field any) bool {
			s, ok := field.(string)
			return ok && strings.HasPrefix(s, prefix)
		}, nil
	}
	return nil, errors.New("no such operator")
}

func orderOperator(operator string, want any) (matcher, error) {
	if _, ok := compare(want, want); !ok {
		return nil, errors.New("the value must be a number or a string")
	}
	return func(field any) bool {
		order, ok := compare(field, want)
		if !ok {
			return false
		}
		switch operator {
		case "le":
			return order <= 0
		case "lt":
			return order < 0
		case "ge":
			return order >= 0
		default:
			return order > 0
		}
	}, nil
}

func listOperator(operator string, want any) (matcher, error) {
	limit := map[string]int{"in": maxInValues, "notIn": maxInValues, "containsAny": maxContainsAnyOf, "between": 2}[operator]
	list, ok := want.([]any)
	if !ok || len(list) > limit || slices.ContainsFunc(list, isComposite) {
		return nil, fmt.Errorf("the value must be a list of at most %d", limit)
	}
	switch operator {
	case "in":
		return func(field any) bool { return slices.Contains(list, field) }, nil
	case "notIn":
		return func(field any) bool { return !slices.Contains(list, field) }, nil
	case "containsAny":
		return func(field any) bool {
			return slices.ContainsFunc(list, func(want any) bool { return contains(field, want) })
		}, nil
	}
	if len(list) != 2 {
		return nil, errors.New("the value must be a lower and an upper bound")
	}
	return func(field any) bool {
		low, ok1 := compare(field, list[0])
		high, ok2 := compare(field, list[1])
		return ok1 && ok2 && low >= 0 && high <= 0
	}, nil
}

// isComposite reports whether a value is a map or a list.
func isComposite(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}

// contains looks for a part of a string, or an element of a list.
func contains(field, want any) bool {
	switch f := field.(type) {
	case string:
		part, ok := want.(string)
		return ok && strings.Contains(f, part)
	case []any:
		return slices.Contains(f, want)
	}
	return false
}

// compare orders two numbers or two strings; nothing else has an order.
func compare(a, b any) (order int, ok bool) {
	switch x := a.(type) {
	case float64:
		if y, ok := b.(float64); ok {
			return cmp.Compare(x, y), true
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y), true
		}
	}
	return 0, false
}
