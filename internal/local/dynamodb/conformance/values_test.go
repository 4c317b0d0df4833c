package conformance_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Short ways to write attribute values.

type row = map[string]types.AttributeValue

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func num(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }
func bin(s string) types.AttributeValue { return &types.AttributeValueMemberB{Value: []byte(s)} }
func boolean(b bool) types.AttributeValue {
	return &types.AttributeValueMemberBOOL{Value: b}
}
func null() types.AttributeValue            { return &types.AttributeValueMemberNULL{Value: true} }
func strs(s ...string) types.AttributeValue { return &types.AttributeValueMemberSS{Value: s} }
func nums(s ...string) types.AttributeValue { return &types.AttributeValueMemberNS{Value: s} }
func bins(s ...string) types.AttributeValue {
	set := &types.AttributeValueMemberBS{}
	for _, element := range s {
		set.Value = append(set.Value, []byte(element))
	}
	return set
}
func list(v ...types.AttributeValue) types.AttributeValue {
	return &types.AttributeValueMemberL{Value: v}
}
func dict(m row) types.AttributeValue { return &types.AttributeValueMemberM{Value: m} }

// show writes an item so that equal items look equal: names and sets in order.
func show(item row) string {
	names := slices.Sorted(maps.Keys(item))
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = name + ":" + showValue(item[name])
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func showValue(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberM:
		return show(v.Value)
	case *types.AttributeValueMemberL:
		parts := make([]string, len(v.Value))
		for i, element := range v.Value {
			parts[i] = showValue(element)
		}
		return "[" + strings.Join(parts, " ") + "]"
	case *types.AttributeValueMemberS:
		return fmt.Sprintf("%q", v.Value)
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberSS:
		return fmt.Sprintf("SS%q", slices.Sorted(slices.Values(v.Value)))
	case *types.AttributeValueMemberNS:
		return fmt.Sprintf("NS%q", slices.Sorted(slices.Values(v.Value)))
	case *types.AttributeValueMemberB:
		return fmt.Sprintf("B%q", v.Value)
	case *types.AttributeValueMemberBS:
		parts := make([]string, len(v.Value))
		for i, element := range v.Value {
			parts[i] = string(element)
		}
		return fmt.Sprintf("BS%q", slices.Sorted(slices.Values(parts)))
	case *types.AttributeValueMemberBOOL:
		return fmt.Sprint(v.Value)
	default:
		return "null"
	}
}

// showAll writes items in the order in which they came.
func showAll(items []row) string {
	parts := make([]string, len(items))
	for i, item := range items {
		parts[i] = show(item)
	}
	return strings.Join(parts, " ")
}

// patched is an item with some attributes changed; nil ones are removed.
func patched(item, change row) row {
	result := maps.Clone(item)
	for name, v := range change {
		if result[name] = v; v == nil {
			delete(result, name)
		}
	}
	return result
}
