package appsync

import (
	"encoding/json"
	"fmt"
	"strings"
)

// AppSync's documented bounds of a subscription filter.
const (
	maxFilterGroups  = 10
	maxFilterFields  = 10
	maxFieldDepth    = 5
	maxFieldLength   = 256
	maxInValues      = 5
	maxContainsAnyOf = 20
)

// filter is what a subscription's resolver set with extensions.setSubscriptionFilter: an event passes where every
// condition of any one group holds. No group at all lets nothing pass.
type filter struct {
	groups [][]condition
}

// condition compares one field of an event.
type condition struct {
	path  []string // one name a level
	match matcher
}

// parseFilter reads a filter as the resolver wrote it. A filter that says anything unclear is refused as a whole, since
// leaving a condition out would show events to the wrong subscriber.
func parseFilter(raw []byte) (*filter, error) {
	var wire struct {
		FilterGroup []struct {
			Filters []struct {
				FieldName string          `json:"fieldName"`
				Operator  string          `json:"operator"`
				Value     json.RawMessage `json:"value"`
			} `json:"filters"`
		} `json:"filterGroup"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return nil, fmt.Errorf("read subscription filter: %w", err)
	}
	if wire.FilterGroup == nil || len(wire.FilterGroup) > maxFilterGroups {
		return nil, fmt.Errorf("subscription filter: wants a filterGroup of at most %d", maxFilterGroups)
	}
	out := &filter{}
	for _, group := range wire.FilterGroup {
		if n := len(group.Filters); n == 0 || n > maxFilterFields {
			return nil, fmt.Errorf("subscription filter: a group of %d filters: 1 to %d", n, maxFilterFields)
		}
		var all []condition
		for _, f := range group.Filters {
			c, err := parseCondition(f.FieldName, f.Operator, f.Value)
			if err != nil {
				return nil, fmt.Errorf("subscription filter %s %s: %w", f.FieldName, f.Operator, err)
			}
			all = append(all, c)
		}
		out.groups = append(out.groups, all)
	}
	return out, nil
}

func parseCondition(field, operator string, raw json.RawMessage) (condition, error) {
	path := strings.Split(field, ".")
	if field == "" || len(field) > maxFieldLength || len(path) > maxFieldDepth {
		return condition{}, fmt.Errorf("a field of 1 to %d characters, at most %d levels", maxFieldLength, maxFieldDepth)
	}
	if raw == nil {
		return condition{}, fmt.Errorf("no value: it was undefined in the resolver")
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return condition{}, fmt.Errorf("read value: %w", err)
	}
	match, err := operatorFor(operator, value)
	return condition{path: path, match: match}, err
}

// matches reports whether an event passes.
func (f *filter) matches(event map[string]any) bool {
	for _, group := range f.groups {
		if holdAll(group, event) {
			return true
		}
	}
	return false
}

func holdAll(group []condition, event map[string]any) bool {
	for _, c := range group {
		if !c.match(fieldAt(event, c.path)) {
			return false
		}
	}
	return true
}

// fieldAt is the value at a path, nil where there is none.
func fieldAt(event map[string]any, path []string) any {
	var at any = event
	for _, name := range path {
		level, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = level[name]
	}
	return at
}
