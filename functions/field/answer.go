package field

import (
	"bytes"
	"encoding/json"
	"fmt"

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

// json writes an answer.
func (a Answer) json() ([]byte, error) {
	out := make([]byte, 0, len(a.Data)+64)
	out = append(append(out, `{"data":`...), a.Data...)
	if len(a.Errors) > 0 {
		faults, err := json.Marshal(a.Errors)
		if err != nil {
			return nil, fmt.Errorf("write errors: %w", err)
		}
		out = append(append(out, `,"errors":`...), faults...)
	}
	return append(out, '}'), nil
}

// maxAnswer bounds an answer, in bytes: Lambda takes 6 MB, and ends the process that answers with more.
const maxAnswer = 6<<20 - 16<<10

// fitting is an answer that Lambda takes. No page of images is larger, but who knows what one will hold.
func (a Answer) fitting() Answer {
	if len(a.Data) <= maxAnswer {
		return a
	}
	return Answer{Data: json.RawMessage("null"), Errors: []Fault{{
		Message: "The answer has more than 6 MB. Ask for less at a time.", Type: string(gallery.CodeInvalidInput),
	}}}
}

// answer takes the root field out of a response. It is the only one in there, so what stands around it is known.
func answer(field string, r *graphql.Response) Answer {
	a := Answer{Data: json.RawMessage("null")}
	if inner, ok := bytes.CutPrefix(r.Data, []byte(`{"`+field+`":`)); ok {
		a.Data = json.RawMessage(bytes.TrimSuffix(inner, []byte("}")))
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
