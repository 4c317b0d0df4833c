package conformance_test

import "strings"

// spoil makes a request wrong in one place, mostly: an expression is damaged, or something that it uses is taken away, or
// something is given that it does not use.
func (s *script) spoil(r request) {
	switch s.IntN(6) {
	case 0:
		s.supply(r.body, "ExpressionAttributeValues", pick(s, ":unused", ":", "v0", ":v0"), object{"N": "1"})
	case 1:
		s.supply(r.body, "ExpressionAttributeNames", pick(s, "#unused", "#", "a", "#a"), "a")
	case 2:
		s.withhold(r.body, pick(s, "ExpressionAttributeValues", "ExpressionAttributeNames"))
	default:
		name := pick(s, "ConditionExpression", "UpdateExpression", "FilterExpression", "KeyConditionExpression", "ProjectionExpression")
		if expression, ok := r.body[name].(string); ok {
			r.body[name] = s.damaged(expression)
		}
	}
}

func (s *script) supply(body object, member, name string, value any) {
	given, ok := body[member].(object)
	if !ok {
		given = object{}
		body[member] = given
	}
	given[name] = value
}

// withhold takes the first of what is given away.
func (s *script) withhold(body object, member string) {
	given, _ := body[member].(object)
	delete(given, ":v0")
	delete(given, "#a")
	if len(given) == 0 {
		delete(body, member)
	}
}

// damaged is an expression with a word less, or twice, or another in its place.
func (s *script) damaged(expression string) string {
	words := strings.Fields(expression)
	at := s.IntN(len(words))
	switch s.IntN(4) {
	case 0:
		words[at] = ""
	case 1:
		words[at] += " " + words[at]
	case 2:
		words[at] = pick(s, "AND", "(", ")", ",", "=", "5", "order", "$", "foo(a)", "size(a)", "[0]", ".a", "a[", "NOT", "IN", "SET",
			"((a = b))", ":none", "#none", "-", "'a'", "a[-1]", "BETWEEN", "REMOVE p", "<>", "attribute_exists(:v0)", "begins_with(a)")
	default:
		cut := s.IntN(len(words[at]))
		words[at] = words[at][:cut] + words[at][cut+1:]
	}
	return strings.Join(words, " ")
}
