package gallery

import (
	"errors"
	"fmt"
)

// Code is the kind of a refusal as a client sees it, the same over HTTP and AppSync.
type Code string

// Every refusal is one of these.
const (
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	CodeNotFound        Code = "NOT_FOUND" // also for what belongs to somebody else
	CodeInvalidInput    Code = "INVALID_INPUT"
	CodeQuotaExceeded   Code = "QUOTA_EXCEEDED"
	CodeConflict        Code = "CONFLICT"
	CodeInternal        Code = "INTERNAL"
)

// Error is a refusal that a client may read. Field names the input at fault, if one is.
type Error struct {
	Code    Code
	Field   string
	Message string
}

func (e *Error) Error() string { return e.Message }

// Is makes errors.Is compare refusals by their code.
func (e *Error) Is(target error) bool {
	var other *Error
	return errors.As(target, &other) && other.Code == e.Code
}

// Invalid refuses an input, naming the field at fault.
func Invalid(field, format string, args ...any) error {
	return &Error{Code: CodeInvalidInput, Field: field, Message: fmt.Sprintf(format, args...)}
}

// The refusals that carry no detail, compared with errors.Is.
var (
	ErrUnauthenticated error = &Error{Code: CodeUnauthenticated, Message: "Sign in first."}
	ErrNotFound        error = &Error{Code: CodeNotFound, Message: "There is no such image."}
	ErrNoShare         error = &Error{Code: CodeNotFound, Message: "There is no such share."}
	ErrNoUser          error = &Error{Code: CodeNotFound, Message: "There is no such user."}
	ErrQuotaExceeded   error = &Error{Code: CodeQuotaExceeded, Message: "Your account is full. Delete pictures, or ask for a larger quota."}
	ErrConflict        error = &Error{Code: CodeConflict, Message: "The image was changed by somebody else at the same moment. Try again."}
)

// ErrLeased refuses a claim because another worker holds one that has not run out. It never reaches a client.
var ErrLeased = errors.New("the image is being processed by another worker")
