// Package iam stands between a function and the engines as AWS's permissions do: what the function's role allows passes,
// anything else is refused as each service refuses it, and what a permission was used for is remembered.
package iam

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Call is what a request does, by the name of its permission, and to what.
type Call struct {
	Action   string // dynamodb:GetItem
	Resource string // an ARN
}

// Permission allows actions on resources; * stands for anything.
type Permission struct {
	Sid       string
	Actions   []string
	Resources []string
}

// Role is what a function may do.
type Role struct {
	Name        string
	permissions []Permission

	mu      sync.Mutex
	used    map[grant]bool
	refused map[Call]int
}

// grant is one action on one resource of a permission.
type grant struct{ sid, action, resource string }

// NewRole makes a role of its permissions.
func NewRole(name string, permissions []Permission) *Role {
	return &Role{Name: name, permissions: permissions, used: map[grant]bool{}, refused: map[Call]int{}}
}

// allow tells whether the role may do all of it, and remembers by which permission.
func (r *Role) allow(calls []Call) (denied Call, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var grants []grant
	for _, c := range calls {
		g, found := r.granting(c)
		if !found {
			r.refused[c]++
			return c, false
		}
		grants = append(grants, g)
	}
	for _, g := range grants {
		r.used[g] = true
	}
	return Call{}, true
}

func (r *Role) granting(c Call) (grant, bool) {
	for _, p := range r.permissions {
		for _, a := range p.Actions {
			for _, res := range p.Resources {
				if matches(a, c.Action) && matches(res, c.Resource) {
					return grant{p.Sid, a, res}, true
				}
			}
		}
	}
	return grant{}, false
}

// Refused lists what was tried and not allowed.
func (r *Role) Refused() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for c, n := range r.refused {
		all = append(all, fmt.Sprintf("%s on %s, %d times", c.Action, c.Resource, n))
	}
	slices.Sort(all)
	return all
}

// Unused lists what is allowed and was not done.
func (r *Role) Unused() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for _, p := range r.permissions {
		for _, a := range p.Actions {
			for _, res := range p.Resources {
				if !r.used[grant{p.Sid, a, res}] {
					all = append(all, fmt.Sprintf("%s on %s (statement %s)", a, res, p.Sid))
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// matches compares a text with a pattern in which * stands for any number of characters.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}
