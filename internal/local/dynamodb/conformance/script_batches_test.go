package conformance_test

import (
	"fmt"
	"strings"
)

// transaction has one to four actions, on items that are seldom the same; some repeat the token of the last.
func (s *script) transaction() request {
	if s.last.operation != "" && s.one(6) {
		return s.last
	}
	r := request{operation: "TransactWriteItems"}
	var actions []any
	for range 1 + s.IntN(4) {
		w := s.words()
		item := s.item()
		key := keyOf(item)
		kind := pick(s, "Put", "Update", "Update", "Delete", "ConditionCheck")
		body := object{"TableName": s.table, "Key": key}
		switch kind {
		case "Put":
			body = object{"TableName": s.table, "Item": item}
		case "Update":
			body["UpdateExpression"] = w.update()
		case "ConditionCheck":
			body["ConditionExpression"] = w.condition(0)
			w.complete(body)
		}
		if kind != "ConditionCheck" {
			s.conditional(request{body: body}, w)
		}
		actions = append(actions, object{kind: body})
		r.writes = append(r.writes, key)
	}
	r.body = object{"TransactItems": actions}
	s.capacity(r)
	if s.one(3) {
		if s.token == 0 || !s.one(5) { // else the old one, for another transaction
			s.newToken()
		}
		r.body["ClientRequestToken"] = fmt.Sprintf("%s-%d", strings.TrimPrefix(s.table, "conformance-"), s.token)
		s.last = r
	}
	return r
}

func (s *script) newToken() {
	s.token++
	s.last = request{}
}

func (s *script) transactionalRead() request {
	var gets []any
	for range 1 + s.IntN(3) {
		gets = append(gets, object{"Get": object{"TableName": s.table, "Key": s.key()}})
	}
	r := request{operation: "TransactGetItems", body: object{"TransactItems": gets}}
	s.capacity(r)
	return r
}

func (s *script) batch() request {
	r := request{operation: "BatchWriteItem"}
	var writes []any
	for range 1 + s.IntN(4) {
		item := s.item()
		r.writes = append(r.writes, keyOf(item))
		if s.one(3) {
			writes = append(writes, object{"DeleteRequest": object{"Key": keyOf(item)}})
		} else {
			writes = append(writes, object{"PutRequest": object{"Item": item}})
		}
	}
	r.body = object{"RequestItems": object{s.table: writes}}
	s.capacity(r)
	return r
}

func (s *script) batchRead() request {
	var keys []any
	for range 1 + s.IntN(4) {
		keys = append(keys, s.key())
	}
	r := request{operation: "BatchGetItem", body: object{
		"RequestItems": object{s.table: object{"Keys": keys, "ConsistentRead": true}},
	}}
	s.capacity(r)
	return r
}
