package appsync

import (
	"errors"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
)

const (
	maxTokens = 2_000 // of a document: validation takes time by the square of it, here half a second
	maxDepth  = 75    // of nested selections, AppSync's own
)

// graphRequest is the body of POST /graphql, and the data of a start frame.
type graphRequest struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// document is one validated operation with its coerced variables.
type document struct {
	operation *ast.OperationDefinition
	variables map[string]any
}

// parseDocument reads, validates and coerces. Its errors are for documentErrors.
func parseDocument(schema *ast.Schema, r graphRequest) (document, error) {
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: r.Query}, maxTokens)
	if err != nil {
		return document{}, err
	}
	if err := checkDepth(parsed); err != nil {
		return document{}, err
	}
	if list := validator.ValidateWithRules(schema, parsed, nil); len(list) > 0 {
		return document{}, list
	}
	operation := parsed.Operations.ForName(r.OperationName)
	if operation == nil {
		return document{}, errors.New("no operation, or several and none of them named in operationName")
	}
	variables, err := validator.VariableValues(schema, operation, r.Variables)
	if err != nil {
		return document{}, err
	}
	return document{operation: operation, variables: variables}, nil
}

// checkDepth bounds nesting before anything walks the document recursively. Fragments are looked at one by one, which
// is enough: there are no cycles among them, and no more of them than tokens.
func checkDepth(doc *ast.QueryDocument) error {
	var walk func(set ast.SelectionSet, depth int) error
	walk = func(set ast.SelectionSet, depth int) error {
		if depth > maxDepth {
			return gqlerror.Errorf("selections are nested more than %d deep", maxDepth)
		}
		for _, s := range set {
			var children ast.SelectionSet
			switch s := s.(type) {
			case *ast.Field:
				children = s.SelectionSet
			case *ast.InlineFragment:
				children = s.SelectionSet
			}
			if err := walk(children, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	for _, op := range doc.Operations {
		if err := walk(op.SelectionSet, 0); err != nil {
			return err
		}
	}
	for _, f := range doc.Fragments {
		if err := walk(f.SelectionSet, 0); err != nil {
			return err
		}
	}
	return nil
}

// arguments are a field's, with defaults. An argument that is left out, or given an absent variable, is absent; an
// explicit null is there and nil.
func arguments(field *ast.Field, variables map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for _, definition := range field.Definition.Arguments {
		value, given, err := argument(field.Arguments.ForName(definition.Name), variables)
		if err == nil && !given && definition.DefaultValue != nil {
			given = true
			value, err = definition.DefaultValue.Value(nil)
		}
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", definition.Name, err)
		}
		if given {
			out[definition.Name] = value
		}
	}
	return out, nil
}

func argument(a *ast.Argument, variables map[string]any) (value any, given bool, err error) {
	if a == nil {
		return nil, false, nil
	}
	if a.Value.Kind == ast.Variable {
		value, given = variables[a.Value.Raw]
		return value, given, nil
	}
	value, err = a.Value.Value(variables)
	return value, true, err
}
