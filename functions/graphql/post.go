package graphql

import (
	"encoding/json"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// post is transport.POST for answers of any size: the data of an operation, which is JSON already, is written as it is.
// encoding/json would read it once more to see whether it is, which for a page of images takes as long as making it.
type post struct{ transport.POST }

// Do answers one request.
func (post) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	w.Header().Set("Content-Type", "application/json")
	params := &graphql.RawParams{Headers: r.Header}
	params.ReadTime.Start = graphql.Now()
	if err := decode(r, params); err != nil {
		refused := gqlerror.List{gqlerror.Errorf("the request is not a GraphQL request in JSON: %v", err)}
		reply(w, http.StatusBadRequest, exec.DispatchError(r.Context(), refused))
		return
	}
	params.ReadTime.End = graphql.Now()
	operation, refused := exec.CreateOperationContext(r.Context(), params)
	if refused != nil {
		ctx := graphql.WithOperationContext(r.Context(), operation)
		reply(w, statusFor(refused), exec.DispatchError(ctx, refused))
		return
	}
	responses, ctx := exec.DispatchOperation(r.Context(), operation)
	reply(w, http.StatusOK, responses(ctx))
}

// decode reads the one JSON value of a body. Numbers keep all their digits.
func decode(r *http.Request, to *graphql.RawParams) error {
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	return d.Decode(to)
}

// statusFor tells a client that sends no valid GraphQL from one that is only refused, such as a persisted query's first use.
func statusFor(refused gqlerror.List) int {
	if errcode.GetErrorKind(refused) == errcode.KindProtocol {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// reply writes an answer: its errors first, if any, as the specification advises, and its data as they are.
func reply(w http.ResponseWriter, status int, res *graphql.Response) {
	w.WriteHeader(status)
	data := res.Data
	if data == nil {
		data = []byte("null")
	}
	if len(res.Errors) > 0 {
		errs, err := json.Marshal(res.Errors)
		if err != nil { // an extension that is no JSON
			errs = []byte(`[{"message":"internal error","extensions":{"code":"INTERNAL"}}]`)
		}
		w.Write(append(append([]byte(`{"errors":`), errs...), `,"data":`...))
	} else {
		w.Write([]byte(`{"data":`))
	}
	w.Write(append(data, '}')) // in one piece: a byte more would double the buffer that it goes into
}
