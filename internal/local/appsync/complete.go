package appsync

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// object is a JSON object that keeps the order of the selection.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, part := range []any{m.key, m.value} {
			if j > 0 {
				b.WriteByte(':')
			}
			text, err := json.Marshal(part)
			if err != nil {
				return nil, fmt.Errorf("write %s: %w", m.key, err)
			}
			b.Write(text)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// completion shapes values as a selection and the schema demand, and gathers what is wrong on the way.
type completion struct {
	schema    *ast.Schema
	variables map[string]any
	who       identity
	errors    []*graphError
}

// value completes one value of a type. It is not ok where the type is non-null and there is no value: then the parent
// has none either.
func (c *completion) value(t *ast.Type, s selected, parent string, raw any, path []any) (any, bool) {
	if raw == nil {
		if t.NonNull {
			c.fail(path, "Cannot return null for non-nullable type: '%s' within parent '%s' (%s)", t.Name(), parent,
				slashed(path))
		}
		return nil, !t.NonNull
	}
	if t.Elem != nil {
		return c.list(t, s, parent, raw, path)
	}
	definition := c.schema.Types[t.NamedType]
	switch definition.Kind {
	case ast.Scalar, ast.Enum:
		out, err := serialize(definition, raw)
		if err != nil {
			c.fail(path, "Can't serialize value (%s) : %s", slashed(path), err)
			return nil, !t.NonNull
		}
		return out, true
	}
	fields, ok := raw.(map[string]any)
	if definition = c.concrete(definition, fields); !ok || definition == nil {
		c.fail(path, "Can't resolve value (%s) : type mismatch error, expected type OBJECT", slashed(path))
		return nil, !t.NonNull
	}
	out, ok := c.object(definition, s.below(), fields, path)
	if !ok {
		return nil, !t.NonNull
	}
	return out, true
}

func (c *completion) list(t *ast.Type, s selected, parent string, raw any, path []any) (any, bool) {
	items, ok := raw.([]any)
	if !ok {
		c.fail(path, "Can't resolve value (%s) : type mismatch error, expected type LIST", slashed(path))
		return nil, !t.NonNull
	}
	out := make([]any, 0, len(items))
	for i, item := range items {
		value, ok := c.value(t.Elem, s, parent, item, append(path, i))
		if !ok {
			return nil, !t.NonNull
		}
		out = append(out, value)
	}
	return out, true
}

// object completes every selected field of an object.
func (c *completion) object(d *ast.Definition, sets []ast.SelectionSet, raw map[string]any, path []any) (object, bool) {
	out := object{}
	for _, s := range collect(c.schema, c.variables, d, sets) {
		value, ok := c.field(d, s, raw, append(path, s.key))
		if !ok {
			return nil, false
		}
		out = append(out, member{s.key, value})
	}
	return out, true
}

func (c *completion) field(d *ast.Definition, s selected, raw map[string]any, path []any) (any, bool) {
	field := s.field()
	if field.Name == "__typename" {
		return d.Name, true
	}
	if !authorized(c.who, d, field.Definition) {
		c.errors = append(c.errors, notAuthorized(d.Name, field.Name).at(path, field))
		return nil, !field.Definition.Type.NonNull
	}
	return c.value(field.Definition.Type, s, d.Name, raw[field.Name], path)
}

// concrete is the object type of a value: of an interface or union it is what the value calls itself, or nil.
func (c *completion) concrete(d *ast.Definition, raw map[string]any) *ast.Definition {
	if d.Kind == ast.Object {
		return d
	}
	name, _ := raw["__typename"].(string)
	for _, possible := range c.schema.PossibleTypes[d.Name] {
		if possible.Name == name {
			return possible
		}
	}
	return nil
}

// visible cuts a mutation's result down to what its caller selected and may see, under the fields' own names: this, and
// nothing more, is what subscribers' selections and filters find in the event.
func (c *completion) visible(d *ast.Definition, sets []ast.SelectionSet, raw map[string]any) map[string]any {
	below := map[string][]ast.SelectionSet{}
	for _, s := range collect(c.schema, c.variables, d, sets) {
		field := s.field()
		if field.Name != "__typename" && authorized(c.who, d, field.Definition) {
			below[field.Name] = append(below[field.Name], s.below()...)
		}
	}
	out := map[string]any{}
	if name, ok := raw["__typename"]; ok {
		out["__typename"] = name
	}
	for name, sets := range below {
		out[name] = c.visibleValue(d.Fields.ForName(name).Type, sets, raw[name])
	}
	return out
}

func (c *completion) visibleValue(t *ast.Type, sets []ast.SelectionSet, raw any) any {
	switch value := raw.(type) {
	case []any:
		out := make([]any, 0, len(value))
		for _, item := range value {
			out = append(out, c.visibleValue(t, sets, item))
		}
		return out
	case map[string]any:
		definition := c.schema.Types[t.Name()]
		if definition.Kind == ast.Scalar {
			return value
		}
		if definition = c.concrete(definition, value); definition != nil {
			return c.visible(definition, sets, value)
		}
		return nil
	}
	return raw
}

// fail notes an error that has neither a type nor a place in the document.
func (c *completion) fail(path []any, format string, args ...any) {
	e := &graphError{Message: fmt.Sprintf(format, args...)}
	c.errors = append(c.errors, e.at(path, nil))
}

// slashed writes a path as AppSync's messages do: /publishImageEvent/id, /images[0]/id.
func slashed(path []any) string {
	var b strings.Builder
	for _, p := range path {
		if i, ok := p.(int); ok {
			fmt.Fprintf(&b, "[%d]", i)
			continue
		}
		fmt.Fprintf(&b, "/%v", p)
	}
	return b.String()
}
