package dynamodb

import (
	"slices"
	"strings"
)

// keyTest is what a query demands of one key attribute.
type keyTest struct {
	operator string // a comparator, BETWEEN or begins_with
	values   []value
}

// keyCondition is the tests of a query by attribute.
type keyCondition map[string]keyTest

// legacyCondition is one member of KeyConditions, the only parameter of its age that is served: guregu/dynamo
// queries by it.
type legacyCondition struct {
	ComparisonOperator string
	AttributeValueList []wireValue
}

func parseKeyConditions(legacy map[string]legacyCondition) (keyCondition, *apiError) {
	operators := map[string]string{
		"EQ": "=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "BETWEEN": "BETWEEN", "BEGINS_WITH": "begins_with",
	}
	conditions := keyCondition{}
	for name, given := range legacy {
		operator, ok := operators[given.ComparisonOperator]
		if !ok {
			return nil, invalid("Attempted conditional constraint is not an indexable operation")
		}
		test := keyTest{operator: operator}
		for _, wire := range given.AttributeValueList {
			v, err := wire.canonical()
			if err != nil {
				return nil, err
			}
			test.values = append(test.values, v)
		}
		wanted := 1
		if operator == "BETWEEN" {
			wanted = 2
		}
		if len(test.values) != wanted {
			return nil, invalidParameter("Invalid number of argument(s) for the %s ComparisonOperator",
				given.ComparisonOperator)
		}
		conditions[name] = test
	}
	if len(conditions) != 1 && len(conditions) != 2 {
		return nil, invalid("Conditions can be of length 1 or 2 only")
	}
	return conditions, nil
}

// keyConditionOf turns a checked expression into tests.
func keyConditionOf(root *node) (keyCondition, *apiError) {
	conditions := keyCondition{}
	var add func(n *node) *apiError
	add = func(n *node) *apiError {
		if n.kind != nodeAnd {
			return conditions.add(n)
		}
		for _, part := range n.args {
			if err := add(part); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(root); err != nil {
		return nil, err
	}
	if len(conditions) > 2 {
		return nil, invalid("Conditions can be of length 1 or 2 only")
	}
	return conditions, nil
}

func (k keyCondition) add(n *node) *apiError {
	switch {
	case n.kind == nodeOr || n.kind == nodeNot || n.kind == nodeIn || n.name == "<>":
		return invalid("Invalid operator used in KeyConditionExpression: %s", n.operatorWord())
	case n.kind == nodeCall && n.name != "begins_with":
		return invalid("Invalid operator used in KeyConditionExpression: %s", n.name)
	}
	at := slices.IndexFunc(n.args, func(arg *node) bool { return arg.kind == nodePath })
	for i, arg := range n.args {
		switch {
		case arg.kind == nodeCall:
			return invalid("KeyConditionExpressions cannot contain nested operations")
		case arg.kind == nodePath && i != at:
			return invalid("Invalid condition in KeyConditionExpression: " +
				"Multiple attribute names used in one condition")
		case arg.kind == nodePath && len(arg.path) > 1:
			return invalid("KeyConditionExpressions cannot have conditions on nested attributes")
		}
	}
	if at < 0 {
		return invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
	}
	if at > 0 && n.kind != nodeCompare {
		return invalid("Invalid condition in KeyConditionExpression: "+
			"%s operator must have the key attribute as its first operand", n.name)
	}
	name := n.args[at].path[0].name
	if _, twice := k[name]; twice {
		return invalid("KeyConditionExpressions must only contain one condition per key")
	}
	test := keyTest{operator: n.name}
	for i, arg := range n.args {
		if i != at {
			test.values = append(test.values, arg.value)
		}
	}
	if at > 0 {
		test.operator = strings.NewReplacer("<", ">", ">", "<").Replace(n.name)
	}
	k[name] = test
	return nil
}

func (n *node) operatorWord() string {
	switch n.kind {
	case nodeOr:
		return "OR"
	case nodeNot:
		return "NOT"
	default:
		return n.name
	}
}

// check holds the tests against the keys of a table or index.
func (k keyCondition) check(t *table, keys keyNames) *apiError {
	for i, name := range keys.list() {
		test, ok := k[name]
		switch {
		case !ok && (i == 0 || len(k) > 1):
			return invalid("Query condition missed key schema element: %s", name)
		case !ok:
			continue
		case i == 0 && test.operator != "=":
			return invalid("Query key condition not supported")
		}
		for _, v := range test.values {
			if v.kind != t.keyKind(name) {
				return invalidParameter("Condition parameter type does not match schema type")
			}
			if i > 0 && v.text == "" { // a sort key may be compared with what it cannot be
				continue
			}
			if err := checkKeyValue(name, v, i == 0); err != nil {
				return err
			}
		}
		if test.operator == "begins_with" && t.keyKind(name) == kindN {
			return invalidParameter("ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type")
		}
	}
	if len(k) > len(keys.list()) {
		return invalid("Query key condition not supported")
	}
	return nil
}

// bounds are the first key of the partition that passes the test, and the first after it that does not; the
// second is nil when that is the end of all keys.
func (k keyCondition) bounds(keys keyNames) (low, high []byte) {
	prefix := partitionPrefix(k[keys.Partition].values[0])
	test, ok := k[keys.Sort]
	if keys.Sort == "" || !ok {
		return prefix, afterPrefix(prefix)
	}
	first := test.values[0]
	at := appendKeyPart(slices.Clone(prefix), first)
	switch test.operator {
	case "=":
		return at, afterPrefix(at)
	case "<":
		return prefix, at
	case "<=":
		return prefix, afterPrefix(at)
	case ">":
		return afterPrefix(at), afterPrefix(prefix)
	case ">=":
		return at, afterPrefix(prefix)
	case "BETWEEN":
		return at, afterPrefix(appendKeyPart(slices.Clone(prefix), test.values[1]))
	default:
		start := appendEscaped(slices.Clone(prefix), first.text)
		return start, afterPrefix(start)
	}
}
