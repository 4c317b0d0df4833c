package gateway

import (
	"encoding/base64"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// What stands in events for the account, the API and its stage.
const (
	accountID = "000000000000"
	apiID     = "local"
	stage     = "$default"
)

// request is what the gateway found out about an HTTP request.
type request struct {
	id         string
	route      *route
	parameters map[string]string // in the path
	claims     map[string]any    // nil on an open route
}

// event is the HTTP request as a function sees it, in payload format 2.0.
func (q request) event(r *http.Request, body []byte, now time.Time) events.APIGatewayV2HTTPRequest {
	text, isBase64 := bodyText(r.Header, body)
	// The path stays as it was sent: a decoded %2F could not be told from a slash any more.
	path := r.URL.EscapedPath()
	return events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RouteKey:              q.route.key(),
		RawPath:               path,
		RawQueryString:        r.URL.RawQuery,
		Cookies:               cookies(r.Header),
		Headers:               headers(r, len(body)),
		QueryStringParameters: query(r.URL.RawQuery),
		PathParameters:        q.parameters,
		Body:                  text,
		IsBase64Encoded:       isBase64,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey:     q.route.key(),
			AccountID:    accountID,
			Stage:        stage,
			RequestID:    q.id,
			Authorizer:   q.authorizer(),
			APIID:        apiID,
			DomainName:   hostName(r.Host),
			DomainPrefix: apiID,
			Time:         now.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method:    r.Method,
				Path:      path,
				Protocol:  r.Proto,
				SourceIP:  hostName(r.RemoteAddr),
				UserAgent: r.UserAgent(),
			},
		},
	}
}

// authorizer hands the claims on. Scopes stay empty, as they are for routes that ask for none.
func (q request) authorizer() *events.APIGatewayV2HTTPRequestContextAuthorizerDescription {
	if !q.route.Authorized {
		return nil
	}
	return &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: stringified(q.claims)},
	}
}

// headers are the request's, in lower case and joined by commas, without cookies and what belongs to the connection.
func headers(r *http.Request, bodySize int) map[string]string {
	out := make(map[string]string, len(r.Header)+4)
	for name, values := range r.Header {
		if name != "Cookie" && !ofConnection(name) {
			out[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	out["host"] = r.Host
	if bodySize > 0 {
		out["content-length"] = strconv.Itoa(bodySize)
	}
	scheme, port := "http", "80"
	if r.TLS != nil {
		scheme, port = "https", "443"
	}
	if _, own, err := net.SplitHostPort(r.Host); err == nil {
		port = own
	}
	out["x-forwarded-proto"], out["x-forwarded-port"] = scheme, port
	from := append(slices.Clone(r.Header.Values("X-Forwarded-For")), hostName(r.RemoteAddr))
	out["x-forwarded-for"] = strings.Join(from, ", ")
	return out
}

// ofConnection says whether a header, its name in canonical form, is between two neighbours and not passed on.
func ofConnection(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
		"Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return true
	}
	return false
}

func cookies(h http.Header) []string {
	var out []string
	for _, line := range h.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				out = append(out, cookie)
			}
		}
	}
	return out
}

// query are the decoded parameters, repeated ones joined by commas. What cannot be decoded is in rawQueryString only.
func query(raw string) map[string]string {
	values, _ := url.ParseQuery(raw)
	if len(values) == 0 {
		return nil
	}
	out := make(map[string]string, len(values))
	for name := range maps.Keys(values) {
		out[name] = strings.Join(values[name], ",")
	}
	return out
}

// bodyText is the body as JSON can carry it: text of the types AWS takes for text, base64 otherwise.
func bodyText(h http.Header, body []byte) (text string, isBase64 bool) {
	if len(body) == 0 {
		return "", false
	}
	media, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	isText := strings.HasPrefix(media, "text/") || media == "application/json" ||
		media == "application/javascript" || media == "application/xml"
	if isText && h.Get("Content-Encoding") == "" && utf8.Valid(body) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

// hostName is an address without its port.
func hostName(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}
