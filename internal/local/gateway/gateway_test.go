package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/darkroom/darkroom/internal/local/cognito"
	"github.com/darkroom/darkroom/internal/local/gateway"
	"github.com/darkroom/darkroom/internal/local/token"
)

// echo answers with the event it got, as the body.
func echo() lambda.Handler {
	return lambda.NewHandler(func(_ context.Context, e json.RawMessage) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{
			StatusCode: http.StatusOK, Headers: map[string]string{"Content-Type": "application/json"}, Body: string(e),
		}, nil
	})
}

// answering is a function that always gives this answer, word for word.
func answering(answer string) lambda.Handler {
	return lambda.NewHandler(func() (json.RawMessage, error) { return json.RawMessage(answer), nil })
}

// options are fixed but for what a test sets; tokens are valid when they say so.
func options(routes ...gateway.Route) gateway.Options {
	return gateway.Options{
		Routes: routes,
		Now:    func() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 123e6, time.UTC) },
		NewID:  func() string { return "id-1" },
		Verify: func(_ context.Context, raw string) (map[string]any, error) {
			if strings.TrimPrefix(raw, "Bearer ") != "valid" {
				return nil, errors.New("forged")
			}
			return map[string]any{
				"sub": "a1b2", "exp": float64(1777640400), "email_verified": true, "ratio": 0.25, "none": nil,
				"cognito:groups": []any{"admin", "editors"}, "address": map[string]any{"zip": "1", "city": "Bern"},
			}, nil
		},
	}
}

func serve(t *testing.T, o gateway.Options) string {
	t.Helper()
	srv := httptest.NewServer(gateway.New(o))
	t.Cleanup(srv.Close)
	return srv.URL
}

type answer struct {
	status int
	header http.Header
	body   string
}

// send makes a request; header lines are name, value, name, value.
func send(t *testing.T, method, url, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text)}
}

func TestTokenIsCheckedBeforeTheFunctionRuns(t *testing.T) {
	var ran atomic.Int64
	counted := lambda.NewHandler(func() (events.APIGatewayV2HTTPResponse, error) {
		ran.Add(1)
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, nil
	})
	static := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { ran.Add(1) })
	o := options(
		gateway.Route{Method: "POST", Path: "/graphql", Function: counted, Authorized: true},
		gateway.Route{Path: "/static", Static: static, Authorized: true})
	url := serve(t, o)
	o.Verify = nil
	unverified := serve(t, o)
	for name, c := range map[string]struct {
		url    string
		header []string
		want   int
	}{
		"raw token":              {url, []string{"Authorization", "valid"}, 200},
		"token after Bearer":     {url, []string{"Authorization", "Bearer valid"}, 200},
		"no token":               {url, nil, 401},
		"empty token":            {url, []string{"Authorization", ""}, 401},
		"forged token":           {url, []string{"Authorization", "Bearer forged"}, 401},
		"two tokens":             {url, []string{"Authorization", "valid", "Authorization", "valid"}, 401},
		"token in a cookie":      {url, []string{"Cookie", "Authorization=valid"}, 401},
		"gateway without verify": {unverified, []string{"Authorization", "valid"}, 401},
	} {
		for _, path := range []string{"/graphql", "/static"} {
			t.Run(name+" on "+path, func(t *testing.T) {
				before := ran.Load()
				got := send(t, "POST", c.url+path, "", c.header...)
				if got.status != c.want {
					t.Fatalf("status %d, want %d", got.status, c.want)
				}
				if called := ran.Load() > before; called != (c.want == 200) {
					t.Errorf("function ran: %v", called)
				}
				if c.want == 401 && (got.body != `{"message":"Unauthorized"}` || got.header.Get("WWW-Authenticate") != "Bearer") {
					t.Errorf("got %s %v", got.body, got.header)
				}
			})
		}
	}
}

func TestStaticRoutesServeThemselves(t *testing.T) {
	static := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, buf, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(buf, "HTTP/1.1 299 Own\r\nContent-Length: 0\r\n\r\n")
		buf.Flush()
	})
	got := send(t, "GET", serve(t, options(gateway.Route{Path: "$default", Static: static}))+"/any/thing", "")
	if got.status != 299 {
		t.Errorf("status %d, want the handler's own", got.status)
	}
}

func TestServerBoundsHeaders(t *testing.T) {
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = gateway.Server("", gateway.New(options(gateway.Route{Path: "/", Function: echo()})))
	srv.Start()
	t.Cleanup(srv.Close)
	for size, want := range map[int]int{8 << 10: 200, 64 << 10: 431} {
		if got := send(t, "GET", srv.URL+"/", "", "X-Long", strings.Repeat("a", size)); got.status != want {
			t.Errorf("header of %d bytes: %d, want %d", size, got.status, want)
		}
	}
	if srv.Config.ReadHeaderTimeout == 0 || srv.Config.ReadTimeout == 0 || srv.Config.IdleTimeout == 0 {
		t.Error("a timeout is missing")
	}
}

// TestCognitoTokensOpenTheGateway wires the pool, the verifier and the gateway as a local cloud does.
func TestCognitoTokensOpenTheGateway(t *testing.T) {
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	issuer := srv.URL + "/local_Dev0001"
	pool, err := cognito.Open(filepath.Join(t.TempDir(), "users.db"), cognito.Options{
		PoolID: "local_Dev0001", ClientID: "web", Issuer: issuer})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	sub, err := pool.Seed("ada@example.com", "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	v, err := token.NewVerifier(t.Context(), token.Options{
		Issuer: issuer, JWKSURL: issuer + "/.well-known/jwks.json", ClientIDs: []string{"web"}})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/graphql", gateway.New(gateway.Options{Verify: v.Verify, Routes: []gateway.Route{
		{Method: "POST", Path: "/graphql", Function: echo(), Authorized: true}}}))
	mux.Handle("/", pool)

	signedIn := send(t, "POST", srv.URL+"/", `{"AuthFlow":"USER_PASSWORD_AUTH","ClientId":"web","AuthParameters":{`+
		`"USERNAME":"ada@example.com","PASSWORD":"correct horse battery"}}`,
		"X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth", "Content-Type", "application/x-amz-json-1.1")
	var in struct {
		AuthenticationResult struct{ AccessToken, IDToken string }
	}
	if err := json.Unmarshal([]byte(signedIn.body), &in); err != nil {
		t.Fatal(err)
	}
	got := send(t, "POST", srv.URL+"/graphql", "{}", "Authorization", in.AuthenticationResult.AccessToken)
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(got.body), &e); err != nil {
		t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
	if claims := e.RequestContext.Authorizer.JWT.Claims; claims["sub"] != sub || claims["token_use"] != "access" {
		t.Errorf("claims = %v", claims)
	}
	for name, raw := range map[string]string{"an ID token": in.AuthenticationResult.IDToken, "nothing": ""} {
		if got := send(t, "POST", srv.URL+"/graphql", "{}", "Authorization", raw); got.status != 401 {
			t.Errorf("with %s: %d, want 401", name, got.status)
		}
	}
}
