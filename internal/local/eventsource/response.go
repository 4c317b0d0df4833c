package eventsource

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// errMalformed tells that a function answered something that cannot be read as
// a list of failures. Lambda then takes the whole batch for failed.
var errMalformed = errors.New("the function's answer is not a list of batch item failures")

// failedItems reads which items of a batch a function did not take. No answer,
// null, and an object without failures all mean that it took every one.
func failedItems(response []byte) (map[string]bool, error) {
	if len(bytes.TrimSpace(response)) == 0 {
		return nil, nil
	}
	var answer struct {
		BatchItemFailures []struct {
			ItemIdentifier string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(response, &answer); err != nil {
		return nil, fmt.Errorf("%w: %w", errMalformed, err)
	}
	failed := map[string]bool{}
	for _, f := range answer.BatchItemFailures {
		if f.ItemIdentifier == "" {
			return nil, fmt.Errorf("%w: a failure names no item", errMalformed)
		}
		failed[f.ItemIdentifier] = true
	}
	return failed, nil
}

// encode renders JSON as AWS does: without escapes for HTML, which could push a
// batch over the bound of a payload.
func encode(v any) (json.RawMessage, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
