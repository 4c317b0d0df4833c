package dynamodb

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

// choose decides which attributes the page gives.
func (r *pageRequest) choose(p *page) *apiError {
	if err := r.checkSelect(); err != nil {
		return err
	}
	if p.visible == nil {
		return nil
	}
	missing := p.visible.lacks(p.projection)
	switch {
	case p.index.Local && (r.Select == "ALL_ATTRIBUTES" || len(missing) > 0):
		p.visible = nil // read from the table, as AWS does for local indexes
	case p.index.Local:
		return nil
	case r.Select == "ALL_ATTRIBUTES":
		return invalidParameter("Select type ALL_ATTRIBUTES is not supported for global secondary index %s "+
			"because its projection type is not ALL", p.index.Name)
	case len(missing) > 0:
		return invalidParameter("Global secondary index %s does not project [%s]",
			p.index.Name, strings.Join(missing, ", "))
	}
	return nil
}

// lacks names the attributes that another projection keeps and this one does not.
func (p *projection) lacks(wanted *projection) []string {
	if wanted == nil {
		return nil
	}
	missing := slices.Sorted(maps.Keys(wanted.names))
	return slices.DeleteFunc(missing, func(name string) bool { return p.names[name] != nil })
}

func (r *pageRequest) checkSelect() *apiError {
	given := r.ProjectionExpression != nil
	switch {
	case r.Select == "SPECIFIC_ATTRIBUTES" && !given:
		return invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get " +
			"SPECIFIC_ATTRIBUTES")
	case r.Select == "ALL_PROJECTED_ATTRIBUTES" && r.IndexName == nil:
		return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	case r.Select == "COUNT" && given:
		return invalid("Cannot specify the ProjectionExpression when choosing to get only the Count")
	case r.Select != "" && r.Select != "SPECIFIC_ATTRIBUTES" && given:
		return invalid("Cannot specify the ProjectionExpression when choosing to get %s", r.Select)
	}
	return nil
}

// start places the page after its exclusive start key, which must be a position that such a page can give.
func (r *pageRequest) start(p *page) *apiError {
	if r.ExclusiveStartKey == nil {
		return nil
	}
	position, err := r.ExclusiveStartKey.canonical()
	if err != nil {
		return invalid("The provided starting key is invalid: %s", err.message)
	}
	names := slices.Concat(p.table.Keys.list(), p.keys().list())
	slices.Sort(names)
	names = slices.Compact(names)
	if !slices.Equal(names, position.names()) {
		return invalid("The provided starting key is invalid")
	}
	for _, name := range names {
		v := position[name]
		if v.kind != p.table.keyKind(name) {
			return invalid("The provided starting key is invalid")
		}
		if err := checkKeyValue(name, v, name == p.table.Keys.Partition || name == p.keys().Partition); err != nil {
			return invalid("The provided starting key is invalid: %s", err.message)
		}
	}
	p.after = p.keyAt(position)
	if !p.scan && (bytes.Compare(p.after, p.low) < 0 || p.high != nil && bytes.Compare(p.after, p.high) >= 0) {
		return invalid("The provided starting key is outside query boundaries based on provided conditions")
	}
	return nil
}
