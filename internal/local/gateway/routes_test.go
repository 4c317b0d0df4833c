package gateway_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/local/gateway"
)

func TestMostSpecificRouteAnswers(t *testing.T) {
	f := echo()
	url := serve(t, options(
		gateway.Route{Path: "$default", Function: f},
		gateway.Route{Path: "/{rest+}", Function: f, Method: "DELETE"},
		gateway.Route{Path: "/pets/{rest+}", Function: f},
		gateway.Route{Path: "/pets/{name}", Function: f},
		gateway.Route{Path: "/pets/{name}", Function: f, Method: "GET"},
		gateway.Route{Path: "/pets/dog", Function: f, Method: "GET"},
		gateway.Route{Path: "/pets/{name}/toys", Function: f, Method: "ANY"},
		gateway.Route{Path: "/", Function: f, Method: "GET"},
	))
	for request, want := range map[string]struct {
		key        string
		parameters map[string]string
	}{
		"GET /":                   {"GET /", nil},
		"POST /":                  {"$default", nil},
		"GET /pets/dog":           {"GET /pets/dog", nil},
		"GET /pets/Dog":           {"GET /pets/{name}", map[string]string{"name": "Dog"}},
		"GET /pets/%64og":         {"GET /pets/dog", nil},
		"GET /pets/cat":           {"GET /pets/{name}", map[string]string{"name": "cat"}},
		"POST /pets/cat":          {"ANY /pets/{name}", map[string]string{"name": "cat"}},
		"POST /pets/dog":          {"ANY /pets/{name}", map[string]string{"name": "dog"}},
		"GET /pets/a%2Fb%20c":     {"GET /pets/{name}", map[string]string{"name": "a/b c"}},
		"GET /pets/cat/toys":      {"ANY /pets/{name}/toys", map[string]string{"name": "cat"}},
		"GET /pets/cat/toys/ball": {"ANY /pets/{rest+}", map[string]string{"rest": "cat/toys/ball"}},
		"GET /pets/cat/":          {"ANY /pets/{rest+}", map[string]string{"rest": "cat/"}},
		"GET /pets/":              {"$default", nil},
		"GET /pets":               {"$default", nil},
		"DELETE /pets":            {"DELETE /{rest+}", map[string]string{"rest": "pets"}},
		"DELETE /":                {"$default", nil},
		"GET //":                  {"$default", nil},
		"GET /pets/../x":          {"ANY /pets/{rest+}", map[string]string{"rest": "../x"}},
	} {
		t.Run(request, func(t *testing.T) {
			method, path, _ := strings.Cut(request, " ")
			e := eventOf(t, send(t, method, url+path, ""))
			if e.RouteKey != want.key || !maps.Equal(e.PathParameters, want.parameters) {
				t.Errorf("route %q with %v, want %q with %v", e.RouteKey, e.PathParameters, want.key, want.parameters)
			}
		})
	}
}

func TestNoRouteIsNotFound(t *testing.T) {
	url := serve(t, options(gateway.Route{Method: "POST", Path: "/graphql", Function: echo(), Authorized: true}))
	for _, request := range []string{
		"GET /graphql", "POST /graphql/", "POST /Graphql", "POST /graphql/x", "GET /nowhere", "OPTIONS /graphql",
		"POST //graphql",
	} {
		t.Run(request, func(t *testing.T) {
			method, path, _ := strings.Cut(request, " ")
			got := send(t, method, url+path, "")
			if want := `{"message":"Not Found"}`; got.status != 404 || got.body != want {
				t.Errorf("got %d %s, want 404 %s", got.status, got.body, want)
			}
		})
	}
}
