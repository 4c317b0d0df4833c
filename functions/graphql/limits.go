package graphql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// shapeLimit refuses operations that are too deep, or too large once their fragments are spread. It looks at each
// fragment once, so it is quick where the operation is not: twenty fragments that each spread the next one twice make a
// million fields.
type shapeLimit struct {
	depth, fields int
	introspection bool // whether the schema may be asked for
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = shapeLimit{}

// ExtensionName names it to gqlgen.
func (shapeLimit) ExtensionName() string { return "ShapeLimit" }

// Validate has nothing to say of the schema.
func (shapeLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses the operation or lets it be.
func (l shapeLimit) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	m := measure{limit: l, fragments: map[string]shape{}}
	s := m.selections(o.Operation.SelectionSet)
	switch {
	case s.introspects && !l.introspection:
		return refused("INTROSPECTION_DISABLED", "the schema is not told here; it is in the documentation")
	case s.depth > l.depth:
		return refused("DEPTH_LIMIT_EXCEEDED", "operation is %d levels deep, which exceeds the limit of %d", s.depth, l.depth)
	case s.fields > l.fields:
		return refused("COMPLEXITY_LIMIT_EXCEEDED", "operation selects more than %d fields", l.fields)
	}
	return nil
}

func refused(code, format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	errcode.Set(err, code)
	return err
}

// shape is how deep a selection goes and how many fields it has; fields stops counting just past the limit.
type shape struct {
	depth, fields int
	introspects   bool
}

type measure struct {
	limit     shapeLimit
	fragments map[string]shape
}

func (m *measure) selections(set ast.SelectionSet) shape {
	var all shape
	for _, s := range set {
		one := m.selection(s)
		all.depth = max(all.depth, one.depth)
		all.introspects = all.introspects || one.introspects
		all.fields = min(all.fields+one.fields, m.limit.fields+1)
	}
	return all
}

func (m *measure) selection(s ast.Selection) shape {
	switch s := s.(type) {
	case *ast.Field:
		return m.field(s)
	case *ast.InlineFragment:
		return m.selections(s.SelectionSet)
	case *ast.FragmentSpread:
		return m.fragment(s.Definition)
	}
	return shape{}
}

// field measures a field and what is below it. In the schema, ofType is no depth: tools ask it nine times over, for lists
// of lists, and each time it is one object more at most. Types below types are bounded by the parser's own rule.
func (m *measure) field(f *ast.Field) shape {
	s := m.selections(f.SelectionSet)
	s.fields++
	s.introspects = s.introspects || f.Name == "__schema" || f.Name == "__type"
	if f.Name != "ofType" || f.ObjectDefinition == nil || f.ObjectDefinition.Name != "__Type" {
		s.depth++
	}
	return s
}

// fragment measures a fragment once. A validated document has no cycles.
func (m *measure) fragment(f *ast.FragmentDefinition) shape {
	if f == nil {
		return shape{}
	}
	known, ok := m.fragments[f.Name]
	if !ok {
		known = m.selections(f.SelectionSet)
		m.fragments[f.Name] = known
	}
	return known
}
