package conformance_test

import "math/rand/v2"

// request is what both sides are asked.
type request struct {
	operation string
	body      object
	writes    []object // keys of items that it may write
	allPages  bool     // its order and its pages are the endpoint's own: what counts is all of them together
}

// script writes random requests.
type script struct {
	*rand.Rand
	table string
	sort  string  // type of the sort key
	last  request // the last transaction with a token
	token int
}

func pick[T any](s *script, of ...T) T { return of[s.IntN(len(of))] }

// one in n.
func (s *script) one(n int) bool { return s.IntN(n) == 0 }

func (s *script) request() request {
	r := s.sound()
	if s.one(20) {
		s.spoil(r)
	}
	return r
}

// sound is a request that is mostly well-formed.
func (s *script) sound() request {
	switch n := s.IntN(100); {
	case n < 20:
		return s.put()
	case n < 50:
		return s.update()
	case n < 57:
		return s.remove()
	case n < 62:
		return s.get()
	case n < 74:
		return s.query()
	case n < 81:
		return s.queryIndex()
	case n < 85:
		return s.scan()
	case n < 93:
		return s.transaction()
	case n < 95:
		return s.transactionalRead()
	case n < 98:
		return s.batch()
	default:
		return s.batchRead()
	}
}

// key is that of one of a dozen items, and now and then none at all.
func (s *script) key() object {
	key := object{"p": object{"S": pick(s, "x", "y")}, "s": s.sortKey()}
	if s.one(60) {
		key["s"] = pick[any](s, object{"S": "1"}, object{"N": "one"}, nil)
	}
	if s.one(100) {
		key["p"] = object{"S": ""}
	}
	return key
}

// sortKey is one of six, which differ by little.
func (s *script) sortKey() object {
	switch s.sort {
	case "N":
		return object{"N": pick(s, "1", "2", "-3", "-4", "5.5", "1e2")}
	case "B":
		return object{"B": pick(s, "AA==", "AAA=", "AP8=", "AQ==", "/w==", "//8=")}
	default:
		return object{"S": pick(s, "a", "ab", "b", "\x00", "a\x00", "é")}
	}
}

func (s *script) item() object {
	item := s.key()
	for _, name := range attributes {
		if s.one(2) {
			item[name] = s.value(0)
		}
	}
	if s.one(2) {
		item["g"], item["k"] = object{"S": pick(s, "m", "n")}, object{"S": pick(s, "m", "n")}
	}
	if s.one(2) {
		item["h"] = object{"S": pick(s, "u", "v", "w")}
	}
	if s.one(2) {
		item["l"] = s.number()
	}
	if s.one(50) {
		item[pick(s, "g", "l")] = pick(s, object{"N": "1"}, object{"S": ""}, object{"L": []any{}})
	}
	return item
}

// keyOf is the key of an item, which the endpoint may refuse.
func keyOf(item object) object { return object{"p": item["p"], "s": item["s"]} }

// conditional completes a write with a condition and what it uses, and with what is asked of the answer.
func (s *script) conditional(r request, w *words, answers ...string) request {
	if s.one(2) {
		r.body["ConditionExpression"] = w.condition(0)
		r.body["ReturnValuesOnConditionCheckFailure"] = pick(s, "ALL_OLD", "NONE")
	}
	if len(answers) > 0 {
		r.body["ReturnValues"] = pick(s, answers...)
		s.capacity(r)
	}
	w.complete(r.body)
	return r
}

func (s *script) capacity(r request) {
	if s.one(6) {
		r.body["ReturnConsumedCapacity"] = pick(s, "TOTAL", "INDEXES")
	}
}

func (s *script) put() request {
	item := s.item()
	r := request{operation: "PutItem", body: object{"TableName": s.table, "Item": item}, writes: []object{keyOf(item)}}
	return s.conditional(r, s.words(), "NONE", "ALL_OLD")
}

func (s *script) remove() request {
	key := s.key()
	r := request{operation: "DeleteItem", body: object{"TableName": s.table, "Key": key}, writes: []object{key}}
	return s.conditional(r, s.words(), "NONE", "ALL_OLD")
}

func (s *script) update() request {
	key, w := s.key(), s.words()
	r := request{
		operation: "UpdateItem", body: object{"TableName": s.table, "Key": key, "UpdateExpression": w.update()},
		writes: []object{key},
	}
	return s.conditional(r, w, "NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")
}

func (s *script) get() request {
	w := s.words()
	r := request{operation: "GetItem", body: object{"TableName": s.table, "Key": s.key(), "ConsistentRead": s.one(2)}}
	if s.one(2) {
		r.body["ProjectionExpression"] = w.projection()
	}
	s.capacity(r)
	w.complete(r.body)
	return r
}

func (s *script) query() request {
	w, partition := s.words(), object{"S": pick(s, "x", "y")}
	condition := "p = " + w.given(partition)
	switch n := s.IntN(5); {
	case n == 0 && s.sort == "N":
		condition += " AND s " + pick(s, "=", "<", "<=", ">", ">=") + " " + w.given(s.number())
	case n < 2:
		condition += " AND " + w.given(s.sortKey()) + pick(s, " = ", " < ", " <= ", " > ", " >= ") + "s"
	case n == 2:
		condition += " AND s BETWEEN " + w.given(s.sortKey()) + " AND " + w.given(s.sortKey())
	case n == 3 && s.sort == "S":
		condition += " AND begins_with(s, " + w.given(object{"S": pick(s, "a", "ab", "é", "c")}) + ")"
	case n == 3 && s.sort == "B":
		condition += " AND begins_with(s, " + w.given(object{"B": pick(s, "AA==", "AP8=", "/w==", "AQE=")}) + ")"
	}
	r := request{operation: "Query", body: object{
		"TableName": s.table, "KeyConditionExpression": condition, "ScanIndexForward": s.one(2), "ConsistentRead": true,
	}}
	if s.one(3) {
		r.body["Limit"] = 1 + s.IntN(4)
	}
	if s.one(6) {
		start := s.key()
		if !s.one(10) {
			start["p"] = partition
		}
		r.body["ExclusiveStartKey"] = start
	}
	return s.filtered(r, w)
}

func (s *script) queryIndex() request {
	w := s.words()
	index, partition := "byg", "g"
	if s.one(2) {
		index, partition = "byk", "k"
	}
	condition := partition + " = " + w.given(object{"S": pick(s, "m", "n")})
	if s.one(4) { // the local index, of numbers
		index = "byl"
		condition = "p = " + w.given(object{"S": pick(s, "x", "y")})
		if s.one(2) {
			condition += " AND l " + pick(s, "=", "<", "<=", ">", ">=") + " " + w.given(s.number())
		}
	}
	if index == "byg" && s.one(3) {
		condition += " AND h " + pick(s, "=", "<", "<=", ">", ">=") + " " + w.given(object{"S": pick(s, "u", "v", "w")})
	}
	r := request{operation: "Query", allPages: true, body: object{
		"TableName": s.table, "IndexName": index, "KeyConditionExpression": condition, "ScanIndexForward": s.one(2),
	}}
	if s.one(3) {
		r.body["Limit"] = 1 + s.IntN(4)
	}
	return s.filtered(r, w)
}

func (s *script) scan() request {
	r := request{operation: "Scan", allPages: true, body: object{"TableName": s.table, "ConsistentRead": true}}
	if s.one(3) {
		r.body["IndexName"], r.body["ConsistentRead"] = pick(s, "byg", "byk", "byl"), false
	}
	if s.one(3) {
		r.body["Limit"] = 1 + s.IntN(4)
	}
	return s.filtered(r, s.words())
}

func (s *script) filtered(r request, w *words) request {
	if s.one(3) {
		r.body["FilterExpression"] = w.condition(0)
	}
	if s.one(6) {
		r.body["Select"] = "COUNT"
	} else if s.one(4) && r.body["IndexName"] == nil {
		r.body["ProjectionExpression"] = w.projection()
	}
	if !r.allPages {
		s.capacity(r)
	}
	w.complete(r.body)
	return r
}
