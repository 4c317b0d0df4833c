package gateway_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"github.com/darkroom/darkroom/internal/local/gateway"
)

// TestEventHasTheDocumentedShape sends the request of AWS's documentation of payload format 2.0 and compares the event
// with what is documented, kept in testdata with this gateway's own names.
func TestEventHasTheDocumentedShape(t *testing.T) {
	url := serve(t, options(gateway.Route{Path: "/my/{proxy+}", Function: echo(), Authorized: true}))
	got := send(t, "POST", url+"/my/path?parameter1=value1&parameter1=value2&parameter2=value", "{\r\n\t\"a\": 1\r\n}",
		"Header1", "value1", "Header2", "value1", "Header2", "value2", "Cookie", "cookie1=1; cookie2=2", "Cookie", "c3=3",
		"Content-Type", "application/json", "User-Agent", "agent", "Authorization", "Bearer valid",
		"Accept-Encoding", "identity", "Connection", "close", "X-Forwarded-For", "192.0.2.1")
	text, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(string(text), "PORT", url[strings.LastIndex(url, ":")+1:])
	var gotEvent, wantEvent map[string]any
	if err := json.Unmarshal([]byte(got.body), &gotEvent); err != nil {
		t.Fatalf("%d %s: %v", got.status, got.body, err)
	}
	if err := json.Unmarshal([]byte(want), &wantEvent); err != nil {
		t.Fatal(err)
	}
	context, _ := gotEvent["requestContext"].(map[string]any)
	delete(context, "authentication") // the library writes it empty where AWS leaves it out
	for _, name := range slices.Sorted(maps.Keys(gotEvent)) {
		if !reflect.DeepEqual(gotEvent[name], wantEvent[name]) {
			t.Errorf("%s = %v, want %v", name, gotEvent[name], wantEvent[name])
		}
	}
	for name := range wantEvent {
		if _, ok := gotEvent[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
}

func eventOf(t *testing.T, a answer) events.APIGatewayV2HTTPRequest {
	t.Helper()
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(a.body), &e); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return e
}

func TestBodyIsTextOrBase64(t *testing.T) {
	url := serve(t, options(gateway.Route{Path: "/", Function: echo()}))
	for name, c := range map[string]struct {
		body, contentType, encoding string
		isBase64                    bool
	}{
		"JSON":                    {`{"a":"ü"}`, "application/json", "", false},
		"JSON with a charset":     {`{}`, "application/json; charset=utf-8", "", false},
		"text":                    {"hello", "text/plain", "", false},
		"GraphQL":                 {"{ me }", "application/graphql", "", true},
		"a form":                  {"a=b", "application/x-www-form-urlencoded", "", true},
		"a picture":               {"\xff\xd8\xff", "image/jpeg", "", true},
		"no type":                 {"hello", "", "", true},
		"text that is no UTF-8":   {"\xff\xfe", "text/plain", "", true},
		"compressed JSON":         {"\x1f\x8b", "application/json", "gzip", true},
		"nothing":                 {"", "application/json", "", false},
		"JSON of a type mistyped": {"{}", "application/json; charset", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			header := []string{"Content-Type", c.contentType}
			if c.encoding != "" {
				header = append(header, "Content-Encoding", c.encoding)
			}
			e := eventOf(t, send(t, "POST", url+"/", c.body, header...))
			body := e.Body
			if e.IsBase64Encoded {
				text, err := base64.StdEncoding.DecodeString(body)
				if err != nil {
					t.Fatal(err)
				}
				body = string(text)
			}
			if e.IsBase64Encoded != c.isBase64 || body != c.body {
				t.Errorf("got %q, base64 %v; want %q, %v", body, e.IsBase64Encoded, c.body, c.isBase64)
			}
		})
	}
}

func TestOpenRouteHasNoAuthorizer(t *testing.T) {
	url := serve(t, options(gateway.Route{Path: "/", Function: echo()}))
	e := eventOf(t, send(t, "GET", url+"/", "", "Authorization", "Bearer valid"))
	if e.RequestContext.Authorizer != nil {
		t.Errorf("authorizer = %v", e.RequestContext.Authorizer)
	}
	if got, want := e.Headers["authorization"], "Bearer valid"; got != want {
		t.Errorf("authorization = %q, want %q", got, want)
	}
}

// TestHTTPAdapterRestoresTheRequest takes the event apart again with the adapter that functions use.
func TestHTTPAdapterRestoresTheRequest(t *testing.T) {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		http.SetCookie(w, &http.Cookie{Name: "first", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "second", Value: "2"})
		w.Header().Set("X-Seen", r.Method+" "+r.URL.String()+" "+r.Header.Get("Cookie"))
		w.WriteHeader(http.StatusCreated)
		w.Write(body)
	})
	f := lambda.NewHandler(httpadapter.NewV2(inner).ProxyWithContext)
	url := serve(t, options(gateway.Route{Path: "$default", Function: f}))
	got := send(t, "PUT", url+"/a%2Fb/c%20d?q=1&q=2&empty=", "\x00\xff", "Cookie", "x=y")
	if got.status != http.StatusCreated || got.body != "\x00\xff" {
		t.Errorf("got %d %q", got.status, got.body)
	}
	want := "PUT https://127.0.0.1/a%2Fb/c%20d?q=1&q=2&empty= x=y"
	if seen := got.header.Get("X-Seen"); seen != want {
		t.Errorf("function saw %q, want %q", seen, want)
	}
	if cookies, want := got.header.Values("Set-Cookie"), []string{"first=1", "second=2"}; !slices.Equal(cookies, want) {
		t.Errorf("cookies = %q, want %q", cookies, want)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte("POST /graphql?a=b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAuthorization: valid\r\n\r\n{}"))
	f.Add([]byte("OPTIONS /graphql HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nAccess-Control-Request-Method: POST\r\n\r\n"))
	f.Add([]byte("GET /s/%2F%zz?%zz=1;2&;= HTTP/1.0\r\nCookie: ;;a\r\n\r\n"))
	f.Add([]byte("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"))
	f.Add([]byte("GET /s/\xff HTTP/1.1\r\nHost: [::1]:x\r\nX-Y: \xff\r\n\r\n"))
	o := options(
		gateway.Route{Method: "POST", Path: "/graphql", Function: echo(), Authorized: true},
		gateway.Route{Path: "/s/{token}", Function: echo()}, gateway.Route{Path: "/f/{rest+}", Function: echo()},
		gateway.Route{Path: "$default", Function: lambda.NewHandler(
			func(context.Context, events.APIGatewayV2HTTPRequest) (json.RawMessage, error) { return nil, nil })})
	o.AllowOrigins = []string{"http://x"}
	o.Timeout = 5 * time.Second
	g := gateway.New(o)
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(string(raw))))
		if err != nil {
			return
		}
		rec := httptest.NewRecorder()
		g.ServeHTTP(rec, r)
		if rec.Code == http.StatusOK && !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%q: event is no JSON: %s", raw, rec.Body)
		}
	})
}
