package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// maxDepth bounds how deep a value of the schema may nest: `images { edges { node { capture { location { latitude`.
const maxDepth = 8

// load reads the schema, and holds it to the rules by which one canonical document for each root field can stand for any
// that a client writes.
func load(schema string) (*ast.Schema, error) {
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: schema})
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	w := walk{schema: s, done: map[string]bool{}}
	for _, root := range roots(s) {
		for _, f := range own(root) {
			w.into(f.Type.Name(), []string{root.Name + "." + f.Name})
		}
	}
	return s, w.wrong
}

// roots are Query, Mutation and Subscription, as far as there are.
func roots(s *ast.Schema) []*ast.Definition {
	all := []*ast.Definition{s.Query, s.Mutation, s.Subscription}
	return slices.DeleteFunc(all, func(d *ast.Definition) bool { return d == nil })
}

// own are a root's fields but introspection's.
func own(root *ast.Definition) ast.FieldList {
	return slices.DeleteFunc(slices.Clone(root.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

// walk visits what can be selected. AppSync looks a selected field up by its name, so below a root field
//   - a field takes no arguments: two aliases of it would be one value;
//   - a type never contains itself: nothing could select everything;
//   - fields of one name have one type in all members of a union: one document selects them side by side.
type walk struct {
	schema *ast.Schema
	done   map[string]bool
	wrong  error
}

func (w *walk) into(name string, path []string) {
	d := w.schema.Types[name]
	switch {
	case d == nil || d.IsLeafType():
		return
	case slices.Contains(path, name):
		w.refuse("%s: it contains itself", strings.Join(append(path, name), " → "))
		return
	case len(path) > maxDepth:
		w.refuse("%s: it is deeper than %d", strings.Join(path, " → "), maxDepth)
		return
	}
	path = append(slices.Clone(path), name)
	first := !w.done[name]
	w.done[name] = true
	if d.IsAbstractType() && first {
		w.members(d)
	}
	for _, f := range d.Fields {
		if len(f.Arguments) > 0 && first {
			w.refuse("%s.%s: only root fields take arguments", name, f.Name)
		}
		w.into(f.Type.Name(), path)
	}
	for _, member := range members(w.schema, d) {
		w.into(member.Name, path)
	}
}

// members compares the fields of a union's members, or of an interface's implementations.
func (w *walk) members(d *ast.Definition) {
	known := map[string]string{}
	for _, member := range members(w.schema, d) {
		for _, f := range member.Fields {
			if t, ok := known[f.Name]; ok && t != f.Type.String() {
				w.refuse("%s: its members have a field %s of the types %s and %s", d.Name, f.Name, t, f.Type)
			}
			known[f.Name] = f.Type.String()
		}
	}
}

func (w *walk) refuse(format string, args ...any) {
	w.wrong = errors.Join(w.wrong, fmt.Errorf(format, args...))
}

// members are the object types that an abstract type may be, in one order.
func members(s *ast.Schema, d *ast.Definition) []*ast.Definition {
	if !d.IsAbstractType() {
		return nil
	}
	all := slices.Clone(s.PossibleTypes[d.Name])
	slices.SortFunc(all, func(a, b *ast.Definition) int { return strings.Compare(a.Name, b.Name) })
	return all
}
