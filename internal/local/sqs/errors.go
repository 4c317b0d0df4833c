package sqs

import "fmt"

// Code names what SQS refused, as the JSON protocol does.
type Code string

// The refusals. InvalidParameterValue and MissingParameter name no shape of the
// SDK, which then answers a generic API error with that code.
const (
	QueueDoesNotExist      Code = "QueueDoesNotExist"
	ReceiptHandleIsInvalid Code = "ReceiptHandleIsInvalid"
	MessageNotInflight     Code = "MessageNotInflight"
	InvalidMessageContents Code = "InvalidMessageContents"
	InvalidParameterValue  Code = "InvalidParameterValue"
	MissingParameter       Code = "MissingParameter"
	UnsupportedOperation   Code = "UnsupportedOperation"
	InternalError          Code = "InternalError"
)

// Error is a call that SQS refuses. Everything else that a method returns is a
// fault of the machine or of the caller's context.
type Error struct {
	Code    Code
	Message string
}

// Error names the refusal.
func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// legacy is the code of the older query protocol, which SDKs show their users.
func (e *Error) legacy() string {
	switch e.Code {
	case QueueDoesNotExist:
		return "AWS.SimpleQueueService.NonExistentQueue"
	case MessageNotInflight, UnsupportedOperation:
		return "AWS.SimpleQueueService." + string(e.Code)
	default:
		return string(e.Code)
	}
}

func invalid(format string, args ...any) *Error {
	return &Error{Code: InvalidParameterValue, Message: fmt.Sprintf(format, args...)}
}
