package appsync

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/local/sigv4"
)

func TestPublishingNeedsAnIAMSignature(t *testing.T) {
	s := serve(t, testOptions())
	now := time.Now()
	signed := func(key, secret, region, service string, at time.Time) func(*http.Request) {
		return func(r *http.Request) { sign(t, r, key, secret, region, service, at) }
	}
	good := signed(testKey, testSecret, testRegion, "appsync", now)
	from := func(d time.Duration) func(*http.Request) {
		return signed(testKey, testSecret, testRegion, "appsync", now.Add(d))
	}
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	query := func(raw string) func(*http.Request) { return func(r *http.Request) { r.URL.RawQuery = raw } }
	body := func(r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(strings.Replace(string(text), "alice", "carol", 1)))
	}
	hostUnsigned := func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), ";host", "", 1))
	}
	for _, test := range []struct {
		name   string
		steps  []func(*http.Request)
		status int
		kind   string
	}{
		{"signed", steps(good), 200, ""},
		{"signed, with a query in the URL", steps(query("b=2&a=1+%2F%C3%BC&a=0"), good), 200, ""},
		{"signed four minutes ago", steps(from(-4 * time.Minute)), 200, ""},
		{"nothing", nil, 401, typeUnauthenticated},
		{"a wrong secret", steps(signed(testKey, "other", testRegion, "appsync", now)), 403, typeBadSignature},
		{"an unknown key", steps(signed("AKIDOTHER", testSecret, testRegion, "appsync", now)), 403, typeUnknownKey},
		{"another region", steps(signed(testKey, testSecret, "us-east-1", "appsync", now)), 403, typeBadSignature},
		{"another service", steps(signed(testKey, testSecret, testRegion, "s3", now)), 403, typeBadSignature},
		{"an old signature", steps(from(-6 * time.Minute)), 403, typeBadSignature},
		{"a signature of the future", steps(from(6 * time.Minute)), 403, typeBadSignature},
		{"an altered body", steps(good, body), 403, typeBadSignature},
		{"an altered query", steps(good, query("a=1")), 403, typeBadSignature},
		{"an altered signed header", steps(good, header("Content-Type", "text/plain")), 403, typeBadSignature},
		{"a changed time", steps(from(-time.Second), header("X-Amz-Date", now.UTC().Format("20060102T150405Z"))), 403, typeBadSignature},
		{"no time", steps(good, header("X-Amz-Date", "")), 403, typeNoSignature},
		{"half a signature", steps(header("Authorization", sigv4.Algorithm+" Credential=a/b")), 403, typeNoSignature},
		{"a host that is not signed", steps(good, hostUnsigned), 403, typeNoSignature},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := s.request(publishAll, map[string]any{"event": event("alice", "img", 1)})
			for _, step := range test.steps {
				step(r)
			}
			got := s.do(r)
			kind := ""
			if len(got.Errors) > 0 {
				kind = got.Errors[0].ErrorType
			}
			if got.Status != test.status || kind != test.kind {
				t.Errorf("got %d %q (%s), want %d %q", got.Status, kind, got.text(), test.status, test.kind)
			}
		})
	}
}

func steps(all ...func(*http.Request)) []func(*http.Request) { return all }

func TestWithoutAnIdentityNothingIsSignedWell(t *testing.T) {
	o := testOptions()
	o.AccessKey, o.SecretKey = "", ""
	s := serve(t, o)
	r := s.request(publishAll, map[string]any{"event": event("alice", "img", 1)})
	sign(t, r, "", "", testRegion, "appsync", time.Now())
	if got := s.do(r); got.Status != http.StatusForbidden {
		t.Errorf("got %d, want 403", got.Status)
	}
}

func TestAnIAMIdentityHasNoEventsOfItsOwn(t *testing.T) {
	s := serve(t, testOptions())
	c := s.connect("alice")
	data := `{"query":"subscription { imageEvents { id } }"}`
	r, err := http.NewRequest(http.MethodPost, s.url+"/graphql", strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	sign(t, r, testKey, testSecret, testRegion, "appsync", time.Now())
	start := func(data string) frame {
		object := fmt.Sprintf(`{"host":%q,"x-amz-date":%q,"content-length":"%d","authorization":%q}`, r.URL.Host,
			r.Header.Get("X-Amz-Date"), r.ContentLength, r.Header.Get("Authorization"))
		c.send(fmt.Sprintf(`{"id":"1","type":"start","payload":{"data":%s,"extensions":{"authorization":%s}}}`,
			quote(data), object))
		return c.next()
	}
	if got := start(data).short(); got != "error Unauthorized" {
		t.Errorf("signed: got %q, want error Unauthorized", got)
	}
	if got := start(data + " ").short(); got != "error InvalidSignatureException" {
		t.Errorf("with altered data: got %q, want error InvalidSignatureException", got)
	}
}

func TestAnIAMIdentityConnectsBySigningConnect(t *testing.T) {
	s := serve(t, testOptions())
	r, err := http.NewRequest(http.MethodPost, s.url+"/graphql/connect", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json, text/javascript")
	r.Header.Set("Content-Encoding", "amz-1.0")
	sign(t, r, testKey, testSecret, testRegion, "appsync", time.Now())
	object := fmt.Sprintf(`{"accept":"application/json, text/javascript","content-encoding":"amz-1.0","host":%q,`+
		`"X-Amz-Date":%q,"content-length":"2","Authorization":%q}`, r.URL.Host, r.Header.Get("X-Amz-Date"),
		r.Header.Get("Authorization"))
	c := s.dial("/graphql/realtime", nil, subprotocol, encoded(object))
	c.nothingUntil()
	bad := s.dial("/graphql/realtime", nil, subprotocol, encoded(strings.Replace(object, `"content-length":"2"`, `"x":""`, 1)))
	bad.send(`{"type":"connection_init"}`)
	if got := bad.next().short(); got != "connection_error InvalidSignatureException 403" {
		t.Errorf("without a signed header: got %q", got)
	}
}
