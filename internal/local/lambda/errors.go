package lambda

import (
	"errors"
	"fmt"
	"reflect"
	"time"
)

// ErrClosed is returned by an Invoke that comes after Close.
var ErrClosed = errors.New("the function is closed")

// TimedOut is the type of the error of a handler that took too long.
const TimedOut = "Sandbox.Timedout"

// Error is a failed invocation as Lambda reports it to its caller; its JSON is
// the payload that Lambda answers with.
type Error struct {
	// Type is the name of the Go type of the error or of the panic's value,
	// without its package, or one of Lambda's own, like "Sandbox.Timedout".
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error names the failure.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

func timedOut(id string, after time.Duration) *Error {
	return &Error{
		Type:    TimedOut,
		Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, after.Seconds()),
	}
}

func tooLarge() *Error {
	return &Error{
		Type:    "Function.ResponseSizeTooLarge",
		Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", MaxPayload),
	}
}

// typeName is what Lambda's runtime for Go calls a value: its type, or the type
// it points to.
func typeName(value any) string {
	t := reflect.TypeOf(value)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}
