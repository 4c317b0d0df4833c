package export

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

const written = "# Written by `make generate` from schema.graphqls. Do not edit.\n"

// Documents writes one operation for each field of Query and Mutation, named TypeName_fieldName: it takes the field's
// arguments as variables of the same names and selects everything.
func Documents(schema string) (string, error) {
	s, err := load(schema)
	if err != nil {
		return "", err
	}
	w := writer{schema: s}
	w.line(written)
	for _, root := range resolved(s) {
		for _, f := range own(root) {
			w.operation(root, root.Name+"_"+f.Name, f)
		}
	}
	w.fragments()
	return strings.TrimSpace(w.out.String()) + "\n", nil
}

// Publisher writes the document of the publishing mutation. It selects everything: subscribers get only what the
// publisher selected.
func Publisher(schema, publish string) (string, error) {
	s, err := load(schema)
	if err != nil {
		return "", err
	}
	doc, err := parser.ParseSchema(&ast.Source{Name: "publish.graphqls", Input: publish})
	if err != nil {
		return "", fmt.Errorf("parse publishing mutation: %w", err)
	}
	extension := doc.Extensions.ForName("Mutation")
	if extension == nil || len(extension.Fields) != 1 {
		return "", errors.New("publish.graphqls must extend Mutation by one field")
	}
	w := writer{schema: s}
	w.line(written)
	w.operation(s.Mutation, "Publish", extension.Fields[0])
	w.fragments()
	return strings.TrimSpace(w.out.String()) + "\n", nil
}

// writer writes a document. Each object type is one fragment, so that a new field is one new line.
type writer struct {
	schema *ast.Schema
	out    strings.Builder
	wanted []string // fragments, in the order of their first use
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.out, format+"\n", args...) }

func (w *writer) operation(root *ast.Definition, name string, f *ast.FieldDefinition) {
	var variables, arguments []string
	for _, a := range f.Arguments {
		variables = append(variables, "$"+a.Name+": "+a.Type.String())
		arguments = append(arguments, a.Name+": $"+a.Name)
	}
	w.line("%s %s%s {\n  %s%s%s\n}\n", strings.ToLower(root.Name), name, listed(variables), f.Name, listed(arguments),
		w.selection(f.Type))
}

func listed(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "(" + strings.Join(items, ", ") + ")"
}

// selection is what follows the name of a field: the fragments of what it may be. A union also says which it is, or
// AppSync could not tell.
func (w *writer) selection(t *ast.Type) string {
	d := w.schema.Types[t.Name()]
	switch {
	case d == nil || d.IsLeafType():
		return ""
	case d.IsAbstractType():
		out := " { __typename"
		for _, member := range members(w.schema, d) {
			out += " " + w.spread(member.Name)
		}
		return out + " }"
	}
	return " { " + w.spread(d.Name) + " }"
}

func (w *writer) spread(name string) string {
	for _, known := range w.wanted {
		if known == name {
			return "..." + name
		}
	}
	w.wanted = append(w.wanted, name)
	return "..." + name
}

// fragments writes those wanted, and those that they want.
func (w *writer) fragments() {
	for n := 0; n < len(w.wanted); n++ {
		w.line("fragment %s on %s {", w.wanted[n], w.wanted[n])
		for _, f := range w.schema.Types[w.wanted[n]].Fields {
			w.line("  %s%s", f.Name, w.selection(f.Type))
		}
		w.line("}\n")
	}
}
