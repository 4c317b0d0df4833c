package gateway_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/darkroom/darkroom/internal/local/gateway"
)

func TestAnswersBecomeResponses(t *testing.T) {
	const jsonType, textType = "application/json", "text/plain; charset=utf-8"
	const failed = `{"message":"Internal Server Error"}`
	for name, c := range map[string]struct {
		answer      string
		status      int
		contentType string
		body        string
	}{
		"a whole response": {`{"statusCode":201,"headers":{"content-type":"text/html"},"body":"<p>"}`,
			201, "text/html", "<p>"},
		"no content type":         {`{"statusCode":200,"body":"hello"}`, 200, textType, "hello"},
		"a status alone":          {`{"statusCode":204}`, 204, "", ""},
		"a body beside 204":       {`{"statusCode":204,"body":"hello"}`, 204, textType, ""},
		"a redirect":              {`{"statusCode":302,"headers":{"Location":"/x"}}`, 302, "", ""},
		"base64":                  {`{"statusCode":200,"body":"/9j/","isBase64Encoded":true}`, 200, textType, "\xff\xd8\xff"},
		"null headers and body":   {`{"statusCode":200,"headers":null,"body":null,"cookies":null}`, 200, "", ""},
		"an object without one":   {`{"hello":"world"}`, 200, jsonType, `{"hello":"world"}`},
		"a body without one":      {`{"body":"hello"}`, 200, jsonType, `{"body":"hello"}`},
		"another spelling":        {`{"statuscode":404}`, 200, jsonType, `{"statuscode":404}`},
		"a string":                {`"hello"`, 200, jsonType, `"hello"`},
		"a list":                  {`[1,2]`, 200, jsonType, `[1,2]`},
		"null":                    {`null`, 200, jsonType, `null`},
		"base64 that is none":     {`{"statusCode":200,"body":"?","isBase64Encoded":true}`, 500, jsonType, failed},
		"a status that is text":   {`{"statusCode":"200"}`, 500, jsonType, failed},
		"a null status":           {`{"statusCode":null}`, 500, jsonType, failed},
		"status zero":             {`{"statusCode":0}`, 500, jsonType, failed},
		"switching protocols":     {`{"statusCode":101}`, 500, jsonType, failed},
		"status 600":              {`{"statusCode":600}`, 500, jsonType, failed},
		"a status with a point":   {`{"statusCode":200.5}`, 500, jsonType, failed},
		"a body that is no text":  {`{"statusCode":200,"body":{"a":1}}`, 500, jsonType, failed},
		"headers that are a list": {`{"statusCode":200,"headers":["a"]}`, 500, jsonType, failed},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, "GET", serve(t, options(gateway.Route{Path: "/", Function: answering(c.answer)}))+"/", "")
			if got.status != c.status || got.body != c.body || got.header.Get("Content-Type") != c.contentType {
				t.Errorf("got %d %q %q, want %d %q %q",
					got.status, got.header.Get("Content-Type"), got.body, c.status, c.contentType, c.body)
			}
			if got, want := got.header.Get("Apigw-Requestid"), "id-1"; got != want {
				t.Errorf("apigw-requestid = %q, want %q", got, want)
			}
		})
	}
}

func TestResponseHeaders(t *testing.T) {
	f := answering(`{"statusCode":200,"body":"hello","cookies":["a=1; Path=/","b=2"],"headers":{
		"x-own":"1","Content-Length":"99","Connection":"close","Transfer-Encoding":"chunked","X-Break":"a\r\nX-Injected: 1",
		"bad name":"1","vary":"Accept"}}`)
	got := send(t, "GET", serve(t, options(gateway.Route{Path: "/", Function: f}))+"/", "")
	for name, want := range map[string]string{
		"X-Own": "1", "Content-Length": "5", "Connection": "", "Transfer-Encoding": "", "X-Injected": "", "Vary": "Accept",
		"X-Break": "a  X-Injected: 1", "Access-Control-Allow-Origin": "",
	} {
		if got := got.header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got, want := got.header.Values("Set-Cookie"), []string{"a=1; Path=/", "b=2"}; !slices.Equal(got, want) {
		t.Errorf("cookies = %q, want %q", got, want)
	}
}

func TestHeadHasNoBody(t *testing.T) {
	f := lambda.NewHandler(func() (string, error) { return "hello", nil })
	got := send(t, "HEAD", serve(t, options(gateway.Route{Path: "/", Function: f}))+"/", "")
	if got.status != http.StatusOK || got.body != "" {
		t.Errorf("got %d %q", got.status, got.body)
	}
}

func TestCORS(t *testing.T) {
	const page, stranger = "http://localhost:5173", "http://evil.example"
	own := answering(`{"statusCode":200,"headers":{"Access-Control-Allow-Origin":"http://own","access-control-max-age":"1"}}`)
	static := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Access-Control-Allow-Origin", "static")
	})
	o := options(
		gateway.Route{Method: "POST", Path: "/graphql", Function: own, Authorized: true},
		gateway.Route{Path: "/own", Function: own, Method: "GET"},
		gateway.Route{Path: "/locked", Static: static, Authorized: true},
		gateway.Route{Path: "$default", Static: static})
	off := serve(t, o)
	o.AllowOrigins = []string{page, "http://127.0.0.1:5173"}
	some := serve(t, o)
	o.AllowOrigins = []string{"*"}
	all := serve(t, o)
	for name, c := range map[string]struct {
		url, method, path, origin, asks, authorization string
		status                                         int
		allowed, vary                                  string
	}{
		"preflight of the page":               {some, "OPTIONS", "/graphql", page, "POST", "", 204, page, "Origin"},
		"preflight of a stranger":             {some, "OPTIONS", "/graphql", stranger, "POST", "", 204, "", "Origin"},
		"preflight of anyone":                 {all, "OPTIONS", "/graphql", stranger, "POST", "", 204, "*", ""},
		"preflight of a static route":         {all, "OPTIONS", "/app.js", page, "GET", "", 200, "static", ""},
		"preflight of a locked static route":  {all, "OPTIONS", "/locked", page, "GET", "", 200, "static", ""},
		"OPTIONS that is no preflight":        {all, "OPTIONS", "/graphql", page, "", "", 200, "static", ""},
		"preflight with CORS off":             {off, "OPTIONS", "/graphql", page, "POST", "", 200, "static", ""},
		"answer to the page":                  {some, "GET", "/own", page, "", "", 200, page, "Origin"},
		"answer to a stranger":                {some, "GET", "/own", stranger, "", "", 200, "", "Origin"},
		"answer to no page":                   {some, "GET", "/own", "", "", "", 200, "", "Origin"},
		"answer to anyone":                    {all, "GET", "/own", stranger, "", "", 200, "*", ""},
		"answer with CORS off":                {off, "GET", "/own", page, "", "", 200, "http://own", ""},
		"refusal can be read by the page":     {some, "POST", "/graphql", page, "", "forged", 401, page, "Origin"},
		"static route speaks for itself":      {some, "GET", "/app.js", page, "", "", 200, "static", ""},
		"so it does when it needs a token":    {some, "GET", "/locked", page, "", "valid", 200, "static", ""},
		"origin that only begins like theirs": {some, "GET", "/own", page + ".evil.example", "", "", 200, "", "Origin"},
	} {
		t.Run(name, func(t *testing.T) {
			var header []string
			for name, value := range map[string]string{
				"Origin": c.origin, "Access-Control-Request-Method": c.asks, "Authorization": c.authorization,
			} {
				if value != "" {
					header = append(header, name, value)
				}
			}
			got := send(t, c.method, c.url+c.path, "", header...)
			if got.status != c.status || got.header.Get("Vary") != c.vary {
				t.Errorf("got %d, Vary %q; want %d, %q", got.status, got.header.Get("Vary"), c.status, c.vary)
			}
			var want []string
			if c.allowed != "" {
				want = []string{c.allowed}
			}
			if got := got.header.Values("Access-Control-Allow-Origin"); !slices.Equal(got, want) {
				t.Errorf("allowed origin %q, want %q", got, want)
			}
			if c.status == 204 && c.allowed != "" {
				checkPreflight(t, got.header)
			}
			if got := got.header.Get("Access-Control-Expose-Headers"); got != "" {
				t.Errorf("exposes %q", got)
			}
		})
	}
}

func checkPreflight(t *testing.T, h http.Header) {
	t.Helper()
	for name, want := range map[string]string{
		"Access-Control-Allow-Headers": "authorization,content-type,x-amz-user-agent,x-api-key",
		"Access-Control-Allow-Methods": "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT",
		"Access-Control-Max-Age":       "600",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}
