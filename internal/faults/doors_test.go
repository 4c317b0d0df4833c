package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/functions/field"
	"github.com/darkroom/darkroom/functions/graphql"
	"github.com/darkroom/darkroom/gallery"
)

// door is a way into the API. It asks for a root field, by the field's canonical document, and answers the field's value.
type door func(ctx context.Context, v gallery.Viewer, kind, name string, args map[string]any) (json.RawMessage, error)

// openDoors makes the API's two functions. What they do is the same, so clients may come by either.
func (w *world) openDoors(log *slog.Logger) {
	log = slog.New(alarm{log.Handler(), w})
	appsync, http := field.New(w.resolver, log), graphql.New(graphql.Options{Resolvers: w.resolver, Log: log})
	w.doors = [...]door{
		func(ctx context.Context, v gallery.Viewer, kind, name string, args map[string]any) (json.RawMessage, error) {
			return byAppSync(ctx, appsync, v, kind, name, args)
		},
		func(ctx context.Context, v gallery.Viewer, kind, name string, args map[string]any) (json.RawMessage, error) {
			return byHTTP(ctx, http, v, kind, name, args)
		},
	}
}

// byAppSync hands a field to functions/field as appsync/resolvers/field.js does.
func byAppSync(ctx context.Context, h *field.Handler, v gallery.Viewer, kind, name string, args map[string]any) (json.RawMessage, error) {
	answer := invoke(ctx, h, map[string]any{
		"info":      map[string]string{"parentTypeName": kind, "fieldName": name},
		"arguments": args,
		"identity":  map[string]any{"claims": map[string]any{"sub": v.Owner, "token_use": "access", "cognito:groups": v.Groups}},
	})
	var out struct {
		Data   json.RawMessage
		Errors []struct {
			Message, Type string
			Info          struct{ Field string }
		}
	}
	if err := readAnswer(answer, &out); err != nil {
		return nil, err
	}
	if len(out.Errors) > 0 {
		e := out.Errors[0]
		return nil, refusal(e.Type, e.Info.Field, e.Message)
	}
	return out.Data, nil
}

// byHTTP posts a field's document to functions/graphql, as API Gateway hands it over.
func byHTTP(ctx context.Context, h *graphql.Handler, v gallery.Viewer, kind, name string, args map[string]any) (json.RawMessage, error) {
	operation := kind + "_" + name
	body, err := json.Marshal(map[string]any{"query": document(operation), "variables": args})
	if err != nil {
		return nil, err
	}
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: "/graphql", Headers: map[string]string{"content-type": "application/json"}, Body: string(body),
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = "POST", "/graphql"
	e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: map[string]string{
			"sub": string(v.Owner), "token_use": "access", "cognito:groups": fmt.Sprint(v.Groups),
		}},
	}
	var res events.APIGatewayV2HTTPResponse
	if err := readAnswer(invoke(ctx, h.Handle, e), &res); err != nil {
		return nil, err
	}
	var out struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code, Field string }
		}
	}
	if err := readAnswer([]byte(res.Body), &out); err != nil {
		return nil, err
	}
	if len(out.Errors) > 0 {
		e := out.Errors[0]
		return nil, refusal(e.Extensions.Code, e.Extensions.Field, e.Message)
	}
	return out.Data[name], nil
}

var errUnheard = errors.New("no answer was heard")

func readAnswer(answer []byte, to any) error {
	if answer == nil {
		return errUnheard
	}
	return json.Unmarshal(answer, to)
}

// refusal is what a client makes of an error's code. What broke on the other side is none: it is worth another attempt.
func refusal(code, field, message string) error {
	if code == string(gallery.CodeInternal) {
		return errors.New(message)
	}
	return &gallery.Error{Code: gallery.Code(code), Field: field, Message: message}
}

// documents are the blocks of the file that `make generate` writes, operations and fragments by name. It is read before S3
// changes the working directory.
var documents = func() map[string]string {
	text, err := os.ReadFile("../../functions/field/documents.graphql")
	if err != nil {
		panic(err)
	}
	blocks, head := map[string]string{}, regexp.MustCompile(`^(?:query|mutation|fragment) (\w+)`)
	for block := range strings.SplitSeq(string(text), "\n\n") {
		if m := head.FindStringSubmatch(block); m != nil {
			blocks[m[1]] = block
		}
	}
	return blocks
}()

var spread = regexp.MustCompile(`\.\.\.(\w+)`)

// document is an operation with the fragments that it needs.
func document(operation string) string {
	text, used := documents[operation], map[string]bool{}
	for n := 0; n < len(text); {
		found := spread.FindStringSubmatchIndex(text[n:])
		if found == nil {
			break
		}
		if name := text[n+found[2] : n+found[3]]; !used[name] {
			used[name] = true
			text += "\n\n" + documents[name]
		}
		n += found[1]
	}
	return text
}

// alarm is a log in which a panic is found: a client is only told INTERNAL of it, and tries again.
type alarm struct {
	slog.Handler
	world *world
}

func (a alarm) Enabled(context.Context, slog.Level) bool { return true }

func (a alarm) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(at slog.Attr) bool {
		if text := at.Value.String(); strings.HasPrefix(text, "panic: ") {
			a.world.wrong("%s", text)
		}
		return true
	})
	if a.Handler.Enabled(ctx, r.Level) {
		return a.Handler.Handle(ctx, r)
	}
	return nil
}
