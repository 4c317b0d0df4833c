package gateway

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

const (
	anyMethod   = "ANY"
	defaultPath = "$default"
)

// route is a Route with its path taken apart.
type route struct {
	Route
	segments []segment
}

// segment is one part of a path between slashes. Its kinds are ordered by how much they let through.
type segment struct {
	kind segmentKind
	text string // what a plain one must be, the name of a parameter otherwise
}

type segmentKind int

const (
	plain segmentKind = iota
	one
	greedy
	everything // the whole of $default
)

// sorted takes the routes apart and orders them so that the first that matches is the most specific.
func sorted(routes []Route) []route {
	out := make([]route, 0, len(routes))
	for _, r := range routes {
		if r.Method == "" {
			r.Method = anyMethod
		}
		out = append(out, route{Route: r, segments: segmentsOf(r.Path)})
	}
	slices.SortStableFunc(out, func(a, b route) int {
		bySegment := slices.CompareFunc(a.segments, b.segments, func(a, b segment) int { return cmp.Compare(a.kind, b.kind) })
		return cmp.Or(bySegment, cmp.Compare(rank(a.Method), rank(b.Method)))
	})
	return out
}

func rank(method string) int {
	if method == anyMethod {
		return 1
	}
	return 0
}

func segmentsOf(path string) []segment {
	if path == defaultPath {
		return []segment{{kind: everything}}
	}
	var out []segment
	for text := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		name, isParameter := strings.CutPrefix(text, "{")
		switch {
		case isParameter && strings.HasSuffix(name, "+}"):
			out = append(out, segment{greedy, strings.TrimSuffix(name, "+}")})
		case isParameter && strings.HasSuffix(name, "}"):
			out = append(out, segment{one, strings.TrimSuffix(name, "}")})
		default:
			out = append(out, segment{plain, text})
		}
	}
	return out
}

// key is the route as AWS names it in events: "POST /graphql", or $default.
func (r *route) key() string {
	if r.Path == defaultPath {
		return defaultPath
	}
	return r.Method + " " + r.Path
}

// match returns the route of a request, nil when there is none, and the decoded parameters in its path. The path is split
// before it is decoded, so that an encoded slash stays inside its part; dots are not cleaned and slashes not forgiven, as
// on AWS.
func match(routes []route, method, escapedPath string) (*route, map[string]string) {
	rest, rooted := strings.CutPrefix(escapedPath, "/")
	if !rooted {
		return nil, nil
	}
	parts := strings.Split(rest, "/")
	for i, part := range parts {
		text, err := url.PathUnescape(part)
		if err != nil {
			return nil, nil
		}
		parts[i] = text
	}
	for i := range routes {
		r := &routes[i]
		if r.Method != anyMethod && r.Method != method {
			continue
		}
		if parameters, ok := r.take(parts); ok {
			return r, parameters
		}
	}
	return nil, nil
}

// take matches the parts of a path with the route's segments.
func (r *route) take(parts []string) (map[string]string, bool) {
	var parameters map[string]string
	set := func(name, value string) {
		if parameters == nil {
			parameters = make(map[string]string)
		}
		parameters[name] = value
	}
	for i, s := range r.segments {
		switch {
		case s.kind == everything:
			return nil, true
		case i >= len(parts):
			return nil, false
		case s.kind == greedy:
			value := strings.Join(parts[i:], "/")
			set(s.text, value)
			return parameters, value != ""
		case s.kind == one && parts[i] != "":
			set(s.text, parts[i])
		case s.kind != plain || s.text != parts[i]:
			return nil, false
		}
	}
	return parameters, len(parts) == len(r.segments)
}
