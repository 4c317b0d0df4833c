package appsync

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// resolver makes a runtime with one resolver, for Query.me.
func resolver(t testing.TB, source string) *runtime {
	t.Helper()
	o := testOptions().withDefaults()
	o.Now = func() time.Time { return time.UnixMilli(1_700_000_000_123) }
	o.NewID = func() string { return "an id" }
	schema, err := loadSchema(testSchema)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRuntime(fstest.MapFS{"Query.me.js": {Data: []byte(source)}}, schema, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func testCall() call {
	return call{
		Arguments: map[string]any{"n": 1}, Identity: map[string]any{"sub": "alice"}, Stash: map[string]any{},
		Info: callInfo{FieldName: "me", ParentTypeName: "Query"},
	}
}

func TestWhatResolversCanDo(t *testing.T) {
	const imports = "import { util, extensions, runtime } from '@aws-appsync/utils';\n"
	const pass = "export const response = (ctx) => ctx.result;\n"
	for _, test := range []struct{ name, source, want, fails string }{
		{"pass a payload", `export const request = (ctx) => ({ payload: ctx.args });` + pass, `{"n":1}`, ""},
		{"use both names of the arguments", `export const request = (ctx) => ({ payload: [ctx.args.n, ctx.arguments.n] });` + pass,
			`[1,1]`, ""},
		{"see the caller", `export const request = (ctx) => ({ payload: ctx.identity.sub + ctx.info.fieldName });` + pass,
			`"aliceme"`, ""},
		{"send nothing", `export function request() {}` + pass, `null`, ""},
		{"keep a stash", `export const request = (ctx) => { ctx.stash.x = 2; return {}; };
			export const response = (ctx) => ctx.stash.x;`, `2`, ""},
		{"tell the time", imports + `export const request = () => ({ payload: [util.time.nowISO8601(),
			util.time.nowEpochSeconds(), util.time.nowEpochMilliSeconds(), util.autoId()] });` + pass,
			`["2023-11-14T22:13:20.123Z",1700000000,1700000000123,"an id"]`, ""},
		{"return early", imports + `export const request = () => runtime.earlyReturn({ early: true });
			export const response = () => 'late';`, `{"early":true}`, ""},
		{"fail", imports + `export const request = () => util.error('no', 'NOT_FOUND', { a: 1 }, { field: 'id' });` + pass,
			`null`, `{"path":null,"data":{"a":1},"errorType":"NOT_FOUND","errorInfo":{"field":"id"},"locations":null,` +
				`"message":"no"}`},
		{"fail without a type", imports + `export const request = () => util.error('no');` + pass,
			`null`, `{"path":null,"data":null,"errorType":null,"errorInfo":null,"locations":null,"message":"no"}`},
		{"refuse", imports + `export const request = () => util.unauthorized();` + pass, `null`,
			`{"path":null,"data":null,"errorType":"Unauthorized","errorInfo":null,"locations":null,` +
				`"message":"Not Authorized to access me on type Query"}`},
		{"break", `export const request = (ctx) => ctx.nope.x;` + pass, `null`,
			`{"path":null,"data":null,"errorType":"Code","errorInfo":{"codeErrors":[{"errorType":"RUNTIME_ERROR",` +
				`"value":"TypeError: Cannot read property 'x' of undefined"}]},"locations":null,"message":"Runtime Error"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, failed := resolver(t, test.source).resolve(t.Context(), testCall())
			if text := asJSON(t, got.Value); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
			if failed == nil && test.fails != "" || failed != nil && asJSON(t, failed) != test.fails {
				t.Errorf("failed %s, want %s", asJSON(t, failed), test.fails)
			}
		})
	}
}

func TestWhatResolversCannotDo(t *testing.T) {
	const pass = "export const response = (ctx) => ctx.result;\n"
	for _, test := range []struct{ name, source, want string }{
		{"reach another data source", `export const request = () => ({ operation: 'GetItem' });` + pass,
			"a data source is needed"},
		{"use a helper that is not here", `import { util } from '@aws-appsync/utils';
			export const request = () => ({ payload: util.dynamodb.toMapValues({}) });` + pass, "toMapValues"},
		{"recur for ever", `const f = () => 1 + f(); export const request = () => ({ payload: f() });` + pass, "stack"},
		{"answer a circle", `export const request = () => ({});
			export const response = () => { const a = {}; a.a = a; return a; };`,
			"circular"},
		{"throw what util.unauthorized throws", `export const request = () => { throw { unauthorized: true }; };` + pass,
			"[object Object]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, failed := resolver(t, test.source).resolve(t.Context(), testCall())
			if failed == nil {
				t.Fatal("it did")
			}
			if text := asJSON(t, failed.Info); !strings.Contains(strings.ToLower(text), strings.ToLower(test.want)) {
				t.Errorf("got %s, want %q", text, test.want)
			}
		})
	}
}

func TestAResolverIsStoppedWithItsRequest(t *testing.T) {
	r := resolver(t, `export const request = () => { while (true) {} }; export const response = () => null;`)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, failed := r.resolve(ctx, testCall()); failed == nil || failed.errorType() != typeResolverCode {
		t.Errorf("got %v, want it stopped", failed)
	}
}

func TestNothingIsCarriedFromCallToCall(t *testing.T) {
	r := resolver(t, `let n = 0; export const request = () => { n += 1; globalThis.m = (globalThis.m || 0) + 1;
		return { payload: [n, globalThis.m] }; }; export const response = (ctx) => ctx.result;`)
	for range 3 {
		got, failed := r.resolve(t.Context(), testCall())
		if failed != nil || asJSON(t, got.Value) != `[1,1]` {
			t.Errorf("got %v, %v, want [1,1]", got.Value, failed)
		}
	}
}

func TestPartialDataComesWithItsErrors(t *testing.T) {
	o := testOptions()
	o.Resolvers = withFiles(t, map[string]string{"Query.me.js": `import { util } from '@aws-appsync/utils';
		export const request = () => ({ payload: 'some' });
		export const response = (ctx) => { util.appendError('and more', 'PARTIAL', null, { left: 2 }); return ctx.result; };`})
	got := serve(t, o).asUser("alice", "{ mine: me }", nil)
	if got.Data["mine"] != "some" || len(got.Errors) != 1 {
		t.Fatalf("got %+v", got)
	}
	e := got.Errors[0]
	if e.ErrorType != "PARTIAL" || e.Message != "and more" || asJSON(t, e.ErrorInfo) != `{"left":2}` || e.Path[0] != "mine" {
		t.Errorf("got %+v", e)
	}
}

// What AppSync answers is recorded in localstack/appsync-utils, transform-subscription.test.js.
func TestToSubscriptionFilter(t *testing.T) {
	for _, test := range []struct{ name, arguments, want string }{
		{"one operator on one field", `{a:{eq:1}}`, `[[a eq 1]]`},
		{"two fields are combined", `{a:{eq:1},b:{eq:2}}`, `[[a eq 1, b eq 2]]`},
		{"an and combines its members", `{and:[{a:{eq:1}},{b:{eq:2}}]}`, `[[a eq 1, b eq 2]]`},
		{"a field beside an and", `{z:{eq:0},and:[{a:{eq:1}}]}`, `[[z eq 0, a eq 1]]`},
		{"two operators on one field", `{a:{eq:1,ne:2}}`, `[[a eq 1], [a ne 2]]`},
		{"an or", `{or:[{a:{eq:1}},{b:{eq:2}}]}`, `[[a eq 1], [b eq 2]]`},
		{"an or in an and", `{and:[{a:{eq:1}},{or:[{b:{eq:2}},{c:{eq:3}}]}]}`, `[[a eq 1, b eq 2], [a eq 1, c eq 3]]`},
		{"everything at once", `{p:{lte:50,gte:20},and:[{t:{ne:"B"}},{d:{gt:2}}],or:[{u:{eq:"A"}},{i:{eq:false}}]}`,
			`[[p lte 50, t ne "B", d gt 2, u eq "A"], [p lte 50, t ne "B", d gt 2, i eq false], ` +
				`[p gte 20, t ne "B", d gt 2, u eq "A"], [p gte 20, t ne "B", d gt 2, i eq false]]`},
		{"not is a field", `{not:{a:{eq:1}}}`, `[[not a {"eq":1}]]`},
		{"an ignored field", `{a:{eq:1},b:{eq:2}},["a"]`, `[[b eq 2]]`},
		{"an ignored field in an and", `{a:{eq:1},and:[{b:{eq:2}}]},["b"]`, `[[a eq 1]]`},
		{"rules are alternatives", `{a:{eq:1}},[],{r:{gte:250},s:{eq:"p"}}`, `[[a eq 1, r gte 250], [a eq 1, s eq "p"]]`},
		{"rules alone", `{},[],{r:{eq:1}}`, `[[r eq 1]]`},
		{"nothing", `{}`, `[]`}, {"no operator", `{a:{}}`, `[]`}, {"an empty and", `{and:[]}`, `[]`},
		{"null", `null`, `null`}, {"no argument", ``, `null`}, {"a list", `[]`, `null`}, {"a string", `'{}'`, `null`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, failed := resolver(t, `import { util } from '@aws-appsync/utils';
				export const request = () => ({ payload: util.transform.toSubscriptionFilter(`+test.arguments+`) });
				export const response = (ctx) => ctx.result;`).resolve(t.Context(), testCall())
			if failed != nil {
				t.Fatal(failed)
			}
			if text := shortFilter(t, got.Value); text != test.want {
				t.Errorf("got  %s\nwant %s", text, test.want)
			}
		})
	}
}

// shortFilter writes a filter as [[field operator value, …], …].
func shortFilter(t *testing.T, v any) string {
	t.Helper()
	if v == nil {
		return "null"
	}
	var f struct {
		FilterGroup []struct {
			Filters []struct {
				FieldName, Operator string
				Value               json.RawMessage
			}
		}
	}
	if err := json.Unmarshal([]byte(asJSON(t, v)), &f); err != nil {
		t.Fatal(err)
	}
	groups := []string{}
	for _, g := range f.FilterGroup {
		var all []string
		for _, c := range g.Filters {
			all = append(all, c.FieldName+" "+c.Operator+" "+string(c.Value))
		}
		groups = append(groups, "["+strings.Join(all, ", ")+"]")
	}
	return "[" + strings.Join(groups, ", ") + "]"
}

func BenchmarkResolver(b *testing.B) {
	r := resolver(b, `export const request = (ctx) => ({ payload: ctx.args.event });
		export const response = (ctx) => ctx.result;`)
	c := testCall()
	c.Arguments = map[string]any{"event": event("alice", "img", 1)}
	for b.Loop() {
		if _, failed := r.resolve(b.Context(), c); failed != nil {
			b.Fatal(failed)
		}
	}
}
