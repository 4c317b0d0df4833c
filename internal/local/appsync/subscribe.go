package appsync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/darkroom/darkroom/internal/local/sigv4"
)

// endpointPath is what an IAM client signs to start a subscription.
const endpointPath = "/graphql"

// start handles a start frame. It is authorised by its own authorization object, never by the connection's: a client
// that has signed out goes on using its socket.
func (c *connection) start(frame clientFrame) error {
	if frame.ID == "" || len(frame.ID) > maxID {
		return &protocolError{Type: typeBadRequest, Message: fmt.Sprintf("An id of 1 to %d bytes is needed.", maxID)}
	}
	var payload startPayload
	var request graphRequest
	if err := json.Unmarshal(frame.Payload, &payload); err != nil {
		return &protocolError{Type: typeBadRequest, Message: "The payload cannot be read."}
	}
	if err := json.Unmarshal([]byte(payload.Data), &request); err != nil {
		return &protocolError{Type: typeBadRequest, Message: "The payload's data must be a string of JSON."}
	}
	ctx, cancel := context.WithTimeout(c.api.ctx, requestTimeout)
	defer cancel()
	who, err := c.identify(ctx, payload)
	if err != nil {
		return err
	}
	if err := c.api.registry.check(c, frame.ID); err != nil {
		return err
	}
	s, err := c.api.subscription(ctx, request, who)
	if err != nil {
		return err
	}
	s.id, s.head, s.conn = frame.ID, dataHead(frame.ID), c
	return c.api.registry.add(s)
}

func (c *connection) identify(ctx context.Context, p startPayload) (identity, error) {
	raw := p.Extensions.Authorization
	if raw == nil {
		raw = json.RawMessage("{}")
	}
	proof, err := decodeCredentials(raw)
	if err != nil {
		return identity{}, &protocolError{Type: typeBadRequest, Message: err.Error()}
	}
	signed := sigv4.Request{Method: http.MethodPost, Path: endpointPath, Body: []byte(p.Data)}
	return c.api.authenticate(ctx, proof, signed, c.from)
}

// subscription prepares one: its shape, the right to have it, and the filter that its resolver sets.
func (a *API) subscription(ctx context.Context, r graphRequest, who identity) (*subscription, error) {
	key, err := shapeKey(r, who)
	if err != nil {
		return nil, err
	}
	s := a.registry.shape(key)
	if s == nil {
		if s, err = a.newShape(r, who); err != nil {
			return nil, err
		}
		s.key = key
	}
	out := &subscription{shape: s}
	field := s.field.field()
	if _, ok := a.runtime.resolvers["Subscription."+s.name]; !ok {
		if !authorized(who, a.schema.Subscription, field.Definition) {
			return nil, notAuthorized("Subscription", s.name)
		}
		return out, nil
	}
	answer, failed := a.resolveField(ctx, a.schema.Subscription, field, s.variables, who)
	if failed != nil {
		return nil, failed
	}
	if answer.Filter != nil {
		if out.filter, err = parseFilter(answer.Filter); err != nil {
			a.opts.Log.ErrorContext(ctx, "appsync: subscription refused", "field", s.name, "error", err)
			return nil, &protocolError{Type: typeBadRequest, Message: err.Error()}
		}
	}
	return out, nil
}

// shapeKey identifies a shape by all that decides what its subscribers receive.
func shapeKey(r graphRequest, who identity) ([32]byte, error) {
	text, err := json.Marshal([]any{r.Query, r.OperationName, r.Variables, who.mode, who.groups})
	if err != nil {
		return [32]byte{}, fmt.Errorf("write variables: %w", err)
	}
	return sha256.Sum256(text), nil
}

func (a *API) newShape(r graphRequest, who identity) (*shape, error) {
	doc, err := parseDocument(a.schema, r)
	if err != nil {
		return nil, err
	}
	if doc.operation.Operation != ast.Subscription {
		return nil, &protocolError{
			Type: typeUnsupported, Message: string(doc.operation.Operation) + " not supported through the realtime channel",
		}
	}
	roots := collect(a.schema, doc.variables, a.schema.Subscription, []ast.SelectionSet{doc.operation.SelectionSet})
	if len(roots) != 1 || roots[0].field().Definition == nil {
		return nil, errors.New("a subscription selects exactly one field")
	}
	args, err := arguments(roots[0].field(), doc.variables)
	if err != nil {
		return nil, err
	}
	return &shape{
		name: roots[0].field().Name, field: roots[0], variables: doc.variables, arguments: args, who: who,
	}, nil
}

// publish hands an event to its subscribers.
func (a *API) publish(ctx context.Context, field string, event map[string]any) {
	a.registry.publish(field, event, func(s *shape) []byte {
		payload, err := a.render(s, event)
		if err != nil {
			a.opts.Log.ErrorContext(ctx, "appsync: event not sent", "field", field, "error", err)
			return nil
		}
		return payload
	})
}

// render writes an event as the payload of a shape's data frames.
func (a *API) render(s *shape, event map[string]any) ([]byte, error) {
	c := completion{schema: a.schema, variables: s.variables, who: s.who}
	value, _ := c.value(s.field.field().Definition.Type, s.field, "Subscription", event, []any{s.field.key})
	var b bytes.Buffer
	response := graphResponse{Data: object{{s.field.key, value}}, Errors: c.errors}
	if err := json.NewEncoder(&b).Encode(response); err != nil {
		return nil, fmt.Errorf("write event: %w", err)
	}
	if b.Len() > maxEvent {
		return nil, fmt.Errorf("an event of %d bytes: at most %d", b.Len(), maxEvent)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
