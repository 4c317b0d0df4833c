package iam

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// maxBody bounds a request that is read to know what it does; pictures are not.
const maxBody = 16 << 20

// Gate is all endpoints of one function: it knows by a request's signature which service is meant. A URL that the function
// has signed leads through it too, so that what clients do with it is done by the function's role, as on AWS.
type Gate struct {
	role    *Role
	engines map[string]*httputil.ReverseProxy
	before  func(Call)
}

// NewGate makes the gate of a role before engines, which are base URLs by the names of their services. before is told of
// what is about to be done, and may take its time; nil: nobody is.
func NewGate(role *Role, engines map[string]string, before func(Call)) (*Gate, error) {
	g := &Gate{role: role, engines: map[string]*httputil.ReverseProxy{}, before: before}
	if before == nil {
		g.before = func(Call) {}
	}
	for service, base := range engines {
		target, err := url.Parse(base)
		if err != nil {
			return nil, fmt.Errorf("the engine of %s: %w", service, err)
		}
		g.engines[service] = &httputil.ReverseProxy{
			// The host is signed: it stays what the client has sent.
			Rewrite:        func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host },
			ModifyResponse: g.absent,
			ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { panic(http.ErrAbortHandler) },
		}
	}
	return g, nil
}

var scope = regexp.MustCompile(`^[^/]+/\d{8}/[^/]+/([a-z0-9-]+)/aws4_request`)

// service reads for which service a request was signed, in its header or in its URL.
func service(r *http.Request) string {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, signed, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential = signed
	}
	if m := scope.FindStringSubmatch(credential); m != nil {
		return m[1]
	}
	return ""
}

// ServeHTTP lets through what the role allows.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := service(r)
	engine := g.engines[name]
	if engine == nil {
		http.Error(w, "signed for no service that is here: "+name, http.StatusForbidden)
		return
	}
	var body []byte
	if name != "s3" || r.Method == http.MethodPost && r.URL.Query().Has("delete") {
		var err error
		if body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
			return // the client is gone, or has been told
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	calls, err := callsOf(name, r, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if denied, ok := g.role.allow(calls); !ok {
		g.refuse(w, name, denied)
		return
	}
	for _, c := range calls {
		g.before(c)
	}
	engine.ServeHTTP(w, r)
}

// absent holds the answer that an object is not there to the right to be told so.
func (g *Gate) absent(res *http.Response) error {
	c, ok := absence(res.Request, res.StatusCode)
	if !ok {
		return nil
	}
	if _, allowed := g.role.allow([]Call{c}); allowed {
		return nil
	}
	body := refusal("s3", g.role.Name, c)
	res.Body.Close()
	res.StatusCode, res.Status = http.StatusForbidden, "403 Forbidden"
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Set("Content-Length", fmt.Sprint(len(body)))
	if res.Request.Method == http.MethodHead {
		res.Body, res.ContentLength = http.NoBody, 0
		res.Header.Del("Content-Length")
	}
	return nil
}

// refuse answers as the service does.
func (g *Gate) refuse(w http.ResponseWriter, service string, c Call) {
	status, kind := http.StatusBadRequest, "application/x-amz-json-1.0"
	switch service {
	case "s3":
		status, kind = http.StatusForbidden, "application/xml"
	case "appsync":
		status, kind = http.StatusUnauthorized, "application/json"
	}
	body := refusal(service, g.role.Name, c)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)) // the SDK compares DynamoDB's
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func refusal(service, role string, c Call) []byte {
	message := fmt.Sprintf("User: arn:aws:sts::%s:assumed-role/%s/%[2]s is not authorized to perform: %s on resource: %s because "+
		"no identity-based policy allows the %[3]s action", Account, role, c.Action, c.Resource)
	switch service {
	case "s3":
		body, _ := xml.Marshal(struct { // texts alone: it cannot fail
			XMLName       xml.Name `xml:"Error"`
			Code, Message string
		}{Code: "AccessDenied", Message: message})
		return append([]byte(xml.Header), body...)
	case "appsync":
		body, _ := json.Marshal(map[string]any{"errors": []any{map[string]any{
			"errorType": "UnauthorizedException", "message": "Permission denied", "reason": message,
		}}})
		return body
	}
	body, _ := json.Marshal(map[string]string{"__type": "com.amazon.coral.service#AccessDeniedException", "Message": message})
	return body
}
