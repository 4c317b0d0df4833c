package dynamodb

import (
	"maps"
	"slices"
)

// parseProjection parses a projection expression; a nil source projects everything and is nil.
func parseProjection(source *string, given *placeholders) (*projection, *apiError) {
	if source == nil {
		return nil, nil
	}
	const title = "ProjectionExpression"
	paths, err := parse(title, *source, func(p *parser) []path {
		paths := []path{p.path()}
		for p.accept(",") {
			paths = append(paths, p.path())
		}
		return paths
	})
	if err != nil {
		return nil, err
	}
	for _, each := range paths {
		if err := each.checkReserved(); err != nil {
			return nil, titled(title, err)
		}
	}
	for _, each := range paths {
		if err := given.bindPath(each); err != nil {
			return nil, titled(title, err)
		}
	}
	if err := checkOverlap(paths); err != nil {
		return nil, titled(title, err)
	}
	return newProjection(paths), nil
}

// checkOverlap refuses two paths of which one leads through the other, or which disagree about what is a list.
func checkOverlap(paths []path) *apiError {
	for i, second := range paths {
		for _, first := range paths[:i] {
			if word := first.clash(second); word != "" {
				return invalid("Two document paths %s with each other; "+
					"must remove or rewrite one of these paths; path one: %s, path two: %s", word, first, second)
			}
		}
	}
	return nil
}

func (p path) clash(other path) string {
	for i := range min(len(p), len(other)) {
		if (p[i].index < 0) != (other[i].index < 0) {
			return "conflict"
		}
		if p[i] != other[i] {
			return ""
		}
	}
	return "overlap"
}

// projection is a tree of the paths to keep. A nil projection keeps all.
type projection struct {
	all     bool
	names   map[string]*projection
	indexes map[int]*projection
}

func newProjection(paths []path) *projection {
	root := &projection{}
	for _, each := range paths {
		at := root
		for _, s := range each {
			at = at.child(s)
		}
		at.all = true
	}
	return root
}

func (p *projection) child(s step) *projection {
	if p.names == nil {
		p.names, p.indexes = map[string]*projection{}, map[int]*projection{}
	}
	found := p.names[s.name]
	if s.index >= 0 {
		found = p.indexes[s.index]
	}
	if found == nil {
		found = &projection{}
	}
	if s.index >= 0 {
		p.indexes[s.index] = found
	} else {
		p.names[s.name] = found
	}
	return found
}

// of returns the parts of an item to keep. List elements keep their order and close ranks.
func (p *projection) of(it item) item {
	if p == nil || it == nil {
		return it
	}
	kept := make(item, len(p.names))
	for name, part := range p.names {
		if v, ok := it[name]; ok {
			if v, ok = part.ofValue(v); ok {
				kept[name] = v
			}
		}
	}
	return kept
}

// ofValue returns the parts of a value to keep, or false when it has none of them.
func (p *projection) ofValue(v value) (value, bool) {
	if p.all {
		return v, true
	}
	kept := value{kind: v.kind}
	switch v.kind {
	case kindM:
		kept.dict = p.of(v.dict)
	case kindL:
		for _, index := range slices.Sorted(maps.Keys(p.indexes)) {
			if index >= len(v.list) {
				break
			}
			if element, ok := p.indexes[index].ofValue(v.list[index]); ok {
				kept.list = append(kept.list, element)
			}
		}
	}
	return kept, len(kept.dict)+len(kept.list) > 0
}
