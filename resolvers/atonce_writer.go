package resolvers

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/darkroom/darkroom/graph"
)

// selection is where what is selected comes from.
type selection struct {
	ctx    context.Context
	oc     *graphql.OperationContext
	images graph.ImageResolver
}

// writer writes a value of Go as one of GraphQL.
type writer[T any] func(out *bytes.Buffer, v *T) error

// object is a type of the schema, and what is known of its fields.
type object[T any] struct {
	name   string
	fields map[string]field[T]
}

// field is how a field is written, given what is selected of it; false when that cannot be done at once.
type field[T any] func(s selection, of ast.SelectionSet) (writer[T], bool)

// writer puts together how an object is written.
func (o *object[T]) writer(s selection, of ast.SelectionSet) (writer[T], bool) {
	selected := graphql.CollectFields(s.oc, of, []string{o.name})
	names := make([]string, len(selected))
	fields := make([]writer[T], len(selected))
	for n, f := range selected {
		known, ok := o.fields[f.Name]
		if f.Name == "__typename" {
			known, ok = always(func(*T) string { return o.name }, writeText), true
		}
		if !ok || f.IsDeferred() {
			return nil, false
		}
		if fields[n], ok = known(s, f.Selections); !ok {
			return nil, false
		}
		names[n] = `,"` + f.Alias + `":`
	}
	if len(names) > 0 {
		names[0] = names[0][1:]
	}
	return func(out *bytes.Buffer, v *T) error {
		out.WriteByte('{')
		for n, write := range fields {
			out.WriteString(names[n])
			if err := write(out, v); err != nil {
				return err
			}
		}
		out.WriteByte('}')
		return nil
	}, true
}

// always is a field that has a value.
func always[T, V any](value func(*T) V, write func(*bytes.Buffer, V)) field[T] {
	return plainly(func(out *bytes.Buffer, v *T) error {
		write(out, value(v))
		return nil
	})
}

// known is a field that is null where its value is zero.
func known[T any, V comparable](value func(*T) V, write func(*bytes.Buffer, V)) field[T] {
	var zero V
	return plainly(func(out *bytes.Buffer, v *T) error {
		if x := value(v); x != zero {
			write(out, x)
		} else {
			out.WriteString("null")
		}
		return nil
	})
}

// optional is a field that is null where its value is nil.
func optional[T, V any](value func(*T) *V, write func(*bytes.Buffer, V)) field[T] {
	return plainly(func(out *bytes.Buffer, v *T) error {
		if x := value(v); x != nil {
			write(out, *x)
		} else {
			out.WriteString("null")
		}
		return nil
	})
}

// dated is a field that is null where its time is zero.
func dated[T any](value func(*T) time.Time) field[T] {
	return plainly(func(out *bytes.Buffer, v *T) error {
		if at := value(v); !at.IsZero() {
			writeTime(out, at)
		} else {
			out.WriteString("null")
		}
		return nil
	})
}

// measured is a field that is null where its number is nil. What is no number has no JSON; gqlgen says so.
func measured[T any](value func(*T) *float64) field[T] {
	return plainly(func(out *bytes.Buffer, v *T) error {
		x := value(v)
		switch {
		case x == nil:
			out.WriteString("null")
		case math.IsNaN(*x) || math.IsInf(*x, 0):
			return fmt.Errorf("%g is not a number", *x)
		default:
			out.Write(strconv.AppendFloat(out.AvailableBuffer(), *x, 'g', -1, 64))
		}
		return nil
	})
}

func plainly[T any](w writer[T]) field[T] {
	return func(selection, ast.SelectionSet) (writer[T], bool) { return w, true }
}

// nested is a field that is an object, null where it is nil.
func nested[T, V any](o *object[V], value func(*T) *V) field[T] {
	return found(o, func(_ selection, v *T) (*V, error) { return value(v), nil })
}

// found is nested for a value that has to be made.
func found[T, V any](o *object[V], value func(selection, *T) (*V, error)) field[T] {
	return func(s selection, of ast.SelectionSet) (writer[T], bool) {
		write, ok := o.writer(s, of)
		return func(out *bytes.Buffer, v *T) error {
			x, err := value(s, v)
			if err != nil || x == nil {
				out.WriteString("null")
				return err
			}
			return write(out, x)
		}, ok
	}
}

// listed is a field that is a list of objects.
func listed[T, V any](o *object[V], values func(selection, *T) ([]V, error)) field[T] {
	return func(s selection, of ast.SelectionSet) (writer[T], bool) {
		write, ok := o.writer(s, of)
		return func(out *bytes.Buffer, v *T) error {
			all, err := values(s, v)
			out.WriteByte('[')
			for n := range all {
				if n > 0 {
					out.WriteByte(',')
				}
				if err == nil {
					err = write(out, &all[n])
				}
			}
			out.WriteByte(']')
			return err
		}, ok
	}
}
