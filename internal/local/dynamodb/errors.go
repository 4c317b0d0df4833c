package dynamodb

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Error types as AWS spells them on the wire: the SDKs strip all up to the hash.
const (
	coralService  = "com.amazon.coral.service#"
	coralValidate = "com.amazon.coral.validate#"
	dynamoService = "com.amazonaws.dynamodb.v20120810#"
)

// errClosed is answered to work that reaches an engine being closed.
var errClosed = errors.New("table store is closed")

// apiError is an error that the client is told: HTTP 400 with a type and a message.
type apiError struct {
	kind    string // the full __type
	message string
	item    item     // the item that failed a condition, when the request asked for it
	reasons []reason // why a transaction was cancelled, one per action
	upfront bool     // refuses a whole transaction, rather than being one action's reason
}

// reason says why one action of a cancelled transaction could not be done; Code is None for the others.
type reason struct {
	Code    string
	Message string `json:",omitempty"`
	Item    item   `json:",omitempty"`
}

func (e *apiError) Error() string { return e.kind + ": " + e.message }

// MarshalJSON writes the error's body. Serialization errors and cancelled transactions spell Message with a
// capital, as AWS does.
func (e *apiError) MarshalJSON() ([]byte, error) {
	body := map[string]any{"__type": e.kind}
	key := "message"
	if e.kind == coralService+"SerializationException" || e.reasons != nil {
		key = "Message"
	}
	if e.message != "" {
		body[key] = e.message
	}
	if e.item != nil {
		body["Item"] = e.item
	}
	if e.reasons != nil {
		body["CancellationReasons"] = e.reasons
	}
	return json.Marshal(body)
}

func invalid(format string, args ...any) *apiError {
	return &apiError{kind: coralValidate + "ValidationException", message: fmt.Sprintf(format, args...)}
}

// invalidParameter is invalid with the words AWS opens most of its messages with.
func invalidParameter(format string, args ...any) *apiError {
	return invalid("One or more parameter values were invalid: "+format, args...)
}

func malformed(format string, args ...any) *apiError {
	return &apiError{kind: coralService + "SerializationException", message: fmt.Sprintf(format, args...)}
}

func refused(kind, format string, args ...any) *apiError {
	return &apiError{kind: dynamoService + kind, message: fmt.Sprintf(format, args...)}
}

func conditionFailed(found item) *apiError {
	return &apiError{
		kind: dynamoService + "ConditionalCheckFailedException", message: "The conditional request failed", item: found,
	}
}

// noTable is the answer to item operations; those on the table itself name it.
func noTable() *apiError { return refused("ResourceNotFoundException", "Requested resource not found") }

func noTableNamed(name string) *apiError {
	return refused("ResourceNotFoundException", "Requested resource not found: Table: %s not found", name)
}

// constraint is a violation of the shape of a request, of which AWS tells how many there are.
func constraint(shown, member, rule string) *apiError {
	return invalid("1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s",
		shown, member, rule)
}

// under puts the place of a part of the request before the member that a violated constraint names.
func (e *apiError) under(place string) *apiError {
	if e == nil {
		return nil
	}
	value, rest, found := strings.Cut(e.message, " at '")
	if found && strings.HasPrefix(value, "1 validation error detected: Value ") {
		e.message = value + " at '" + place + rest
	}
	return e
}

// asAPIError returns err as an apiError, or nil when it is none.
func asAPIError(err error) *apiError {
	var api *apiError
	if errors.As(err, &api) {
		return api
	}
	return nil
}
