// Package export turns schema.graphqls into what AppSync accepts.
package export

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
)

// AppSync merges the schema with the publishing mutation and writes it in AppSync's form: no directive definitions, no
// scalars (they are AppSync's own), no `extend`, no descriptions.
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
	doc.Directives = nil
	doc.Definitions = accepted(doc.Definitions)
	var out strings.Builder
	out.WriteString("# Written by `make generate` from schema.graphqls and appsync/publish.graphqls. Do not edit.\n\n")
	formatter.NewFormatter(&out, formatter.WithIndent("  "), formatter.WithoutDescription()).FormatSchemaDocument(doc)
	return out.String(), nil
}

// merge puts the fields of extensions where they belong.
func merge(doc *ast.SchemaDocument) error {
	for _, ext := range doc.Extensions {
		base := doc.Definitions.ForName(ext.Name)
		if base == nil {
			return fmt.Errorf("extend type %s: there is no such type", ext.Name)
		}
		base.Fields = append(base.Fields, ext.Fields...)
	}
	doc.Extensions = nil
	return nil
}

func accepted(all ast.DefinitionList) ast.DefinitionList {
	var kept ast.DefinitionList
	for _, d := range all {
		if d.Kind != ast.Scalar {
			kept = append(kept, d)
		}
	}
	return kept
}
