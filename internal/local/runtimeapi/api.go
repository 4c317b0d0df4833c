package runtimeapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/darkroom/darkroom/internal/local/lambda"
)

// api is the Runtime API of one process.
type api struct {
	process *process
	arn     string

	mu      sync.Mutex
	current *call // nil between the answer and the next request for work
}

func newAPI(p *process, arn string) http.Handler {
	a := &api{process: p, arn: arn}
	const version = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+version+"invocation/next", a.next)
	mux.HandleFunc("POST "+version+"invocation/{id}/response", a.response)
	mux.HandleFunc("POST "+version+"invocation/{id}/error", a.failure)
	mux.HandleFunc("POST "+version+"init/error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	return mux
}

// next waits for an invocation. Asking for it says that the one before is over.
func (a *api) next(w http.ResponseWriter, r *http.Request) {
	c, ok := a.process.wait(r.Context())
	if !ok {
		return // the process is gone
	}
	a.mu.Lock()
	a.current = c
	a.mu.Unlock()
	h := w.Header()
	h.Set("Lambda-Runtime-Aws-Request-Id", c.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(c.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", a.arn)
	h.Set("Lambda-Runtime-Trace-Id", "Root=1-00000000-000000000000000000000000;Sampled=0")
	h.Set("Content-Type", "application/json")
	_, _ = w.Write(c.payload) // a process that is gone is noticed by serve
}

// response takes what the function answers. More than a payload may hold is refused, and the invocation has failed.
func (a *api) response(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, lambda.MaxPayload))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		a.answer(w, r, http.StatusRequestEntityTooLarge, answer{err: &lambda.Error{
			Type:    "Function.ResponseSizeTooLarge",
			Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", lambda.MaxPayload),
		}})
	case err == nil:
		a.answer(w, r, http.StatusAccepted, answer{payload: body})
	}
}

// failure takes the error that ended an invocation, or the panic.
func (a *api) failure(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, lambda.MaxPayload))
	if err != nil {
		return
	}
	failed := &lambda.Error{}
	if err := json.Unmarshal(body, failed); err != nil {
		failed = &lambda.Error{Type: "Runtime.Unknown", Message: string(body)}
	}
	a.answer(w, r, http.StatusAccepted, answer{err: failed})
}

// answer ends the invocation under way, once, if that is the one meant.
func (a *api) answer(w http.ResponseWriter, r *http.Request, status int, with answer) {
	a.mu.Lock()
	c := a.current
	if c == nil || c.id != r.PathValue("id") {
		a.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"errorType":"InvalidRequestID","errorMessage":"Invalid request ID"}`)
		return
	}
	a.current = nil
	a.mu.Unlock()
	c.end(with)
	w.WriteHeader(status)
}
