package field

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/darkroom/darkroom/gallery"
)

// Fault is an error as AppSync tells of it: Type becomes errorType, and Info errorInfo. AppSync drops `extensions`.
type Fault struct {
	Message string `json:"message"`
	Type    string `json:"type"` // the code
	Info    Info   `json:"info"`
}

// Info is what there is to say beside the code.
type Info struct {
	Field     string `json:"field,omitempty"`     // the input at fault, of INVALID_INPUT
	RequestID string `json:"requestId,omitempty"` // of INTERNAL
	Path      []any  `json:"path,omitempty"`      // to the place without a value, below the root field
}

// answer takes the root field out of a response.
func answer(field string, r *graphql.Response) Answer {
	a := Answer{Data: json.RawMessage("null")}
	var roots map[string]json.RawMessage
	if err := json.Unmarshal(r.Data, &roots); err == nil && roots[field] != nil {
		a.Data = roots[field]
	}
	for _, e := range r.Errors {
		a.Errors = append(a.Errors, fault(e))
	}
	return a
}

func fault(e *gqlerror.Error) Fault {
	f := Fault{Message: e.Message, Type: text(e.Extensions["code"]), Info: Info{
		Field: text(e.Extensions["field"]), RequestID: text(e.Extensions["requestId"]),
	}}
	for n, part := range e.Path {
		if n > 0 { // the root field
			f.Info.Path = append(f.Info.Path, part)
		}
	}
	return f
}

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case gallery.Code:
		return string(v)
	}
	return ""
}
