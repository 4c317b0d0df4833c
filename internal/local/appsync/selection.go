package appsync

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// selected is one key of a response: the fields that a document asks for under it, which are of one name.
type selected struct {
	key    string
	fields []*ast.Field
}

// field stands for all of them: their name and arguments are the same.
func (s selected) field() *ast.Field { return s.fields[0] }

// below is what is selected of the field's value.
func (s selected) below() []ast.SelectionSet {
	sets := make([]ast.SelectionSet, 0, len(s.fields))
	for _, f := range s.fields {
		sets = append(sets, f.SelectionSet)
	}
	return sets
}

// collector gathers the fields that selection sets ask of one object type, in the order of the document.
type collector struct {
	schema    *ast.Schema
	variables map[string]any
	object    *ast.Definition
	out       []selected
	at        map[string]int // index in out by key
	spread    map[string]bool
}

// collect resolves fragments, @skip and @include.
func collect(schema *ast.Schema, variables map[string]any, object *ast.Definition, sets []ast.SelectionSet) []selected {
	c := &collector{
		schema: schema, variables: variables, object: object,
		at: map[string]int{}, spread: map[string]bool{},
	}
	for _, set := range sets {
		c.add(set)
	}
	return c.out
}

func (c *collector) add(set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if c.included(s.Directives) {
				c.addField(s)
			}
		case *ast.InlineFragment:
			if c.included(s.Directives) && c.applies(s.TypeCondition) {
				c.add(s.SelectionSet)
			}
		case *ast.FragmentSpread:
			if !c.spread[s.Name] && c.included(s.Directives) && c.applies(s.Definition.TypeCondition) {
				c.spread[s.Name] = true
				c.add(s.Definition.SelectionSet)
			}
		}
	}
}

func (c *collector) addField(f *ast.Field) {
	key := f.Alias
	if key == "" {
		key = f.Name
	}
	if i, ok := c.at[key]; ok {
		c.out[i].fields = append(c.out[i].fields, f)
		return
	}
	c.at[key] = len(c.out)
	c.out = append(c.out, selected{key: key, fields: []*ast.Field{f}})
}

// included follows @skip and @include.
func (c *collector) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if d.Name != "skip" && d.Name != "include" {
			continue
		}
		condition, _, err := argument(d.Arguments.ForName("if"), c.variables)
		on, ok := condition.(bool)
		if err != nil || !ok || on != (d.Name == "include") {
			return false
		}
	}
	return true
}

// applies reports whether a fragment's type condition holds for the object.
func (c *collector) applies(condition string) bool {
	if condition == "" || condition == c.object.Name {
		return true
	}
	for _, possible := range c.schema.PossibleTypes[condition] {
		if possible.Name == c.object.Name {
			return true
		}
	}
	return false
}
