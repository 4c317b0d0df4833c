package appsync

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

//go:embed prelude.graphqls
var prelude string

// loadSchema reads SDL in AppSync's form: what AppSync provides itself is not declared in it.
func loadSchema(sdl string) (*ast.Schema, error) {
	schema, err := gqlparser.LoadSchema(
		&ast.Source{Name: "AppSync's own", Input: prelude, BuiltIn: true},
		&ast.Source{Name: "schema.graphql", Input: sdl},
	)
	if err != nil {
		return nil, fmt.Errorf("read AppSync schema: %w", err)
	}
	return schema, nil
}

// subscribers maps a mutation's field to the subscription fields that it fires, from @aws_subscribe. AppSync rejects a
// schema where the two return different types, and so does this.
func subscribers(schema *ast.Schema) (map[string][]string, error) {
	fires := map[string][]string{}
	if schema.Subscription == nil {
		return fires, nil
	}
	for _, field := range schema.Subscription.Fields {
		directive := field.Directives.ForName("aws_subscribe")
		if directive == nil {
			continue
		}
		for _, name := range directiveList(directive, "mutations") {
			var mutation *ast.FieldDefinition
			if schema.Mutation != nil {
				mutation = schema.Mutation.Fields.ForName(name)
			}
			if mutation == nil || mutation.Type.Name() != field.Type.Name() {
				return nil, fmt.Errorf("read AppSync schema: Subscription.%s: no mutation %q returns %s", field.Name, name,
					field.Type.Name())
			}
			fires[name] = append(fires[name], field.Name)
		}
	}
	return fires, nil
}

// directiveList is a directive's argument, a list of strings; nil where it is left out.
func directiveList(d *ast.Directive, argument string) []string {
	arg := d.Arguments.ForName(argument)
	if arg == nil {
		return nil
	}
	var out []string
	for _, child := range arg.Value.Children {
		out = append(out, child.Value.Raw)
	}
	return out
}

// authorized reports whether a caller may use a field. AppSync takes the field's own directives, else those of its
// type, else the API's default mode, which here is the user pool.
func authorized(who identity, parent *ast.Definition, field *ast.FieldDefinition) bool {
	for _, directives := range []ast.DirectiveList{field.Directives, parent.Directives} {
		if decided, ok := allows(who, directives); decided {
			return ok
		}
	}
	return who.mode == modeUserPool
}

// allows reports whether directives speak of authorization at all, and if so, whether one of them lets the caller in.
func allows(who identity, directives ast.DirectiveList) (decided, ok bool) {
	for _, d := range directives {
		switch d.Name {
		case "aws_iam":
			ok = ok || who.mode == modeIAM
		case "aws_cognito_user_pools", "aws_auth":
			ok = ok || who.mode == modeUserPool && inGroup(who.groups, directiveList(d, "cognito_groups"))
		case "aws_api_key", "aws_oidc", "aws_lambda":
			// Modes that nobody can authenticate with here.
		default:
			continue
		}
		decided = true
	}
	return decided, ok
}

// inGroup reports whether a user is in one of the wanted groups; everybody is where none is named.
func inGroup(groups, wanted []string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(wanted, g) })
}

// rootFields lists the fields of Query and Mutation as "TypeName.fieldName", introspection apart.
func rootFields(schema *ast.Schema) []string {
	var all []string
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
		if root == nil {
			continue
		}
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") {
				all = append(all, root.Name+"."+f.Name)
			}
		}
	}
	return all
}

// hasField reports whether the schema has a "TypeName.fieldName".
func hasField(schema *ast.Schema, name string) bool {
	typeName, fieldName, _ := strings.Cut(name, ".")
	parent := schema.Types[typeName]
	return parent != nil && parent.Fields.ForName(fieldName) != nil
}
