// Package serverless reads serverless.yml: what it says of functions, their events and their roles, with the references of
// CloudFormation in it kept, until somebody names what they stand for.
package serverless

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// File is a serverless.yml: maps, lists and scalars, and Calls.
type File struct {
	root map[string]any
	dir  string
}

// Call is one of CloudFormation's functions, such as !Ref UploadBucket.
type Call struct {
	Function string // Ref, GetAtt, Sub, …
	Argument any
}

// Read reads a file and those that it includes.
func Read(path string) (File, error) {
	root, err := read(path)
	if err != nil {
		return File{}, err
	}
	m, ok := root.(map[string]any)
	if !ok {
		return File{}, fmt.Errorf("read %s: it is no mapping", path)
	}
	f := File{root: m, dir: filepath.Dir(path)}
	included, err := f.include(m)
	if err != nil {
		return File{}, err
	}
	f.root = included.(map[string]any)
	return f, nil
}

func read(path string) (any, error) {
	parsed, err := parser.ParseFile(path, 0)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(parsed.Docs) != 1 {
		return nil, fmt.Errorf("read %s: it has %d documents", path, len(parsed.Docs))
	}
	d := decoder{anchors: map[string]any{}}
	v := d.value(parsed.Docs[0].Body)
	if d.err != nil {
		return nil, fmt.Errorf("read %s: %w", path, d.err)
	}
	return v, nil
}

var included = regexp.MustCompile(`^\$\{file\(([^)]+)\)(?::([\w.-]+))?\}$`)

// include puts the content of ${file(PATH):KEY} in its place. What is no YAML is a text.
func (f File) include(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case map[string]any:
		for name, child := range v {
			if v[name], err = f.include(child); err != nil {
				return nil, err
			}
		}
	case []any:
		for n, child := range v {
			if v[n], err = f.include(child); err != nil {
				return nil, err
			}
		}
	case Call:
		v.Argument, err = f.include(v.Argument)
		return v, err
	case string:
		if m := included.FindStringSubmatch(strings.TrimSpace(v)); m != nil {
			return f.file(filepath.Join(f.dir, m[1]), m[2])
		}
	}
	return v, nil
}

func (f File) file(path, key string) (any, error) {
	if ext := filepath.Ext(path); ext != ".yml" && ext != ".yaml" && ext != ".json" {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("include: %w", err)
		}
		return string(text), nil
	}
	v, err := read(path)
	if err != nil {
		return nil, err
	}
	if key != "" {
		v = At(v, strings.Split(key, ".")...)
	}
	return f.include(v)
}

// At answers what lies at a path of keys; nil if nothing does.
func (f File) At(path ...string) any { return At(f.root, path...) }

// At answers what lies at a path of keys of a value.
func At(v any, path ...string) any {
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// decoder turns YAML's nodes into values.
type decoder struct {
	anchors map[string]any
	err     error
}

func (d *decoder) value(n ast.Node) any {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.MappingNode:
		m := map[string]any{}
		for _, v := range n.Values {
			d.entry(m, v)
		}
		return m
	case *ast.MappingValueNode: // a mapping of one entry
		m := map[string]any{}
		d.entry(m, n)
		return m
	case *ast.SequenceNode:
		list := make([]any, 0, len(n.Values))
		for _, v := range n.Values {
			list = append(list, d.value(v))
		}
		return list
	case *ast.AnchorNode:
		v := d.value(n.Value)
		d.anchors[n.Name.GetToken().Value] = v
		return v
	case *ast.AliasNode:
		v, ok := d.anchors[n.Value.GetToken().Value]
		if !ok {
			d.err = fmt.Errorf("unknown alias %s", n)
		}
		return copied(v)
	case *ast.TagNode:
		return Call{Function: strings.TrimPrefix(n.Start.Value, "!"), Argument: d.value(n.Value)}
	case *ast.LiteralNode:
		return n.Value.Value
	case ast.ScalarNode:
		return n.GetValue()
	}
	d.err = fmt.Errorf("%s is not understood", n)
	return nil
}

func (d *decoder) entry(m map[string]any, n *ast.MappingValueNode) {
	if n.Key.IsMergeKey() {
		merged, _ := d.value(n.Value).(map[string]any)
		for name, v := range merged {
			if _, there := m[name]; !there {
				m[name] = v
			}
		}
		return
	}
	name := n.Key.GetToken().Value
	v := d.value(n.Value)
	if m2, ok := v.(map[string]any); ok && len(m2) == 1 {
		v = asCall(m2)
	}
	m[name] = v
}

// asCall reads the long form of a function, {"Fn::GetAtt": …}.
func asCall(m map[string]any) any {
	for name, v := range m {
		if short, ok := strings.CutPrefix(name, "Fn::"); ok {
			return Call{Function: short, Argument: v}
		} else if name == "Ref" {
			return Call{Function: name, Argument: v}
		}
	}
	return m
}

// copied keeps what is included twice from being changed twice.
func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, child := range v {
			m[name] = copied(child)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for n, child := range v {
			list[n] = copied(child)
		}
		return list
	}
	return v
}
