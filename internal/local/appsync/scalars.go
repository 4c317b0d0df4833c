package appsync

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// serialize writes a leaf, a value as encoding/json decodes it, as its type demands.
func serialize(d *ast.Definition, raw any) (any, error) {
	if d.Kind == ast.Enum {
		name, _ := raw.(string)
		if d.EnumValues.ForName(name) == nil {
			return nil, fmt.Errorf("it is no value of enum %s", d.Name)
		}
		return name, nil
	}
	switch d.Name {
	case "Int":
		n, ok := raw.(float64)
		if !ok || n != math.Trunc(n) || n < math.MinInt32 || n > math.MaxInt32 {
			return nil, wrongType(d, raw)
		}
		return int64(n), nil
	case "Float", "Boolean":
		return sameKind(d, raw)
	case "AWSTimestamp":
		n, ok := raw.(float64)
		if !ok || n != math.Trunc(n) {
			return nil, wrongType(d, raw)
		}
		return int64(n), nil
	case "AWSDateTime":
		text, _ := raw.(string)
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil {
			return nil, wrongType(d, raw)
		}
		return text, nil
	case "AWSJSON":
		return jsonText(raw)
	}
	return text(d, raw)
}

func sameKind(d *ast.Definition, raw any) (any, error) {
	switch raw.(type) {
	case float64:
		if d.Name == "Float" {
			return raw, nil
		}
	case bool:
		if d.Name == "Boolean" {
			return raw, nil
		}
	}
	return nil, wrongType(d, raw)
}

// text serializes ID, String and the scalars that are checked no further: numbers and booleans are written out.
func text(d *ast.Definition, raw any) (any, error) {
	switch v := raw.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	return nil, wrongType(d, raw)
}

// jsonText is an AWSJSON: a string stands for itself, anything else is written as JSON.
func jsonText(raw any) (any, error) {
	if s, ok := raw.(string); ok {
		return s, nil
	}
	out, err := json.Marshal(raw)
	if err != nil {
		return nil, fmt.Errorf("write AWSJSON: %w", err)
	}
	return string(out), nil
}

func wrongType(d *ast.Definition, raw any) error {
	return fmt.Errorf("expected %s, got %T", d.Name, raw)
}
