package conformance_test

import (
	"encoding/json"
	"reflect"
	"slices"
)

// object is a JSON object.
type object = map[string]any

// normal is the answer with its sets in order, and without what may differ: the words of errors.
func (a answer) normal() answer {
	a.body, _ = normal(a.body).(object)
	if a.kind != "" {
		delete(a.body, "message")
		delete(a.body, "Message")
		delete(a.body, "__type")
		reasons, _ := a.body["CancellationReasons"].([]any)
		for _, reason := range reasons {
			if r, ok := reason.(object); ok {
				said, _ := r["Message"].(string)
				a.message += "; " + said
				delete(r, "Message")
			}
		}
	}
	return a
}

func normal(v any) any {
	switch v := v.(type) {
	case object:
		for name, part := range v {
			if elements, ok := part.([]any); ok && len(v) == 1 && (name == "SS" || name == "NS" || name == "BS") {
				sortAny(elements)
			} else {
				v[name] = normal(part)
			}
		}
	case []any:
		for i, part := range v {
			v[i] = normal(part)
		}
	}
	return v
}

// sortAny puts JSON values in some order that is always the same.
func sortAny(values []any) {
	slices.SortFunc(values, func(x, y any) int { return slices.Compare(text(x), text(y)) })
}

func text(v any) []byte {
	raw, _ := json.Marshal(v) // it was JSON
	return raw
}

// add adds the items and counts of a following page.
func (a answer) add(page answer) {
	items, _ := a.body["Items"].([]any)
	more, _ := page.body["Items"].([]any)
	if len(more) > 0 {
		a.body["Items"] = append(items, more...)
	}
	for _, name := range []string{"Count", "ScannedCount"} {
		n, _ := a.body[name].(float64)
		m, _ := page.body[name].(float64)
		a.body[name] = n + m
	}
}

// sort puts items in an order that does not depend on how they are stored.
func (a answer) sort() {
	items, _ := a.body["Items"].([]any)
	for _, item := range items {
		normal(item)
	}
	sortAny(items)
}

// same tells whether two answers say the same: of errors, the same type.
func same(a, b answer) bool { return a.kind == b.kind && reflect.DeepEqual(a.body, b.body) }
