package field_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/functions/field"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/resolvers"
)

// overHTTP answers a request by functions/graphql on the same resolvers, in the form of an answer.
func (e endpoint) overHTTP(owner, query string, variables map[string]any) string {
	e.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		e.t.Fatal(err)
	}
	request := events.APIGatewayV2HTTPRequest{RawPath: "/graphql", Body: string(body)}
	request.Headers = map[string]string{"content-type": "application/json"}
	request.RequestContext.HTTP.Method, request.RequestContext.RequestID = "POST", "request-1"
	request.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{
			Claims: map[string]string{"sub": owner, "token_use": "access"},
		},
	}
	res, err := e.http.Handle(e.t.Context(), request)
	if err != nil {
		e.t.Fatal(err)
	}
	var out struct {
		Data   json.RawMessage
		Errors []struct {
			Path       []any
			Extensions map[string]any
		}
	}
	if err := json.Unmarshal([]byte(res.Body), &out); err != nil {
		e.t.Fatalf("%s: %v", res.Body, err)
	}
	text := string(out.Data)
	for _, f := range out.Errors {
		info := map[string]any{}
		for _, name := range []string{"field", "requestId"} {
			if v, ok := f.Extensions[name]; ok {
				info[name] = v
			}
		}
		if len(f.Path) > 1 {
			info["path"] = f.Path[1:]
		}
		said, _ := json.Marshal(info)
		text += fmt.Sprintf(" | %v %s %v", f.Extensions["code"], said, f.Path[:1])
	}
	return text
}

func TestAppSyncAnswersAsTheHTTPAPIDoes(t *testing.T) {
	e := open(t)
	one, two := e.ready("ann", "one.jpg"), e.ready("ann", "second.jpg")
	bens := e.ready("ben", "his")
	for _, i := range []gallery.Image{one, two} {
		if _, err := e.feed.Number(t.Context(), "ann", []gallery.Event{i.Event()}, noon); err != nil {
			t.Fatal(err)
		}
	}
	variables := map[string]any{
		"one": one.ID, "two": two.ID, "bens": bens.ID, "yes": true, "no": false, "none": nil,
		"sha": strings.Repeat("ab", 32), "known": one.SHA256,
	}
	const image = `fragment Whole on Image { id version status filename contentType bytes sha256 capture { iso location { latitude } }
		renditions { name url width expiresAt } original { url } createdAt deletedAt ...Size }
		fragment Size on Image { width height }`
	for name, query := range map[string]string{
		"two aliases of one root field": `query($one: ID!, $two: ID!) { a: image(id: $one) { id } b: image(id: $two) { name: filename id: version } }`,
		"one field twice, merged":       `query($one: ID!) { image(id: $one) { id } image(id: $one) { version } }`,
		"fragments in fragments":        `query($one: ID!) { image(id: $one) { ...Whole } }` + image,
		"a list of everything":          `{ images(first: 10) { edges { node { ...Whole } cursor } pageInfo { hasNextPage endCursor } } }` + image,
		"a literal argument":            `{ images(first: 1, order: TAKEN, status: READY) { edges { node { id } } pageInfo { hasNextPage } } }`,
		"an argument of null":           `query($none: Int) { images(first: $none, after: null) { edges { node { id } } } }`,
		"an absent variable":            `query($absent: Int) { images(first: $absent) { edges { cursor } } }`,
		"@include and @skip": `query($one: ID!, $yes: Boolean!, $no: Boolean!) {
			image(id: $one) @skip(if: $no) { id @include(if: $no) version @include(if: $yes) ... @skip(if: $yes) { sha256 } }
			me @include(if: $no) { id } }`,
		"__typename":        `query($one: ID!) { __typename image(id: $one) { __typename renditions { __typename } } }`,
		"me":                `{ me { id usage { images bytes } quota { images } } }`,
		"changes":           `{ changes(after: 0, first: 5) { head startOver events { seq id status at owner } } }`,
		"changes, no first": `{ changes(after: 1) { events { seq } } }`,
		"a union: new bytes": `mutation($sha: String!) { createUpload(filename: "a", contentType: "image/png", bytes: 7, sha256: $sha) {
			__typename ... on AlreadyHave { image { id } } ... on UploadTarget { method image { bytes status } headers { name } } } }`,
		"a union: known bytes": `mutation($known: String!) { createUpload(filename: "a", contentType: "image/png", bytes: 7, sha256: $known) {
			... on AlreadyHave { image { id } } ... on UploadTarget { url } } }`,
		"a refusal of a nullable field": `query($bens: ID!, $one: ID!) { his: image(id: $bens) { id } mine: image(id: $one) { id } }`,
		"a refusal of one that is not":  `{ me { id } images(first: 0) { edges { cursor } } }`,
		"an input's field":              `{ changes(after: -1) { head } }`,
		"a mutation":                    `mutation($two: ID!) { deleteImage(id: $two) { id deletedAt purgeAt } restoreImage(id: $two) { id deletedAt } }`,
		"a mutation of another's":       `mutation($bens: ID!) { deleteImage(id: $bens) { id } }`,
	} {
		used := map[string]any{}
		for variable, value := range variables {
			if strings.Contains(query, "$"+variable+":") {
				used[variable] = value
			}
		}
		got, want := e.ask("ann", query, used).short(), e.overHTTP("ann", query, used)
		got = strings.ReplaceAll(got, `\u0026`, "&") // both are JSON for the same
		if got != want || got == "" {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

// halfBroken signs no originals of one image.
type halfBroken struct {
	resolvers.Signer
	except gallery.ID
}

func (s halfBroken) SignOriginal(ctx context.Context, i gallery.Image, now time.Time) (gallery.Link, error) {
	if i.ID == s.except {
		return gallery.Link{}, errors.New("secret detail")
	}
	return s.Signer.SignOriginal(ctx, i, now)
}

func TestPartialDataComesWithItsErrors(t *testing.T) {
	e := open(t)
	one, two := e.ready("ann", "one.jpg"), e.ready("ann", "second.jpg")
	e.resolver.Signer = halfBroken{e.resolver.Signer, two.ID}
	const query = `{ images { edges { node { id original { expiresAt } } } } }`
	got := e.ask("ann", query, nil)
	want := fmt.Sprintf(`{"images":{"edges":[{"node":{"id":"%s","original":null}},{"node":{"id":"%s","original":{"expiresAt":"2026-11-23T14:00:00Z"}}}]}}`+
		` | INTERNAL {"path":["edges",0,"node","original"],"requestId":"request-1"} [images]`, two.ID, one.ID)
	if got.short() != want {
		t.Errorf("got  %s\nwant %s", got.short(), want)
	}
	if strings.Contains(got.Errors[0].Message, "secret") || strings.Count(e.log.String(), "secret detail") != 1 {
		t.Errorf("told %q, logged %s", got.Errors[0].Message, e.log)
	}
}

func TestAFaultOfOursSaysItsRequestIDAndNothingElse(t *testing.T) {
	e := open(t)
	i := e.ready("ann", "one.jpg")
	e.broken()
	got := e.ask("ann", `query($id: ID!) { image(id: $id) { id } }`, map[string]any{"id": i.ID})
	if got.short() != `{"image":null} | INTERNAL {"requestId":"request-1"} [image]` || !strings.Contains(e.log.String(), "request-1") {
		t.Errorf("got %s, log: %s", got.short(), e.log)
	}
}

func TestAFunctionThatBreaksIsNotQuoted(t *testing.T) {
	for name, handler := range map[string]any{
		"an error":          func(context.Context, field.Event) (field.Answer, error) { return field.Answer{}, errors.New("secret") },
		"a panic":           func(context.Context, field.Event) (field.Answer, error) { panic("secret") },
		"an answer of null": func(context.Context, field.Event) (*field.Answer, error) { return nil, nil },
	} {
		e := open(t)
		e.url = e.serve(handler)
		got := e.ask("ann", `{ me { id } }`, nil)
		if len(got.Errors) != 1 || got.Errors[0].ErrorType != "INTERNAL" || strings.Contains(got.Errors[0].Message, "secret") {
			t.Errorf("%s: got %s", name, got.short())
		}
	}
}

func TestOnlyAVerifiedAccessTokenIsAViewer(t *testing.T) {
	e := open(t)
	if got := e.ask("ann/id", `{ me { id } }`, nil).short(); got != `null | UNAUTHENTICATED {} [me]` {
		t.Errorf("an ID token: got %s", got)
	}
	if got := e.ask("somebody", `{ me { id } }`, nil); got.Errors[0].ErrorType != "UnauthorizedException" {
		t.Errorf("a bad token: got %s", got.short())
	}
	var event field.Event
	event.Info.ParentTypeName, event.Info.FieldName = "Query", "me"
	h := field.New(e.resolver, slog.New(slog.DiscardHandler))
	a, err := h.Handle(t.Context(), event)
	if err != nil || len(a.Errors) != 1 || a.Errors[0].Type != string(gallery.CodeUnauthenticated) {
		t.Errorf("no claims: got %+v, %v", a, err)
	}
}

func TestEventsThatNameNoFieldAreErrors(t *testing.T) {
	e := open(t)
	h := field.New(e.resolver, slog.New(slog.DiscardHandler))
	for _, text := range []string{
		`{"info":{"parentTypeName":"Query","fieldName":"nothing"},"identity":{"claims":{"sub":"ann","token_use":"access"}}}`,
		`{"info":{"parentTypeName":"Query","fieldName":"image"},"arguments":{"id":7.5},"identity":{"claims":{"sub":"ann","token_use":"access"}}}`,
	} {
		var event field.Event
		if err := json.Unmarshal([]byte(text), &event); err != nil {
			t.Fatal(err)
		}
		if a, err := h.Handle(t.Context(), event); err != nil || len(a.Errors) == 0 || string(a.Data) != "null" {
			t.Errorf("%s: got %+v, %v", text, a, err)
		}
	}
	if _, err := h.Invoke(t.Context(), []byte(`[]`)); err == nil {
		t.Error("an event that is no object: no error")
	}
	var event field.Event
	event.Identity.Claims, event.Arguments = map[string]any{"sub": "ann", "token_use": "access"}, json.RawMessage(`[]`)
	if _, err := h.Handle(t.Context(), event); err == nil {
		t.Error("arguments that are no object: no error")
	}
}
