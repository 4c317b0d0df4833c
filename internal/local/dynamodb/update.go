package dynamodb

import (
	"slices"
	"strings"
)

// update is a parsed update expression.
type update struct {
	actions []action
}

// action is one change an update makes: SET path = value, REMOVE path, ADD path value or DELETE path value.
type action struct {
	section string
	path    path
	value   *node // nil for REMOVE; for SET a path, a value, a function, or + and - as nodeCall
}

// parseUpdate parses and checks an update expression; a nil source changes nothing.
func parseUpdate(source *string, given *placeholders) (update, *apiError) {
	const title = "UpdateExpression"
	if source == nil {
		return update{}, nil
	}
	u, err := parse(title, *source, (*parser).update)
	if err != nil {
		return u, err
	}
	return u, titled(title, u.check(given))
}

// update is the grammar of update expressions: sections in any order, each at most once.
func (p *parser) update() update {
	var u update
	seen := map[string]bool{}
	for {
		section := strings.ToUpper(p.peek().text)
		if !p.isKeyword("SET", "REMOVE", "ADD", "DELETE") {
			p.fail()
		}
		p.next()
		if seen[section] {
			p.stop(invalid(`The "%s" section can only be used once in an update expression;`, section))
		}
		seen[section] = true
		u.actions = append(u.actions, p.action(section))
		for p.accept(",") {
			u.actions = append(u.actions, p.action(section))
		}
		if p.peek().kind == tokenEnd {
			return u
		}
	}
}

func (p *parser) action(section string) action {
	a := action{section: section, path: p.path()}
	switch section {
	case "SET":
		p.expect("=")
		a.value = p.assigned()
	case "ADD", "DELETE":
		t := p.peek()
		if t.kind != tokenValue {
			p.fail()
		}
		p.next()
		a.value = &node{kind: nodeValue, name: t.text}
	}
	return a
}

// assigned is the right side of SET: an operand, or two with + or - between, perhaps all in parentheses.
func (p *parser) assigned() *node {
	left := p.assignedOperand()
	for _, operator := range []string{"+", "-"} {
		if p.accept(operator) {
			return &node{kind: nodeCall, name: operator, args: []*node{left, p.assignedOperand()}}
		}
	}
	return left
}

func (p *parser) assignedOperand() *node {
	if !p.accept("(") {
		return p.operand()
	}
	n := p.assigned()
	p.expect(")")
	return n
}

// check finds all that can be wrong without an item, in the order in which AWS reports it, and binds the
// placeholders.
func (u update) check(given *placeholders) *apiError {
	if err := u.walk((*node).checkReserved); err != nil {
		return err
	}
	if err := u.walk(checkUpdateFunction); err != nil {
		return err
	}
	if err := u.walk(given.bind); err != nil {
		return err
	}
	paths := u.paths()
	if err := checkOverlap(paths); err != nil {
		return err
	}
	for _, a := range u.actions {
		if err := a.checkOperand(); err != nil {
			return err
		}
	}
	return u.walk(checkUpdateOperands)
}

// walk visits the target of every action, then its value.
func (u update) walk(visit func(*node) *apiError) *apiError {
	for _, a := range u.actions {
		if err := visit(&node{kind: nodePath, path: a.path}); err != nil {
			return err
		}
		if a.value == nil {
			continue
		}
		if err := a.value.walk(visit); err != nil {
			return err
		}
	}
	return nil
}

func (u update) paths() []path {
	paths := make([]path, len(u.actions))
	for i, a := range u.actions {
		paths[i] = a.path
	}
	return paths
}

func checkUpdateFunction(n *node) *apiError {
	if n.kind == nodeCall && !slices.Contains([]string{"if_not_exists", "list_append", "+", "-"}, n.name) {
		if _, isCondition := conditionArity(n.name); isCondition {
			return invalid("The function is not allowed in an update expression; function: %s", n.name)
		}
		return invalid("Invalid function name; function: %s", n.name)
	}
	return nil
}

// checkOperand refuses an ADD or DELETE of a type that it cannot work with.
func (a action) checkOperand() *apiError {
	if a.section != "ADD" && a.section != "DELETE" {
		return nil
	}
	if k := a.value.value.kind; !k.isSet() && (k != kindN || a.section == "DELETE") {
		return invalid("Incorrect operand type for operator or function; operator: %s, operand type: %s",
			a.section, k.word())
	}
	return nil
}

func checkUpdateOperands(n *node) *apiError {
	if n.kind != nodeCall {
		return nil
	}
	if len(n.args) != 2 {
		return invalid("Incorrect number of operands for operator or function; "+
			"operator or function: %s, number of operands: %d", n.name, len(n.args))
	}
	if n.name == "if_not_exists" {
		if n.args[0].kind != nodePath {
			return invalid("Operator or function requires a document path; operator or function: %s", n.name)
		}
		return nil
	}
	wanted := kindN
	if n.name == "list_append" {
		wanted = kindL
	}
	for _, arg := range n.args {
		if k := arg.literalKind(); k != kindNone && k != wanted {
			return invalid("Incorrect operand type for operator or function; operator or function: %s, operand type: %s",
				n.name, k.word())
		}
	}
	return nil
}
