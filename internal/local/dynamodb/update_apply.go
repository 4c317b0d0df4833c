package dynamodb

import (
	"cmp"
	"slices"
)

func wrongOperand() *apiError {
	return invalid("An operand in the update expression has an incorrect data type")
}

// apply changes a copy of an item. Every operand is read from the item as it was before.
func (u update) apply(before item) (item, *apiError) {
	values := make([]value, len(u.actions))
	for i, a := range u.actions {
		if a.section != "SET" {
			continue
		}
		v, err := a.value.assigned(before)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	after := before.clone()
	for _, i := range u.order() {
		a := u.actions[i]
		if err := a.apply(value{kind: kindM, dict: after}, values[i]); err != nil {
			return nil, err
		}
	}
	return after, nil
}

// order is that in which actions apply: removals last and from the back, so that no list index moves before
// it is used; others from the front, so that what is appended to a list keeps its order.
func (u update) order() []int {
	indexes := make([]int, len(u.actions))
	for i := range indexes {
		indexes[i] = i
	}
	removes := func(i int) bool { return u.actions[i].section == "REMOVE" }
	slices.SortStableFunc(indexes, func(a, b int) int {
		switch {
		case removes(a) && removes(b):
			return comparePaths(u.actions[b].path, u.actions[a].path)
		case removes(a):
			return 1
		case removes(b):
			return -1
		}
		return comparePaths(u.actions[a].path, u.actions[b].path)
	})
	return indexes
}

func comparePaths(a, b path) int {
	return slices.CompareFunc(a, b, func(x, y step) int {
		return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.index, y.index))
	})
}

// assigned is the value of the right side of SET.
func (n *node) assigned(before item) (value, *apiError) {
	switch {
	case n.kind == nodeValue:
		return n.value, nil
	case n.kind == nodePath:
		v, ok := n.path.in(before)
		if !ok {
			return v, invalid("The provided expression refers to an attribute that does not exist in the item")
		}
		return v, nil
	case n.name == "if_not_exists":
		if v, ok := n.args[0].path.in(before); ok {
			return v, nil
		}
		return n.args[1].assigned(before)
	}
	left, err := n.args[0].assigned(before)
	if err != nil {
		return left, err
	}
	right, err := n.args[1].assigned(before)
	if err != nil {
		return right, err
	}
	return combine(n.name, left, right)
}

// combine is list_append, + or -.
func combine(operator string, left, right value) (value, *apiError) {
	switch {
	case operator == "list_append" && left.kind == kindL && right.kind == kindL:
		return value{kind: kindL, list: slices.Concat(left.list, right.list)}, nil
	case operator == "list_append" || left.kind != kindN || right.kind != kindN:
		return value{}, wrongOperand()
	case operator == "-":
		n, err := left.number().minus(right.number())
		return numberValue(n), err
	default:
		n, err := left.number().plus(right.number())
		return numberValue(n), err
	}
}

// apply changes the value that the action's path leads to within holder, a map or list not shared with anything.
func (a action) apply(holder value, assigned value) *apiError {
	_, err := changeAt(holder, a.path, func(old value, exists bool) (value, bool, *apiError) {
		switch a.section {
		case "SET":
			return assigned.clone(), true, nil
		case "REMOVE":
			return value{}, false, nil
		case "ADD":
			v, err := old.adding(exists, a.value.value)
			return v, true, err
		default:
			return old.deleting(exists, a.value.value)
		}
	})
	return err
}

// changeAt replaces the value at the end of a path by what edit makes of it, and returns the holder as it is then.
// edit is told whether there is a value, and tells whether there shall be one.
func changeAt(holder value, steps path, edit func(value, bool) (value, bool, *apiError)) (value, *apiError) {
	s := steps[0]
	if (s.index < 0) != (holder.kind == kindM) || s.index >= 0 && holder.kind != kindL {
		return holder, invalid("The document path provided in the update expression is invalid for update")
	}
	old, exists := s.in(holder)
	if len(steps) == 1 {
		edited, keep, err := edit(old, exists)
		if err != nil {
			return holder, err
		}
		return holder.with(s, edited, exists, keep), nil
	}
	if !exists {
		return holder, invalid("The document path provided in the update expression is invalid for update")
	}
	changed, err := changeAt(old, steps[1:], edit)
	if err != nil {
		return holder, err
	}
	return holder.with(s, changed, true, true), nil
}

// with puts, or takes out, what a step leads to. A list grows by one for any index past its end.
func (v value) with(s step, part value, exists, keep bool) value {
	switch {
	case s.index < 0 && keep:
		v.dict[s.name] = part
	case s.index < 0:
		delete(v.dict, s.name)
	case exists && keep:
		v.list[s.index] = part
	case exists:
		v.list = slices.Delete(v.list, s.index, s.index+1)
	case keep:
		v.list = append(v.list, part)
	}
	return v
}

// adding is the old value, or nothing, and a number or the elements of a set more.
func (v value) adding(exists bool, more value) (value, *apiError) {
	switch {
	case !exists:
		return more.clone(), nil
	case v.kind != more.kind:
		return v, wrongOperand()
	case v.kind == kindN:
		n, err := v.number().plus(more.number())
		return numberValue(n), err
	}
	sum := value{kind: v.kind, set: slices.Concat(v.set, more.set)}
	sum.sort()
	sum.set = slices.Compact(sum.set)
	return sum, nil
}

// deleting is the old set without some elements; false when none is left.
func (v value) deleting(exists bool, less value) (value, bool, *apiError) {
	if !exists {
		return v, false, nil
	}
	if v.kind != less.kind {
		return v, false, wrongOperand()
	}
	rest := value{kind: v.kind}
	for _, element := range v.set {
		if !slices.Contains(less.set, element) {
			rest.set = append(rest.set, element)
		}
	}
	return rest, len(rest.set) > 0, nil
}
