package serverless

import (
	"fmt"
	"maps"
	"slices"
)

// Function is one of the functions, as far as its binary and its role are concerned.
type Function struct {
	Name        string
	Timeout     int // seconds
	Memory      int // MB
	Role        string
	Environment map[string]any
	Events      []Event
}

// Event is what starts a function: its kind, sqs or stream or another, and what is said of it.
type Event struct {
	Kind string
	Of   any
}

// Functions lists all functions by name.
func (f File) Functions() []Function {
	all, _ := f.At("functions").(map[string]any)
	var functions []Function
	for _, name := range slices.Sorted(maps.Keys(all)) {
		functions = append(functions, Function{
			Name: name, Timeout: whole(At(all[name], "timeout")), Memory: whole(At(all[name], "memorySize")),
			Role: fmt.Sprint(At(all[name], "role")), Environment: mapping(At(all[name], "environment")),
			Events: events(At(all[name], "events")),
		})
	}
	return functions
}

func events(v any) []Event {
	list, _ := v.([]any)
	var all []Event
	for _, e := range list {
		for kind, of := range mapping(e) {
			all = append(all, Event{Kind: kind, Of: of})
		}
	}
	return all
}

// At answers what lies at a path of keys of an event.
func (e Event) At(path ...string) any { return At(e.Of, path...) }

// Resource answers a resource of CloudFormation by its name; nil if there is none.
func (f File) Resource(name string) any {
	if list, ok := f.At("resources").([]any); ok {
		for _, part := range list {
			if r := At(part, "Resources", name); r != nil {
				return r
			}
		}
	}
	return f.At("resources", "Resources", name)
}

// Statement is one of a role's policies: it allows actions on resources.
type Statement struct {
	Sid       string
	Actions   []string
	Resources []string // with what references stand for
}

// Role answers the statements of a function's role: its own, and those of policies that are given to it.
func (f File) Role(fn Function, names Names) ([]Statement, error) {
	documents, _ := At(f.Resource(fn.Role), "Properties", "Policies").([]any)
	if len(documents) == 0 {
		return nil, fmt.Errorf("function %s: role %s has no policies", fn.Name, fn.Role)
	}
	all, _ := f.At("resources", "Resources").(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if given(all[name], fn.Role, names) {
			documents = append(slices.Clone(documents), At(all[name], "Properties"))
		}
	}
	var statements []Statement
	for _, d := range documents {
		for _, s := range list(At(d, "PolicyDocument", "Statement")) {
			statement, err := f.statement(s, names)
			if err != nil {
				return nil, fmt.Errorf("role %s: %w", fn.Role, err)
			}
			statements = append(statements, statement)
		}
	}
	return statements, nil
}

// given tells whether a resource is a policy of a role, and its condition holds.
func given(resource any, role string, names Names) bool {
	if At(resource, "Type") != "AWS::IAM::Policy" {
		return false
	}
	if condition := At(resource, "Condition"); condition != nil && names[fmt.Sprint(condition)] != "true" {
		return false
	}
	return slices.Contains(list(At(resource, "Properties", "Roles")), any(Call{Function: "Ref", Argument: role}))
}

// statement reads one that allows something without conditions; others are refused, not guessed at.
func (f File) statement(v any, names Names) (Statement, error) {
	m := mapping(v)
	s := Statement{Sid: fmt.Sprint(m["Sid"])}
	for key := range m {
		if !slices.Contains([]string{"Sid", "Effect", "Action", "Resource"}, key) {
			return s, fmt.Errorf("statement %s has a %s, which nobody here understands", s.Sid, key)
		}
	}
	if m["Effect"] != "Allow" {
		return s, fmt.Errorf("statement %s does not allow", s.Sid)
	}
	for _, a := range list(m["Action"]) {
		s.Actions = append(s.Actions, fmt.Sprint(a))
	}
	for _, r := range list(m["Resource"]) {
		text, err := f.Text(r, names)
		if err != nil {
			return s, fmt.Errorf("statement %s: %w", s.Sid, err)
		}
		s.Resources = append(s.Resources, text)
	}
	return s, nil
}

// list is a list, or a single value as one.
func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

func mapping(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// whole is a whole number; 0 where there is none.
func whole(v any) int {
	switch n := v.(type) {
	case uint64:
		return int(n)
	case int64:
		return int(n)
	}
	return 0
}
