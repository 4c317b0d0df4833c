package appsync

import (
	"context"
	"errors"

	"github.com/vektah/gqlparser/v2/ast"
)

// graphResponse is what POST /graphql answers.
type graphResponse struct {
	Data   any           `json:"data"`
	Errors []*graphError `json:"errors,omitempty"`
}

// execution runs one query or mutation.
type execution struct {
	completion
	api *API
	run int // resolvers so far
}

// execute runs a request for a caller, and tells the subscribers of its mutations.
func (a *API) execute(ctx context.Context, r graphRequest, who identity) graphResponse {
	doc, err := parseDocument(a.schema, r)
	if err == nil && doc.operation.Operation == ast.Subscription {
		err = errors.New("subscriptions are served on the realtime endpoint")
	}
	if err != nil {
		return graphResponse{Errors: documentErrors(err)}
	}
	root := a.schema.Query
	if doc.operation.Operation == ast.Mutation {
		root = a.schema.Mutation
	}
	e := &execution{
		completion: completion{schema: a.schema, variables: doc.variables, who: who},
		api:        a,
	}
	out := object{}
	for _, s := range collect(a.schema, doc.variables, root, []ast.SelectionSet{doc.operation.SelectionSet}) {
		value, ok := e.root(ctx, root, s)
		if !ok {
			return graphResponse{Errors: e.errors}
		}
		out = append(out, member{s.key, value})
	}
	return graphResponse{Data: out, Errors: e.errors}
}

// root resolves one root field. It is not ok where the whole response has no data.
func (e *execution) root(ctx context.Context, parent *ast.Definition, s selected) (any, bool) {
	field, path := s.field(), []any{s.key}
	switch field.Name {
	case "__typename":
		return parent.Name, true
	case "__schema", "__type":
		e.errors = append(e.errors, typedError(typeUnsupported, "Introspection is not served here.").at(path, field))
		return nil, false
	}
	nullable := !field.Definition.Type.NonNull
	if e.run++; e.run > e.api.opts.ResolverLimit {
		e.errors = append(e.errors, typedError(typeResolverLimit, "Resolver invocation limit reached.").at(path, field))
		return nil, nullable
	}
	out, failed := e.api.resolveField(ctx, parent, field, e.variables, e.who)
	if failed != nil {
		e.errors = append(e.errors, failed.at(path, field))
		return nil, nullable
	}
	for _, appended := range out.Appended {
		e.errors = append(e.errors, appended.graphError(callInfo{}).at(path, field))
	}
	value, ok := e.value(field.Definition.Type, s, parent.Name, out.Value, path)
	if ok && value != nil && parent == e.schema.Mutation {
		e.announce(ctx, s, out.Value)
	}
	return value, ok
}

// announce publishes the result of a mutation, where that is an object: AppSync's subscriptions return nothing else.
func (e *execution) announce(ctx context.Context, s selected, raw any) {
	field := s.field()
	fires := e.api.fires[field.Name]
	result, ok := raw.(map[string]any)
	definition := e.concrete(e.schema.Types[field.Definition.Type.Name()], result)
	if len(fires) == 0 || !ok || definition == nil {
		return
	}
	event := e.visible(definition, s.below(), result)
	for _, subscription := range fires {
		e.api.publish(ctx, subscription, event)
	}
}

// resolveField authorises a root field, and runs its resolver.
func (a *API) resolveField(ctx context.Context, parent *ast.Definition, field *ast.Field, variables map[string]any,
	who identity,
) (outcome, *graphError) {
	if !authorized(who, parent, field.Definition) {
		return outcome{}, notAuthorized(parent.Name, field.Name)
	}
	args, err := arguments(field, variables)
	if err != nil {
		return outcome{}, typedError(typeBadRequest, err.Error())
	}
	return a.runtime.resolve(ctx, call{
		Arguments: args, Identity: who.view, Stash: map[string]any{},
		Info: callInfo{FieldName: field.Name, ParentTypeName: parent.Name, Variables: variables},
	})
}
