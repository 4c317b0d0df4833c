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
