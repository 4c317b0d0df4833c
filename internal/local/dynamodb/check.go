package dynamodb

import "slices"

const maxInOperands = 100

// operands of the functions of condition expressions.
func conditionArity(function string) (int, bool) {
	switch function {
	case "attribute_exists", "attribute_not_exists", "size":
		return 1, true
	case "attribute_type", "begins_with", "contains":
		return 2, true
	}
	return 0, false
}

// parseCondition parses and checks a condition, filter or key-condition expression; a nil source is no condition.
func parseCondition(title string, source *string, given *placeholders) (*node, *apiError) {
	if source == nil {
		return nil, nil
	}
	redundant := false
	root, err := parse(title, *source, func(p *parser) *node {
		n := p.condition()
		redundant = p.redundant
		return n
	})
	if err != nil {
		return nil, err
	}
	if redundant && title != "KeyConditionExpression" {
		return nil, invalid("Invalid %s: The expression has redundant parentheses;", title)
	}
	return root, titled(title, checkCondition(root, given))
}

// checkCondition finds all that can be wrong without an item, in the order in which AWS reports it, and binds
// the placeholders.
func checkCondition(root *node, given *placeholders) *apiError {
	if err := root.walk(checkFunctionName); err != nil {
		return err
	}
	if err := checkUse(root); err != nil {
		return err
	}
	if err := root.walk((*node).checkReserved); err != nil {
		return err
	}
	if err := root.walk(given.bind); err != nil {
		return err
	}
	return root.walk(checkOperands)
}

func checkFunctionName(n *node) *apiError {
	if n.kind != nodeCall {
		return nil
	}
	if _, known := conditionArity(n.name); !known {
		return invalid("Invalid function name; function: %s", n.name)
	}
	return nil
}

// checkUse refuses size as a condition, and every other function as an operand.
func checkUse(n *node) *apiError {
	operands := n.kind != nodeAnd && n.kind != nodeOr && n.kind != nodeNot
	if n.kind == nodeCall && n.name == "size" {
		return invalid("The function is not allowed to be used this way in an expression; function: size")
	}
	for _, arg := range n.args {
		if !operands {
			if err := checkUse(arg); err != nil {
				return err
			}
			continue
		}
		if arg.kind == nodeCall && arg.name != "size" {
			return invalid("The function is not allowed to be used this way in an expression; function: %s", arg.name)
		}
	}
	return nil
}

func checkOperands(n *node) *apiError {
	switch n.kind {
	case nodeCall:
		return checkCall(n)
	case nodeCompare:
		return checkCompare(n)
	case nodeBetween:
		return checkBetween(n)
	case nodeIn:
		if count := len(n.args) - 1; count > maxInOperands {
			return invalid("Too many operands for the operator or function; "+
				"operator or function: IN, number of operands: %d", count)
		}
	}
	return nil
}

func checkCall(n *node) *apiError {
	if arity, _ := conditionArity(n.name); len(n.args) != arity {
		return invalid("Incorrect number of operands for operator or function; "+
			"operator or function: %s, number of operands: %d", n.name, len(n.args))
	}
	if err := checkDistinct(n); err != nil {
		return err
	}
	wrongType := func(k kind) *apiError {
		return invalid("Incorrect operand type for operator or function; operator or function: %s, operand type: %s",
			n.name, k)
	}
	switch n.name {
	case "attribute_exists", "attribute_not_exists":
		if n.args[0].kind != nodePath {
			return invalid("Operator or function requires a document path; operator or function: %s", n.name)
		}
	case "begins_with":
		for _, arg := range n.args {
			if k := arg.literalKind(); k != kindNone && k != kindS && k != kindB {
				return wrongType(k)
			}
		}
	case "size":
		if k := n.args[0].literalKind(); k == kindN || k == kindBOOL || k == kindNULL {
			return wrongType(k)
		}
	case "attribute_type":
		return checkAttributeType(n, wrongType)
	}
	return nil
}

func checkAttributeType(n *node, wrongType func(kind) *apiError) *apiError {
	k := n.args[1].literalKind()
	if k == kindNone {
		return invalid("Incorrect operand type for operator or function; " +
			"operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
	}
	if k != kindS {
		return wrongType(k)
	}
	valid := []string{"S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"}
	if name := n.args[1].value.text; !slices.Contains(valid, name) {
		return invalid("Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", name)
	}
	return nil
}

func checkCompare(n *node) *apiError {
	if n.name != "=" && n.name != "<>" {
		for _, arg := range n.args {
			if k := arg.literalKind(); k != kindNone && !k.isOrdered() {
				return invalid("Incorrect operand type for operator or function; operator: %s, operand type: %s",
					n.name, k.word())
			}
		}
	}
	return checkDistinct(n)
}

func checkDistinct(n *node) *apiError {
	if len(n.args) != 2 || n.args[0].kind != nodePath || !slices.Equal(n.args[0].path, n.args[1].path) {
		return nil
	}
	return invalid("The first operand must be distinct from the remaining operands for this operator or function; "+
		"operator: %s, first operand: %s", n.name, n.args[0].path)
}

func checkBetween(n *node) *apiError {
	for _, arg := range n.args {
		if k := arg.literalKind(); k != kindNone && !k.isOrdered() {
			return invalid("Incorrect operand type for operator or function; operator or function: BETWEEN, "+
				"operand type: %s", k)
		}
	}
	low, high := n.args[1], n.args[2]
	if low.kind != nodeValue || high.kind != nodeValue {
		return nil
	}
	bounds := func(rule string) *apiError {
		return invalid("The BETWEEN operator requires %s; lower bound operand: AttributeValue: {%s:%s}, "+
			"upper bound operand: AttributeValue: {%s:%s}",
			rule, low.value.kind, low.value.text, high.value.kind, high.value.text)
	}
	switch {
	case low.value.kind != high.value.kind:
		return bounds("same data type for lower and upper bounds")
	case low.value.compare(high.value) > 0:
		return bounds("upper bound to be greater than or equal to lower bound")
	}
	return nil
}

// literalKind is the type of a bound value, or kindNone for what only an item can tell.
func (n *node) literalKind() kind {
	if n.kind == nodeValue {
		return n.value.kind
	}
	return kindNone
}
