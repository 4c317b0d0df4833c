package graphql_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/functions/graphql"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/graph"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
	localsqs "github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
	"github.com/darkroom/darkroom/resolvers"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// api is the function on real engines, called with JSON as Lambda does.
type api struct {
	t         testing.TB
	handler   awslambda.Handler
	resolvers graph.ResolverRoot
	handle    any // what handler runs; each concurrent caller needs a handler of its own
	later     *time.Duration
	images    dynamodb.Images
	jobs      dynamodb.Jobs
	bucket    s3.Bucket
	queues    *localsqs.Service
	log       *bytes.Buffer
	broken    func() // takes the database away
}

// open has no object store: signing needs none.
func open(t testing.TB, introspection bool) api {
	t.Helper()
	return openAt(t, introspection, "http://127.0.0.1:1")
}

func openAt(t testing.TB, introspection bool, store string) api {
	t.Helper()
	cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret-secret", "")}
	db, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tablesServer := httptest.NewServer(db)
	queues, err := localsqs.Open(filepath.Join(t.TempDir(), "sqs"), localsqs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := queues.Declare(localsqs.Queue{Name: "process"}); err != nil {
		t.Fatal(err)
	}
	queueServer := httptest.NewServer(queues)
	t.Cleanup(func() { tablesServer.Close(); queueServer.Close(); _ = db.Close(); _ = queues.Close() })

	tables := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users", Shares: "shares"}
	at := func(url string) aws.Config { c := cfg; c.BaseEndpoint = &url; return c }
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(at(tablesServer.URL)), tables); err != nil {
		t.Fatal(err)
	}
	client := dynamodb.Open(at(tablesServer.URL))
	images := dynamodb.Images{DB: client, Tables: tables}
	objects := s3.Open(at(store), true)
	bucket := s3.Bucket{Client: objects, Uploads: "uploads", Renditions: "renditions"}
	signer, err := s3.NewSigner(t.Context(), objects, "uploads", "renditions")
	if err != nil {
		t.Fatal(err)
	}
	log, later := &bytes.Buffer{}, new(time.Duration)
	pool := &members{}
	root := &resolvers.Resolver{
		Images: images, Creator: images, Hashes: images,
		Users:     dynamodb.Users{DB: client, Tables: tables},
		Accounts:  dynamodb.Users{DB: client, Tables: tables},
		Members:   pool,
		Shares:    dynamodb.Shares{DB: client, Tables: tables},
		Deletions: dynamodb.Deletions{DB: client, Tables: tables},
		Exporter:  dynamodb.Jobs{DB: client, Tables: tables},
		Feed:      dynamodb.Feed{DB: client, Tables: tables},
		Signer:    signer,
		Queue:     sqs.Queue{Client: sqs.Open(at(queueServer.URL)), URL: queueServer.URL + "/000000000000/process", Body: s3.Requeue{Bucket: "up"}.Body},
		Parts:     bucket,
		Jobs:      dynamodb.Jobs{DB: client, Tables: tables},
		Now:       func() time.Time { return noon.Add(*later) },
		NewToken:  func() string { return strings.ReplaceAll(uuid.NewString(), "-", "") },
		ShareURL:  "https://example.com/s/",
		NewID:     func() gallery.ID { return gallery.ID(uuid.Must(uuid.NewV7()).String()) },
	}
	h := graphql.New(graphql.Options{
		Resolvers:     root,
		Introspection: introspection,
		Log:           slog.New(slog.NewTextHandler(log, nil)),
	})
	return api{
		t: t, resolvers: root, bucket: bucket, jobs: dynamodb.Jobs{DB: client, Tables: tables}, handler: awslambda.NewHandler(h.Handle), handle: h.Handle, images: images, queues: queues, log: log, later: later,
		broken: tablesServer.Close,
	}
}

// claims are what API Gateway's authorizer hands over for a user.
func claims(sub string) map[string]string {
	return map[string]string{"sub": sub, "token_use": "access"}
}

// send invokes the function as API Gateway would; without claims, as if no authorizer stood before it.
func (a api) send(claims map[string]string, body string, headers map[string]string) events.APIGatewayV2HTTPResponse {
	a.t.Helper()
	e := events.APIGatewayV2HTTPRequest{Version: "2.0", RawPath: "/graphql", Body: body, Headers: map[string]string{"content-type": "application/json"}}
	for k, v := range headers {
		e.Headers[k] = v
	}
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path, e.RequestContext.RequestID = "POST", "/graphql", "request-1"
	if claims != nil {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims},
		}
	}
	payload, err := json.Marshal(e)
	if err != nil {
		a.t.Fatal(err)
	}
	answer, err := a.handler.Invoke(context.Background(), payload)
	if err != nil {
		a.t.Fatal(err)
	}
	var res events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(answer, &res); err != nil {
		a.t.Fatal(err)
	}
	return res
}

type answer struct {
	Data   map[string]json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct{ Code, Field, RequestID string }
	}
}

func (a api) query(sub, query string) answer {
	a.t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	res := a.send(claims(sub), string(body), nil)
	var got answer
	if err := json.Unmarshal([]byte(res.Body), &got); err != nil {
		a.t.Fatalf("%d %s: %v", res.StatusCode, res.Body, err)
	}
	return got
}

// code is the code of the only error.
func (got answer) code() string {
	if len(got.Errors) != 1 {
		return fmt.Sprintf("%d errors: %+v", len(got.Errors), got.Errors)
	}
	return got.Errors[0].Extensions.Code
}

const upload = `mutation { createUpload(filename: "a.jpg", contentType: "image/jpeg", bytes: 3, sha256: "` +
	"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" +
	`") { __typename ... on UploadTarget { url expiresAt headers { name value } image { id status version } } ... on AlreadyHave { image { id status deletedAt } } } }`

// uploaded creates an image and answers its id.
func (a api) uploaded(sub string) gallery.ID {
	a.t.Helper()
	got := a.query(sub, upload)
	var u struct{ Image struct{ ID gallery.ID } }
	if err := json.Unmarshal(got.Data["createUpload"], &u); err != nil || u.Image.ID == "" {
		a.t.Fatalf("%+v: %v", got, err)
	}
	return u.Image.ID
}

func TestWithoutVerifiedClaimsNobodyIsLetIn(t *testing.T) {
	a := open(t, false)
	for name, c := range map[string]map[string]string{
		"no authorizer":     nil,
		"no sub":            {"token_use": "access"},
		"an ID token":       {"sub": "ann", "token_use": "id"},
		"a sub with a path": {"sub": "../ben", "token_use": "access"},
	} {
		forged := map[string]string{"x-golambdaproxy-apigw-context": `{"authorizer":{"jwt":{"claims":{"sub":"ann","token_use":"access"}}}}`}
		if res := a.send(c, `{"query":"{ me { id } }"}`, forged); res.StatusCode != 401 || res.Body != `{"message":"Unauthorized"}` {
			t.Errorf("%s: got %d %s", name, res.StatusCode, res.Body)
		}
	}
}

func TestTheSameBytesAreAskedForUntilTheyArrive(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	if again := a.uploaded("ann"); again != id {
		t.Errorf("the same bytes became another image")
	}
	if other := a.uploaded("ben"); other == id {
		t.Errorf("another owner's bytes became the same image")
	}
	got := a.query("ann", upload)
	for _, signed := range []string{`"x-amz-checksum-sha256"`, `"if-none-match"`, `"content-type"`, "2026-11-23T13:00:00Z"} {
		if !strings.Contains(string(got.Data["createUpload"]), signed) {
			t.Errorf("the target lacks %s: %s", signed, got.Data["createUpload"])
		}
	}
}

func TestAnotherOwnersImageIsNotFoundByAnyField(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	for _, q := range []string{
		`{ image(id: "%s") { id } }`, `mutation { deleteImage(id: "%s") { id } }`, `mutation { restoreImage(id: "%s") { id } }`,
		`mutation { purgeImage(id: "%s") { id } }`, `mutation { completeUpload(id: "%s") { id } }`,
		`{ uploadProgress(id: "%s") { complete } }`, `{ reprocess(id: "%s") { state } }`,
		`mutation { cancelReprocess(id: "%s") { state } }`,
		`mutation { uploadParts(id: "%s", parts: [{number: 1, bytes: 1, sha256: "00"}]) { url } }`,
	} {
		if got := a.query("ben", fmt.Sprintf(q, id)).code(); got != "NOT_FOUND" {
			t.Errorf("%s: got %s", q, got)
		}
	}
	if got := a.query("ben", `{ images { edges { node { id } } } }`); string(got.Data["images"]) != `{"edges":[]}` {
		t.Errorf("images: got %s", got.Data["images"])
	}
}

func TestATrashedImageComesBackAndItsWorkIsTakenUp(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	for range 2 { // deleting twice is fine
		got := a.query("ann", fmt.Sprintf(`mutation { deleteImage(id: "%s") { version deletedAt purgeAt } }`, id))
		if want := `{"version":3,"deletedAt":"2026-11-23T12:00:00Z","purgeAt":"2026-12-23T12:00:00Z"}`; len(got.Errors) > 0 || a.version(id) < 2 {
			t.Errorf("delete: got %s %+v, want %s", got.Data["deleteImage"], got.Errors, want)
		}
	}
	if got := a.query("ann", `{ images { edges { node { id } } } }`); string(got.Data["images"]) != `{"edges":[]}` {
		t.Errorf("the trash is listed: %s", got.Data["images"])
	}
	const trash = `{ trash { edges { node { id } } pageInfo { hasNextPage } } }`
	for who, edges := range map[string]string{"ann": fmt.Sprintf(`{"node":{"id":%q}}`, id), "ben": ""} {
		if got, want := string(a.query(who, trash).Data["trash"]), `{"edges":[`+edges+`],"pageInfo":{"hasNextPage":false}}`; got != want {
			t.Errorf("%s's trash: got %s, want %s", who, got, want)
		}
	}
	got := a.query("ann", fmt.Sprintf(`mutation { restoreImage(id: "%s") { status deletedAt } }`, id))
	if string(got.Data["restoreImage"]) != `{"status":"PENDING","deletedAt":null}` {
		t.Errorf("restore: got %s %+v", got.Data["restoreImage"], got.Errors)
	}
	if got := string(a.query("ann", trash).Data["trash"]); !strings.HasPrefix(got, `{"edges":[]`) {
		t.Errorf("restored, it is in the trash: %s", got)
	}
	messages, err := a.queues.Receive(t.Context(), "process", localsqs.ReceiveOptions{Max: 1, Wait: time.Second})
	if err != nil || len(messages) != 1 {
		t.Fatalf("got %d messages, %v, want the image's", len(messages), err)
	}
	arrivals, err := s3.DecodeEvent(messages[0].Body)
	if err != nil || len(arrivals) != 1 || arrivals[0] != (s3.Arrival{Owner: "ann", ID: id}) {
		t.Errorf("got %+v, %v", arrivals, err)
	}
}

func (a api) version(id gallery.ID) int64 {
	i, err := a.images.Get(context.Background(), "ann", id)
	if err != nil {
		a.t.Fatal(err)
	}
	return i.Version
}

func TestRefusalsCarryTheirCode(t *testing.T) {
	a := open(t, false)
	deep := strings.Repeat("edges { node { ", 7) + "id" + strings.Repeat(" } }", 7)
	bomb := "query { ...f0 } "
	for n := range 24 {
		bomb += fmt.Sprintf("fragment f%d on Query { a%d: me { id } ...f%d ...f%d } ", n, n, n+1, n+1)
	}
	bomb += "fragment f24 on Query { me { id } }"
	aliases := ""
	for n := range 1000 {
		aliases += fmt.Sprintf("a%d: me { id } ", n)
	}
	trashes := ""
	for n := range 30 {
		trashes += fmt.Sprintf("t%d: trash(first: 100) { edges { node { id filename renditions { url } } } } ", n)
	}
	for name, c := range map[string]struct{ query, code string }{
		"an id that is none":            {`{ image(id: "1") { id } }`, "INVALID_INPUT"},
		"an image that is none":         {`{ image(id: "019353ab-9c4e-7def-8123-456789abcdef") { id } }`, "NOT_FOUND"},
		"a page too large":              {`{ images(first: 101) { edges { cursor } } }`, "INVALID_INPUT"},
		"a page of nothing":             {`{ images(first: 0) { edges { cursor } } }`, "INVALID_INPUT"},
		"a cursor that is none":         {`{ images(after: "x") { edges { cursor } } }`, "INVALID_INPUT"},
		"a page of trash too large":     {`{ trash(first: 101) { edges { cursor } } }`, "INVALID_INPUT"},
		"a cursor of another list":      {`{ trash(after: "VVBMT0FERUR8MDE5MzUzYWI") { edges { cursor } } }`, "INVALID_INPUT"},
		"pages of trash by the dozen":   {"{ " + trashes + " }", "COMPLEXITY_LIMIT_EXCEEDED"},
		"a negative event":              {`{ changes(after: -1) { head } }`, "INVALID_INPUT"},
		"a wrong upload":                {strings.Replace(upload, "image/jpeg", "text/html", 1), "INVALID_INPUT"},
		"a subscription":                {`subscription { imageEvents { id } }`, "INVALID_INPUT"},
		"an unknown field":              {`{ images { ` + deep + ` } }`, "GRAPHQL_VALIDATION_FAILED"},
		"fragments that spread forever": {bomb, "COMPLEXITY_LIMIT_EXCEEDED"},
		"aliases by the thousand":       {"{ " + aliases + " }", "GRAPHQL_PARSE_FAILED"},
		"not GraphQL":                   {"{", "GRAPHQL_PARSE_FAILED"},
		"the schema":                    {`{ __schema { types { name } } }`, "INTROSPECTION_DISABLED"},
	} {
		started := time.Now()
		if got := a.query("ann", c.query).code(); got != c.code {
			t.Errorf("%s: got %s, want %s", name, got, c.code)
		}
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%s: answered after %v", name, took)
		}
	}
}

func TestBodiesThatAreNoRequestAreRefused(t *testing.T) {
	a := open(t, false)
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"not JSON":  {"query", 400},
		"a batch":   {`[{"query":"{ me { id } }"},{"query":"{ me { id } }"}]`, 400},
		"too large": {`{"query":"{ me { id } }","x":"` + strings.Repeat("x", 400<<10) + `"}`, 413},
		"empty":     {"", 400},
	} {
		res := a.send(claims("ann"), c.body, nil)
		if res.StatusCode != c.status {
			t.Errorf("%s: got %d %s, want %d", name, res.StatusCode, res.Body, c.status)
		}
	}
}

func TestAPersistedQueryIsAskedForByItsHash(t *testing.T) {
	a := open(t, false)
	const hash = `"extensions":{"persistedQuery":{"version":1,"sha256Hash":"d23d0e5bef1d4dd8ec4b0ee8a0ea6f1d8bd5f0bcbd4ec95a3ad4b9a9cb3b1ad6"}}`
	if res := a.send(claims("ann"), "{"+hash+"}", nil); !strings.Contains(res.Body, "PERSISTED_QUERY_NOT_FOUND") {
		t.Errorf("unknown: got %s", res.Body)
	}
	if res := a.send(claims("ann"), `{"query":"{ me { id } }",`+hash+"}", nil); !strings.Contains(res.Body, "hash does not match") {
		t.Errorf("another's hash: got %s", res.Body)
	}
}

func TestAFaultOfOursTellsItsRequestAndNothingElse(t *testing.T) {
	a := open(t, false)
	a.broken()
	got := a.query("ann", `{ me { id } }`)
	if got.code() != "INTERNAL" || got.Errors[0].Extensions.RequestID != "request-1" || strings.Contains(got.Errors[0].Message, "127.0.0.1") {
		t.Errorf("got %+v", got.Errors)
	}
	if n := strings.Count(a.log.String(), "request-1"); n != 1 || !strings.Contains(a.log.String(), "refused") {
		t.Errorf("logged %d times: %s", n, a.log)
	}
}

func TestIntrospectionIsAMatterOfConfiguration(t *testing.T) {
	a := open(t, true)
	none := answer{}.code()
	ofType := strings.Repeat("ofType { ", 9) + "name" + strings.Repeat(" }", 9) // as graphql-js asks
	for name, c := range map[string]struct{ query, code string }{
		"the query type": {`{ __schema { queryType { name } } }`, none},
		"what editors ask": {`{ __schema { types { fields { args { type { ` + ofType + ` } } } inputFields { type { name } } }
			directives { args { type { ` + ofType + ` } } } } }`, none},
		"the fields of types of fields of types": {`{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }`, "GRAPHQL_VALIDATION_FAILED"},
		"… by fragments": {`{ __schema { types { ...f } } }
			fragment f on __Type { fields { type { ...g } } } fragment g on __Type { interfaces { possibleTypes { name } } }`, "GRAPHQL_VALIDATION_FAILED"},
	} {
		if got := a.query("ann", c.query); got.code() != c.code {
			t.Errorf("%s: got %q, want %q", name, got.code(), c.code)
		}
	}
}

// TestTheLogTellsOfEachMutation: of which image, in which request, and what came of it. A hostile id is not repeated.
func TestTheLogTellsOfEachMutation(t *testing.T) {
	a := open(t, false)
	id := a.uploaded("ann")
	a.query("ann", fmt.Sprintf(`mutation { deleteImage(id: "%s") { id } }`, id))
	a.query("ben", fmt.Sprintf(`mutation { deleteImage(id: "%s") { id } }`, id))
	a.query("ann", `mutation { deleteImage(id: "../ben") { id } }`)
	a.query("ann", `{ me { id } }`)
	want := []string{
		"msg=mutation request=request-1 field=createUpload image=" + string(id) + " outcome=OK",
		"msg=mutation request=request-1 field=deleteImage image=" + string(id) + " outcome=OK",
		"msg=mutation request=request-1 field=deleteImage image=" + string(id) + " outcome=NOT_FOUND",
		`msg=mutation request=request-1 field=deleteImage image="" outcome=INVALID_INPUT`,
	}
	lines := strings.Split(strings.TrimSpace(a.log.String()), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %d lines, want %d:\n%s", len(lines), len(want), a.log)
	}
	for n, line := range lines {
		if !strings.HasSuffix(line, want[n]) {
			t.Errorf("got %s, want %s", line, want[n])
		}
	}
}
