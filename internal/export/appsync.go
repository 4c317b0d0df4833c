// Package export turns schema.graphqls into what AppSync, and those who speak to it, are given.
package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// AppSync merges the schema with the publishing mutation and writes it in AppSync's form: no directive definitions, no
// scalars (they are AppSync's own), no `extend`, no descriptions. What AppSync would refuse is an error.
func AppSync(schema, publish string) (string, error) {
	doc, err := parser.ParseSchemas(
		&ast.Source{Name: "schema.graphqls", Input: schema},
		&ast.Source{Name: "publish.graphqls", Input: publish},
	)
	if err != nil {
		return "", fmt.Errorf("parse schema: %w", err)
	}
	if err := merge(doc); err != nil {
		return "", err
	}
	if err := refuse(doc); err != nil {
		return "", err
	}
	doc.Directives = nil
	doc.Definitions = slices.DeleteFunc(doc.Definitions, func(d *ast.Definition) bool { return d.Kind == ast.Scalar })
	var out strings.Builder
	out.WriteString("# Written by `make generate` from schema.graphqls and appsync/publish.graphqls. Do not edit.\n\n")
	formatter.NewFormatter(&out, formatter.WithIndent("  "), formatter.WithoutDescription()).FormatSchemaDocument(doc)
	return out.String(), nil
}

// merge puts the fields of extensions where they belong.
func merge(doc *ast.SchemaDocument) error {
	var wrong error
	for _, ext := range doc.Extensions {
		base := doc.Definitions.ForName(ext.Name)
		switch {
		case base == nil:
			wrong = errors.Join(wrong, fmt.Errorf("extend type %s: there is no such type", ext.Name))
		case len(ext.Fields) == 0 || len(ext.Directives)+len(ext.Interfaces)+len(ext.Types)+len(ext.EnumValues) > 0:
			wrong = errors.Join(wrong, fmt.Errorf("extend %s: only fields can be added", ext.Name))
		default:
			base.Fields = append(base.Fields, ext.Fields...)
		}
	}
	doc.Extensions = nil
	return wrong
}
