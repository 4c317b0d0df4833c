package appsync

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestUsersMayNotPublish(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	c.subscribe("1", "alice", allFields)
	got := s.asUser("alice", publishAll, map[string]any{"event": event("alice", "img", 1)})
	if got.Status != http.StatusOK || len(got.Errors) != 1 {
		t.Fatalf("got %d %+v", got.Status, got.Errors)
	}
	e := got.Errors[0]
	if e.ErrorType != "Unauthorized" || e.Message != "Not Authorized to access publishImageEvent on type Mutation" {
		t.Errorf("got %s: %s", e.ErrorType, e.Message)
	}
	if len(e.Path) != 1 || e.Path[0] != "publishImageEvent" || len(e.Locations) != 1 || e.Locations[0].Line != 1 {
		t.Errorf("at %v, %v", e.Path, e.Locations)
	}
	if value, ok := got.Data["publishImageEvent"]; !ok || value != nil {
		t.Errorf("data %v, want null", got.Data)
	}
	c.nothingUntil()
}

func TestFieldsAreAuthorisedByTheirDirectives(t *testing.T) {
	o := testOptions()
	say := `export function request() { return { payload: 'said' } } export function response(ctx) { return ctx.result }`
	o.Resolvers = withFiles(t, map[string]string{
		"Query.me.js": say, "Query.secret.js": say, "Query.admins.js": say,
		"Query.plain.js": `export const request = () => ({ payload: { title: 'x', pets: [{ __typename: 'Dog', secret: 's' }] } });
			export const response = (ctx) => ctx.result;`,
	})
	s := serve(t, o)
	for _, test := range []struct{ name, token, query, want string }{
		{"the default is the user pool", "alice", "{ me }", ""},
		{"IAM only, for a user", "alice", "{ secret }", "Not Authorized to access secret on type Query"},
		{"IAM only, for IAM", "", "{ secret }", ""},
		{"the default, for IAM", "", "{ me }", "Not Authorized to access me on type Query"},
		{"a group, for a member", "alice/admin", "{ admins }", ""},
		{"a group, for a stranger", "alice/others", "{ admins }", "Not Authorized to access admins on type Query"},
		{"a field below", "alice", "{ plain { title pets { ... on Dog { secret } } } }",
			"Not Authorized to access secret on type Dog"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got answer
			if test.token == "" {
				got = s.asIAM(test.query, nil)
			} else {
				got = s.asUser(test.token, test.query, nil)
			}
			if got.text() != test.want {
				t.Errorf("got %q, want %q", got.text(), test.want)
			}
		})
	}
}

func TestRequestsThatAreWrong(t *testing.T) {
	s := serve(t, testOptions())
	post := func(body string) answer {
		r, err := http.NewRequest(http.MethodPost, s.url+"/graphql", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "alice")
		return s.do(r)
	}
	for _, test := range []struct {
		name, body string
		status     int
		want       string // in the first error
	}{
		{"not JSON", `nonsense`, 400, "Unable to parse GraphQL query."},
		{"no query", `{}`, 400, "Unable to parse GraphQL query."},
		{"over a megabyte", `{"query":"` + strings.Repeat(" ", maxBody) + `"}`, 413, "larger than 1 MB"},
		{"a syntax error", `{"query":"{"}`, 200, "Validation error"},
		{"an unknown field", `{"query":"{ nope }"}`, 200, `Cannot query field "nope"`},
		{"too many tokens", `{"query":"{` + strings.Repeat(" me", maxTokens) + `}"}`, 200, "token limit"},
		{"too deep", `{"query":"{` + strings.Repeat("a{", 100) + "a" + strings.Repeat("}", 101) + `"}`, 200, "75 deep"},
		{"several operations", `{"query":"query A { me } query B { me }"}`, 200, "operationName"},
		{"a missing variable", `{"query":"query A($id: ID!) { me @skip(if: false) __typename x: me @include(if: true) }"}`, 200,
			"Validation error"},
		{"a wrong variable", `{"query":"mutation A($t: String) { rename(title: $t) { id } }","variables":{"t":{}}}`, 200, "t: "},
		{"a number without end", `{"query":"mutation { rename(stamp: 99999999999999999999) { id } }"}`, 200, "argument stamp"},
		{"a subscription", `{"query":"subscription { imageEvents { id } }"}`, 200, "realtime endpoint"},
		{"introspection", `{"query":"{ __schema { types { name } } }"}`, 200, "Introspection"},
		{"a field without a resolver", `{"query":"{ me }"}`, 200, "No resolver is attached to Query.me"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := post(test.body)
			if got.Status != test.status || !strings.Contains(got.text(), test.want) {
				t.Errorf("got %d %.200q, want %d with %q", got.Status, got.text(), test.status, test.want)
			}
		})
	}
}

func TestTokensAreVerified(t *testing.T) {
	s := serve(t, testOptions())
	for _, test := range []struct {
		token  string
		status int
	}{
		{"alice", 200}, {"Bearer alice", 200},
		{"", 401}, {"Bearer", 401}, {"Bearer Bearer alice", 401}, {"mallory", 401}, {strings.Repeat("x", maxCredentials+1), 401},
	} {
		got := s.asUser(test.token, "{ __typename }", nil)
		if got.Status != test.status {
			t.Errorf("%.20q: %d, want %d", test.token, got.Status, test.status)
		}
		if test.status == 401 && (got.Errors[0].ErrorType != "UnauthorizedException" ||
			got.Header.Get("X-Amzn-ErrorType") != "UnauthorizedException") {
			t.Errorf("%.20q: %+v", test.token, got.Errors)
		}
	}
}

func TestBrowsersMayCallFromAnyOrigin(t *testing.T) {
	api, err := New(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close()
	for _, path := range []string{"/graphql", "/graphql/realtime"} {
		r := httptest.NewRequest(http.MethodOptions, path, nil)
		r.Header.Set("Access-Control-Request-Headers", "authorization,content-type,x-amz-user-agent")
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		allowed := w.Header().Get("Access-Control-Allow-Headers")
		for _, name := range []string{
			"authorization", "content-type", "x-amz-user-agent", "x-api-key", "x-amz-date", "x-amz-security-token", "host",
		} {
			if !strings.Contains(allowed, name) {
				t.Errorf("%s: %q does not allow %s", path, allowed, name)
			}
		}
		if w.Code != http.StatusNoContent || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}

func TestOtherPathsAndMethods(t *testing.T) {
	api, err := New(testOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close()
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/graphql", 405}, {"DELETE", "/graphql", 405}, {"GET", "/graphql/realtime", 426},
		{"POST", "/graphql/connect", 426},
		{"GET", "/", 404}, {"POST", "/graphql/", 404}, {"POST", "/other", 404},
	} {
		w := httptest.NewRecorder()
		api.ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
		if w.Code != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, w.Code, test.want)
		}
	}
}

func TestAPIsThatCannotBeMade(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*Options)
		want string
	}{
		{"no verifier", func(o *Options) { o.Verify = nil }, "are needed"},
		{"no clock", func(o *Options) { o.Now = nil }, "are needed"},
		{"a broken schema", func(o *Options) { o.Schema = "type Query {" }, "read AppSync schema"},
		{"a schema that declares AppSync's directives", func(o *Options) {
			o.Schema = "directive @aws_iam on OBJECT\n" + testSchema
		}, "read AppSync schema"},
		{"a subscription to an unknown mutation", func(o *Options) {
			o.Schema = strings.Replace(testSchema, `["rename"]`, `["nope"]`, 1)
		}, `no mutation "nope"`},
		{"a subscription of another type", func(o *Options) {
			o.Schema = strings.Replace(testSchema, `["rename"]`, `["publishImageEvent"]`, 1)
		}, "returns Plain"},
		{"a resolver of no field", func(o *Options) {
			o.Resolvers = withFiles(t, map[string]string{"Query.nope.js": ""})
		}, "no such field"},
		{"a resolver with a syntax error", func(o *Options) {
			o.Resolvers = withFiles(t, map[string]string{"Query.me.js": "export function request( {"})
		}, "compile resolver Query.me.js: line 1"},
		{"a resolver without response", func(o *Options) {
			o.Resolvers = withFiles(t, map[string]string{"Query.me.js": "export function request() {}"})
		}, "exports no function response"},
		{"a resolver that imports something else", func(o *Options) {
			o.Resolvers = withFiles(t, map[string]string{"Query.me.js": "import fs from 'fs'; export function request() { fs() }"})
		}, "only @aws-appsync/utils"},
		{"a resolver that breaks when loaded", func(o *Options) {
			o.Resolvers = withFiles(t, map[string]string{"Query.me.js": "nope(); export function request() {}"})
		}, "nope is not defined"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := testOptions()
			test.edit(&o)
			if _, err := New(o); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestRequestsOutlivedByTheirContextEnd(t *testing.T) {
	o := testOptions()
	o.Verify = func(ctx context.Context, _ string) (map[string]any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	api, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(`{"query":"{ me }"}`))
	r.Header.Set("Authorization", "alice")
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("got %d, want 401", w.Code)
	}
}
