package dynamodb

import (
	"fmt"
	"slices"
	"strings"
)

// maxExpression is the length of an expression in bytes, AWS's limit.
const maxExpression = 4096

// step of a document path: into a map by name, or into a list by index.
type step struct {
	name  string
	index int // -1 where there is a name
}

// path leads from an item to a value in it. Its first step is always a name.
type path []step

// String writes the path as AWS's messages do: [a, b, [0]].
func (p path) String() string {
	parts := make([]string, len(p))
	for i, s := range p {
		parts[i] = s.name
		if s.index >= 0 {
			parts[i] = fmt.Sprintf("[%d]", s.index)
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// in finds the value the path leads to.
func (p path) in(it item) (value, bool) {
	v, ok := it[p[0].name]
	for _, s := range p[1:] {
		if !ok {
			break
		}
		v, ok = s.in(v)
	}
	return v, ok
}

func (s step) in(v value) (value, bool) {
	if s.index < 0 {
		found, ok := v.dict[s.name]
		return found, ok
	}
	if s.index >= len(v.list) {
		return value{}, false
	}
	return v.list[s.index], true
}

type nodeKind byte

const (
	nodePath nodeKind = iota + 1
	nodeValue
	nodeCall    // name(args…)
	nodeCompare // args[0] name args[1]
	nodeBetween // args[0] BETWEEN args[1] AND args[2]
	nodeIn      // args[0] IN (args[1:]…)
	nodeAnd
	nodeOr
	nodeNot
)

// node is a part of a parsed expression.
type node struct {
	kind    nodeKind
	name    string // function, comparator or :placeholder
	path    path
	value   value
	args    []*node
	grouped bool // written in parentheses
}

// isOperand tells whether the node stands for a value rather than for true or false.
func (n *node) isOperand() bool {
	return n.kind == nodePath || n.kind == nodeValue || n.kind == nodeCall
}

// walk visits the node and all under it, outer first.
func (n *node) walk(visit func(*node) *apiError) *apiError {
	if err := visit(n); err != nil {
		return err
	}
	for _, arg := range n.args {
		if err := arg.walk(visit); err != nil {
			return err
		}
	}
	return nil
}

// placeholders are the names and values a request supplies to its expressions, and which of them were used.
type placeholders struct {
	names      map[string]string
	values     map[string]value
	usedNames  map[string]bool
	usedValues map[string]bool
}

// expressionParameters are the request's members that every operation with expressions has.
type expressionParameters struct {
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues wireItem
}

// placeholders checks what was supplied. expressions are the request's own, nil where absent; AWS refuses
// placeholders without an expression to use them.
func (p expressionParameters) placeholders(expressions ...*string) (*placeholders, *apiError) {
	given := slices.ContainsFunc(expressions, func(s *string) bool { return s != nil })
	if !given && p.ExpressionAttributeNames != nil {
		return nil, invalid("ExpressionAttributeNames can only be specified when using expressions")
	}
	if !given && p.ExpressionAttributeValues != nil {
		return nil, invalid("ExpressionAttributeValues can only be specified when using expressions")
	}
	if p.ExpressionAttributeNames != nil && len(p.ExpressionAttributeNames) == 0 {
		return nil, invalid("ExpressionAttributeNames must not be empty")
	}
	if p.ExpressionAttributeValues != nil && len(p.ExpressionAttributeValues) == 0 {
		return nil, invalid("ExpressionAttributeValues must not be empty")
	}
	for name := range p.ExpressionAttributeNames {
		if !isPlaceholder(name, '#') {
			return nil, invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "%s"`, name)
		}
	}
	values := make(map[string]value, len(p.ExpressionAttributeValues))
	for name, wire := range p.ExpressionAttributeValues {
		if !isPlaceholder(name, ':') {
			return nil, invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "%s"`, name)
		}
		v, err := wire.canonical()
		if err != nil {
			return nil, invalid("ExpressionAttributeValues contains invalid value: %s for key %s", err.message, name)
		}
		values[name] = v
	}
	return &placeholders{
		names: p.ExpressionAttributeNames, values: values,
		usedNames: map[string]bool{}, usedValues: map[string]bool{},
	}, nil
}

func isPlaceholder(name string, mark byte) bool {
	return len(name) > 1 && name[0] == mark && span(name[1:], isWordByte) == len(name)-1
}

// bind replaces the placeholders in a node by what they stand for. Its messages go after the expression's name.
func (p *placeholders) bind(n *node) *apiError {
	if n.kind == nodePath {
		return p.bindPath(n.path)
	}
	if n.kind != nodeValue {
		return nil
	}
	v, ok := p.values[n.name]
	if !ok {
		return invalid("An expression attribute value used in expression is not defined; attribute value: %s", n.name)
	}
	p.usedValues[n.name] = true
	n.value = v
	return nil
}

func (p *placeholders) bindPath(steps path) *apiError {
	for i, s := range steps {
		if s.index >= 0 || s.name[0] != '#' {
			continue
		}
		name, ok := p.names[s.name]
		if !ok {
			return invalid("An expression attribute name used in the document path is not defined; "+
				"attribute name: %s", s.name)
		}
		p.usedNames[s.name] = true
		steps[i].name = name
	}
	return nil
}

// checkUsed refuses what was supplied and not used by any expression.
func (p *placeholders) checkUsed() *apiError {
	if unused := unusedKeys(p.names, p.usedNames); unused != "" {
		return invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", unused)
	}
	if unused := unusedKeys(p.values, p.usedValues); unused != "" {
		return invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", unused)
	}
	return nil
}

func unusedKeys[V any](supplied map[string]V, used map[string]bool) string {
	var unused []string
	for key := range supplied {
		if !used[key] {
			unused = append(unused, key)
		}
	}
	slices.Sort(unused)
	return strings.Join(unused, ", ")
}

// checkReserved refuses a reserved word that is not behind a placeholder; it must run before bind.
func (n *node) checkReserved() *apiError {
	if n.kind != nodePath {
		return nil
	}
	return n.path.checkReserved()
}

func (p path) checkReserved() *apiError {
	for _, s := range p {
		if s.index < 0 && isReserved(s.name) {
			return invalid("Attribute name is a reserved keyword; reserved keyword: %s", s.name)
		}
	}
	return nil
}
