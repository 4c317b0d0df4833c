package appsync

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const testSchema = `
type Query {
  me: String plain: Plain secret: String @aws_iam
  admins: String @aws_cognito_user_pools(cognito_groups: ["admin"])
}
type Mutation {
  publishImageEvent(event: ImageEventInput!): ImageEvent @aws_iam
  rename(id: ID, title: String, stamp: AWSTimestamp): Plain
}
type Subscription {
  imageEvents: ImageEvent @aws_subscribe(mutations: ["publishImageEvent"]) @aws_cognito_user_pools
  renamed(id: ID, title: String): Plain @aws_subscribe(mutations: ["rename"])
}
enum ImageStatus { PENDING PROCESSING READY FAILED }
enum Stage { DEVELOPING }
enum FailureCode { CORRUPT }
type ImageEvent @aws_cognito_user_pools @aws_iam {
  owner: ID! id: ID! seq: Int! version: Int! status: ImageStatus! stage: Stage failure: FailureCode
  width: Int height: Int placeholder: String deletedAt: AWSDateTime at: AWSDateTime!
}
input ImageEventInput {
  owner: ID! id: ID! seq: Int! version: Int! status: ImageStatus! stage: Stage failure: FailureCode
  width: Int height: Int placeholder: String deletedAt: AWSDateTime at: AWSDateTime!
}
interface Named { name: String }
type Cat implements Named { name: String lives: Int! }
type Dog implements Named { name: String good: Boolean! secret: String @aws_iam }
union Pet = Cat | Dog
type Plain { id: ID title: String pets: [Pet!] named: [Named] best: Cat json: AWSJSON ratio: Float stamp: AWSTimestamp }
`

// publishAll selects every field of an event, as the publisher must.
const publishAll = `mutation Publish($event: ImageEventInput!) { publishImageEvent(event: $event) {
  owner id seq version status stage failure width height placeholder deletedAt at } }`

const testKey, testSecret, testRegion = "AKIDLOCAL", "a secret", "eu-central-1"

// deployed are the resolver files as AWS gets them.
func deployed() fs.FS { return os.DirFS("../../../appsync/resolvers") }

// withFiles adds resolvers to the deployed ones, or replaces them.
func withFiles(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	names, err := fs.Glob(deployed(), "*.js")
	if err != nil || len(names) == 0 {
		t.Fatalf("deployed resolvers: %v, %v", names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(deployed(), name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// verifyTest takes a token for its user's name; "name/group" adds a group.
func verifyTest(_ context.Context, token string) (map[string]any, error) {
	sub, group, _ := strings.Cut(strings.TrimPrefix(token, "Bearer "), "/")
	switch sub {
	case "alice", "bob", "carol":
	default:
		return nil, errors.New("no such token")
	}
	claims := map[string]any{"sub": sub, "iss": "https://pool", "username": sub + "@example.com", "token_use": "access"}
	if group != "" {
		claims["cognito:groups"] = []any{group}
	}
	return claims, nil
}

func testOptions() Options {
	var n atomic.Int64
	return Options{
		Schema: testSchema, Resolvers: deployed(), Verify: verifyTest,
		AccessKey: testKey, SecretKey: testSecret, Region: testRegion,
		Now:   time.Now,
		NewID: func() string { return "id-" + string(rune('a'+n.Add(1)%26)) },
	}
}

// service is an API on a loopback port.
type service struct {
	t   testing.TB
	api *API
	url string
}

func serve(t testing.TB, o Options) *service {
	t.Helper()
	api, err := New(o)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	server := httptest.NewUnstartedServer(api)
	server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		if err := conn.(*net.TCPConn).SetWriteBuffer(4096); err != nil { // so that a slow reader soon is one
			t.Error(err)
		}
		return ctx
	}
	server.Start()
	t.Cleanup(func() {
		if err := api.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		server.Close()
	})
	return &service{t: t, api: api, url: server.URL}
}

// answer is an HTTP response with a GraphQL body.
type answer struct {
	Status int
	Header http.Header
	Data   map[string]any
	Errors []struct {
		Path      []any
		Data      any
		ErrorType string
		ErrorInfo any
		Locations []struct{ Line, Column int }
		Message   string
	}
}

// text is the first error, "" without one.
func (a answer) text() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Message
}

func (s *service) do(r *http.Request) answer {
	s.t.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	out := answer{Status: response.StatusCode, Header: response.Header}
	if err := json.Unmarshal(body, &out); err != nil {
		s.t.Fatalf("response %d %q: %v", response.StatusCode, body, err)
	}
	return out
}

// request makes a POST of a GraphQL query.
func (s *service) request(query string, variables map[string]any) *http.Request {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, s.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return r
}

// asUser queries with a user pool's token.
func (s *service) asUser(token, query string, variables map[string]any) answer {
	s.t.Helper()
	r := s.request(query, variables)
	r.Header.Set("Authorization", token)
	return s.do(r)
}

// asIAM queries with a signature by the SDK's own signer.
func (s *service) asIAM(query string, variables map[string]any) answer {
	s.t.Helper()
	r := s.request(query, variables)
	sign(s.t, r, testKey, testSecret, testRegion, "appsync", time.Now())
	return s.do(r)
}

// sign signs a request and its body as it is now.
func sign(t testing.TB, r *http.Request, key, secret, region, service string, at time.Time) {
	t.Helper()
	body, err := r.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	credentials := aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}
	payload := hex.EncodeToString(sum[:])
	if err := v4.NewSigner().SignHTTP(t.Context(), credentials, r, payload, service, region, at); err != nil {
		t.Fatal(err)
	}
}

// event is an event of an owner, with every non-null field.
func event(owner, id string, seq int) map[string]any {
	return map[string]any{
		"owner": owner, "id": id, "seq": seq, "version": 2, "status": "READY", "width": 640,
		"at": "2026-11-23T14:01:41.000Z",
	}
}

// publish announces an event, and fails the test where that is refused.
func (s *service) publish(event map[string]any) {
	s.t.Helper()
	got := s.asIAM(publishAll, map[string]any{"event": event})
	if got.Status != http.StatusOK || len(got.Errors) > 0 {
		s.t.Fatalf("publish: %d %+v", got.Status, got.Errors)
	}
}

// logBuffer gathers log lines, and signals each.
type logBuffer struct{ lines chan string }

func newLog() (*slog.Logger, *logBuffer) {
	b := &logBuffer{lines: make(chan string, 1000)}
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelInfo})), b
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.lines <- string(p)
	return len(p), nil
}

// wait answers the first line that contains a text.
func (b *logBuffer) wait(t testing.TB, part string) string {
	t.Helper()
	deadline := time.After(patient)
	for {
		select {
		case line := <-b.lines:
			if strings.Contains(line, part) {
				return line
			}
		case <-deadline:
			t.Fatalf("nothing logged with %q", part)
		}
	}
}

// has reports whether a line logged since the last look contains a text.
func (b *logBuffer) has(part string) bool {
	for {
		select {
		case line := <-b.lines:
			if strings.Contains(line, part) {
				return true
			}
		default:
			return false
		}
	}
}
