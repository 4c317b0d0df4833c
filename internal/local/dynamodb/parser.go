package dynamodb

import (
	"slices"
	"strconv"
	"strings"
)

// parser reads one expression by recursive descent. The first error is kept, and sends the parser to the end of
// the tokens, where nothing more is accepted.
type parser struct {
	source    string
	tokens    []token
	at        int
	redundant bool // some part stands in two pairs of parentheses
	err       *apiError
}

// parse runs a grammar over a whole expression and puts title, as "FilterExpression", before any message.
func parse[T any](title, source string, grammar func(*parser) T) (T, *apiError) {
	var result T
	switch {
	case source == "":
		return result, invalid("Invalid %s: The expression can not be empty;", title)
	case len(source) > maxExpression:
		return result, invalid("Invalid %s: Expression size has exceeded the maximum allowed size; "+
			"expression size: %d", title, len(source))
	}
	p := &parser{source: source, tokens: lex(source)}
	result = grammar(p)
	if p.peek().kind != tokenEnd {
		p.fail()
	}
	return result, titled(title, p.err)
}

func titled(title string, err *apiError) *apiError {
	if err == nil {
		return nil
	}
	return invalid("Invalid %s: %s", title, err.message)
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

// fail reports the current token, shown with its neighbours.
func (p *parser) fail() {
	bad := p.peek()
	from, to := bad.start, bad.end
	if p.at > 0 {
		from = p.tokens[p.at-1].start
	}
	if p.at+1 < len(p.tokens) && p.tokens[p.at+1].kind != tokenEnd {
		to = p.tokens[p.at+1].end
	}
	near := strings.TrimSpace(p.source[from:to])
	p.stop(invalid(`Syntax error; token: "%s", near: "%s"`, bad.text, near))
}

func (p *parser) stop(err *apiError) {
	if p.err == nil {
		p.err = err
	}
	p.at = len(p.tokens) - 1
}

// accept consumes a symbol if it is next.
func (p *parser) accept(symbol string) bool {
	if t := p.peek(); t.kind != tokenSymbol || t.text != symbol {
		return false
	}
	p.at++
	return true
}

func (p *parser) expect(symbol string) {
	if !p.accept(symbol) {
		p.fail()
	}
}

// isKeyword tells whether a word, in any case, is next.
func (p *parser) isKeyword(words ...string) bool {
	t := p.peek()
	return t.kind == tokenWord && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, t.text) })
}

func (p *parser) acceptKeyword(word string) bool {
	if !p.isKeyword(word) {
		return false
	}
	p.at++
	return true
}

// condition is the grammar of condition, filter and key-condition expressions:
//
//	condition = conjunction { OR conjunction }
func (p *parser) condition() *node {
	n := p.disjunction()
	if n.isOperand() && n.kind != nodeCall {
		p.fail()
	}
	return n
}

func (p *parser) disjunction() *node {
	return p.chain("OR", nodeOr, func() *node { return p.chain("AND", nodeAnd, p.negation) })
}

// chain reads parts joined by a keyword; a part alone stays itself.
func (p *parser) chain(keyword string, kind nodeKind, part func() *node) *node {
	first := part()
	if !p.isKeyword(keyword) {
		return first
	}
	joined := &node{kind: kind, args: []*node{p.truth(first)}}
	for p.acceptKeyword(keyword) {
		joined.args = append(joined.args, p.truth(part()))
	}
	return joined
}

// truth refuses an operand where a condition must stand; of functions the check decides later.
func (p *parser) truth(n *node) *node {
	if n.kind == nodePath || n.kind == nodeValue {
		p.fail()
	}
	return n
}

func (p *parser) negation() *node {
	if p.acceptKeyword("NOT") {
		return &node{kind: nodeNot, args: []*node{p.truth(p.negation())}}
	}
	return p.predicate()
}

// predicate is a comparison, a function, or either in parentheses. Parentheses may also hold just an operand.
func (p *parser) predicate() *node {
	left := p.primary()
	if !left.isOperand() {
		return left
	}
	t := p.peek()
	switch {
	case p.isKeyword("BETWEEN"):
		p.at++
		low := p.operand()
		if !p.acceptKeyword("AND") {
			p.fail()
		}
		return &node{kind: nodeBetween, name: "BETWEEN", args: []*node{left, low, p.operand()}}
	case p.isKeyword("IN"):
		p.at++
		p.expect("(")
		return &node{kind: nodeIn, name: "IN", args: append([]*node{left}, p.list()...)}
	case t.kind == tokenSymbol && slices.Contains([]string{"=", "<>", "<", "<=", ">", ">="}, t.text):
		p.at++
		return &node{kind: nodeCompare, name: t.text, args: []*node{left, p.operand()}}
	}
	return left
}

// primary is an operand, or anything in parentheses.
func (p *parser) primary() *node {
	if !p.accept("(") {
		return p.operand()
	}
	n := p.disjunction()
	p.expect(")")
	p.redundant = p.redundant || n.grouped
	n.grouped = true
	return n
}

// operand is a path, a value or a function call, perhaps in parentheses.
func (p *parser) operand() *node {
	t := p.peek()
	switch {
	case p.accept("("):
		n := p.operand()
		p.expect(")")
		p.redundant = p.redundant || n.grouped
		n.grouped = true
		return n
	case t.kind == tokenValue:
		p.at++
		return &node{kind: nodeValue, name: t.text}
	case t.kind == tokenWord && p.tokens[p.at+1].text == "(" && !p.isKeyword("AND", "OR", "NOT", "IN", "BETWEEN"):
		p.at += 2
		return &node{kind: nodeCall, name: t.text, args: p.list()}
	}
	return &node{kind: nodePath, path: p.path()}
}

// list reads operands up to the closing parenthesis.
func (p *parser) list() []*node {
	operands := []*node{p.operand()}
	for p.accept(",") {
		operands = append(operands, p.operand())
	}
	p.expect(")")
	return operands
}

func (p *parser) path() path {
	steps := path{p.name()}
	for {
		switch {
		case p.accept("."):
			steps = append(steps, p.name())
		case p.accept("["):
			steps = append(steps, p.index())
		default:
			return steps
		}
	}
}

func (p *parser) name() step {
	t := p.peek()
	if t.kind != tokenWord && t.kind != tokenName || p.isKeyword("AND", "OR", "NOT", "IN", "BETWEEN") {
		p.fail()
	}
	p.next()
	return step{name: t.text, index: -1}
}

func (p *parser) index() step {
	t := p.peek()
	if t.kind != tokenNumber {
		p.fail()
	}
	p.next()
	p.expect("]")
	index, err := strconv.ParseInt(t.text, 10, 32)
	if err != nil {
		p.stop(invalid("List index is not within the allowable range; index: [%s]", t.text))
	}
	return step{index: int(index)}
}
