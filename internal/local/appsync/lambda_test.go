package appsync

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// withLambda is an API whose fields are resolved by a shared file, on a function.
func withLambda(t *testing.T, source string, invoke func(ctx context.Context, payload []byte) ([]byte, error)) *service {
	t.Helper()
	o := testOptions()
	o.Resolvers, o.Shared, o.Invoke = withFiles(t, map[string]string{"shared.js": source}), "shared.js", invoke
	return serve(t, o)
}

const passing = `export function request(ctx) { return { operation: 'Invoke', payload: { field: ctx.info.fieldName, args: ctx.args } }; }
	export function response(ctx) { return ctx.error ? 'error ' + ctx.error.type + ': ' + ctx.error.message : ctx.result; }`

func TestASharedResolverAnswersFieldsWithoutTheirOwn(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		invoke func(ctx context.Context, payload []byte) ([]byte, error)
		want   string // in Query.me, a string; or an error
	}{
		"its answer": {passing, func(_ context.Context, p []byte) ([]byte, error) { return []byte(quote(string(p))), nil }, `{"field":"me","args":{}}`},
		"its error": {
			passing, func(context.Context, []byte) ([]byte, error) { return nil, errors.New("down") }, "error Lambda:Unhandled: down",
		},
		"no JSON": {
			passing, func(context.Context, []byte) ([]byte, error) { return []byte("x"), nil },
			"error Lambda:Unhandled: the function did not answer JSON",
		},
		"no operation": {
			`export const request = () => ({}); export const response = () => 'x';`,
			func(context.Context, []byte) ([]byte, error) { return []byte("1"), nil }, "Runtime Error",
		},
		"another operation": {
			`export const request = () => ({ operation: 'GetItem' }); export const response = () => 'x';`,
			func(context.Context, []byte) ([]byte, error) { return []byte("1"), nil }, "Runtime Error",
		},
	} {
		s := withLambda(t, c.source, c.invoke)
		got := s.asUser("alice", `{ me }`, nil)
		said := fmt.Sprint(got.Data["me"])
		if len(got.Errors) > 0 {
			said = got.text()
		}
		if said != c.want {
			t.Errorf("%s: got %q, want %q", name, said, c.want)
		}
	}
}

func TestAFunctionsTimeIsNotItsResolvers(t *testing.T) {
	s := withLambda(t, passing, func(ctx context.Context, _ []byte) ([]byte, error) {
		deadline, ok := ctx.Deadline()
		if !ok || time.Until(deadline) < 2*resolverTime {
			t.Errorf("the function has until %v", deadline)
		}
		return []byte(`"in time"`), nil
	})
	if got := s.asUser("alice", `{ me }`, nil); got.Data["me"] != "in time" {
		t.Errorf("got %+v", got)
	}
}

func TestARequestRunsSoManyResolversAndNoMore(t *testing.T) {
	o := testOptions()
	calls := 0
	o.Resolvers, o.Shared, o.ResolverLimit = withFiles(t, map[string]string{"shared.js": passing}), "shared.js", 3
	o.Invoke = func(context.Context, []byte) ([]byte, error) { calls++; return []byte(`"x"`), nil }
	s := serve(t, o)
	got := s.asUser("alice", `{ a: me b: me __typename c: me d: me e: me }`, nil)
	if calls != 3 || len(got.Errors) != 2 || got.Errors[0].ErrorType != typeResolverLimit || got.Data["c"] != "x" || got.Data["d"] != nil {
		t.Errorf("%d calls, got %+v", calls, got)
	}
}

func TestASharedResolverNeedsItsFileAndItsFunction(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"no file":     func(o *Options) { o.Shared = "nowhere.js" },
		"no function": func(o *Options) { o.Shared = "field.js" },
	} {
		o := testOptions()
		change(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), o.Shared) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
