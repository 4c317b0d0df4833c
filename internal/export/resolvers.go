package export

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Resolvers lists the fields that functions/field answers on AppSync, as serverless.yml includes them: all of Query and
// Mutation, each by the one shared resolver.
func Resolvers(schema string) (string, error) {
	s, err := load(schema)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString(written)
	for _, root := range resolved(s) {
		for _, f := range own(root) {
			fmt.Fprintf(&out, "%s.%s: { kind: UNIT, dataSource: field, code: appsync/resolvers/field.js }\n", root.Name, f.Name)
		}
	}
	return out.String(), nil
}

// resolved are the roots whose fields are answered when they are asked for.
func resolved(s *ast.Schema) []*ast.Definition {
	return slices.DeleteFunc(roots(s), func(d *ast.Definition) bool { return d == s.Subscription })
}
