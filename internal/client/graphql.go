package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/darkroom/darkroom/gallery"
)

// maxAnswerBytes bounds an answer: a page of 100 images with all their signed URLs is well below 1 MB.
const maxAnswerBytes = 8 << 20

// request is the body of a GraphQL request.
type request struct {
	Query     string `json:"query"`
	Variables any    `json:"variables,omitempty"`
}

// answer is the body of a GraphQL response, or, with a Message alone, of an authorizer's or gateway's refusal.
type answer struct {
	Data    json.RawMessage `json:"data"`
	Errors  []problem       `json:"errors"`
	Message string          `json:"message"`
}

// ask executes a document and decodes its data. Where the API fails by a fault of its own, it is asked a few times more, at
// growing intervals, if that does no harm.
func (c *Client) ask(ctx context.Context, document string, variables, data any) error {
	body, err := json.Marshal(request{Query: document, Variables: variables})
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		err := c.try(ctx, body, data)
		var broken *fault
		if !errors.As(err, &broken) || !repeatable(document) {
			if attempt > 1 {
				c.trouble(nil)
			}
			return err
		}
		if attempt >= c.pace.attempts {
			return fmt.Errorf("tried %d times: %w", attempt, err)
		}
		c.trouble(err)
		if err := sleep(ctx, c.pace.backoff(attempt-1, c.random())); err != nil {
			return err
		}
	}
}

// try asks once. A token that is refused before its time is renewed, once: nothing has been executed then.
func (c *Client) try(ctx context.Context, body []byte, data any) error {
	token, err := c.session.token(ctx, "")
	if err != nil {
		return err
	}
	err = c.post(ctx, token, body, data)
	if !errors.Is(err, gallery.ErrUnauthenticated) {
		return err
	}
	if token, err = c.session.token(ctx, token); err != nil {
		return err
	}
	return c.post(ctx, token, body, data)
}

func (c *Client) post(ctx context.Context, token string, body []byte, data any) error {
	ctx, cancel := context.WithTimeout(ctx, c.pace.request)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.GraphQL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := readBounded(res.Body, maxAnswerBytes)
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", c.config.GraphQL, err)
	}
	return decode(res, b, data)
}

// decode reads a response of any status: refusals of GraphQL come with 200 as well as with others.
func decode(res *http.Response, body []byte, data any) error {
	var a answer
	err := json.Unmarshal(body, &a)
	switch {
	case err == nil && len(a.Errors) > 0:
		return a.Errors[0].refusal()
	case res.StatusCode == http.StatusUnauthorized:
		return gallery.ErrUnauthenticated
	case err != nil || len(a.Data) == 0 || string(a.Data) == "null":
		return fmt.Errorf("%s answered %s %s", res.Request.URL, res.Status, a.Message)
	}
	if err := json.Unmarshal(a.Data, data); err != nil {
		return fmt.Errorf("decode the answer of %s: %w", res.Request.URL, err)
	}
	return nil
}
