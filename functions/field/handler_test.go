package field_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/uuid"

	deployed "github.com/darkroom/darkroom/appsync"
	"github.com/darkroom/darkroom/functions/field"
	"github.com/darkroom/darkroom/functions/graphql"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	"github.com/darkroom/darkroom/internal/local/appsync"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
	"github.com/darkroom/darkroom/internal/local/lambda"
	localsqs "github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
	"github.com/darkroom/darkroom/resolvers"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// endpoint is AppSync with the deployed schema and resolvers, the function behind it, and real engines behind that.
type endpoint struct {
	t        testing.TB
	url      string
	images   dynamodb.Images
	feed     dynamodb.Feed
	resolver *resolvers.Resolver
	http     *graphql.Handler // on the same resolvers
	log      *bytes.Buffer
	broken   func() // takes the database away
}

func open(t testing.TB) endpoint {
	t.Helper()
	cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}
	db, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	queues, err := localsqs.Open(filepath.Join(t.TempDir(), "sqs"), localsqs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := queues.Declare(localsqs.Queue{Name: "process"}); err != nil {
		t.Fatal(err)
	}
	tablesServer, queueServer := httptest.NewServer(db), httptest.NewServer(queues)
	t.Cleanup(func() { tablesServer.Close(); queueServer.Close(); _ = db.Close(); _ = queues.Close() })
	at := func(url string) aws.Config { c := cfg; c.BaseEndpoint = &url; return c }
	tables := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users"}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(at(tablesServer.URL)), tables); err != nil {
		t.Fatal(err)
	}
	client := dynamodb.Open(at(tablesServer.URL))
	images, feed := dynamodb.Images{DB: client, Tables: tables}, dynamodb.Feed{DB: client, Tables: tables}
	signer, err := s3.NewSigner(t.Context(), s3.Open(at("http://127.0.0.1:1"), true), "uploads", "renditions")
	if err != nil {
		t.Fatal(err)
	}
	r := &resolvers.Resolver{
		Images: images, Creator: images, Hashes: images, Feed: feed, Users: dynamodb.Users{DB: client, Tables: tables}, Signer: signer,
		Queue: sqs.Queue{Client: sqs.Open(at(queueServer.URL)), URL: queueServer.URL + "/000000000000/process", Body: s3.Requeue{Bucket: "up"}.Body},
		Now:   func() time.Time { return noon },
		NewID: func() gallery.ID { return gallery.ID(uuid.Must(uuid.NewV7()).String()) },
	}
	e := endpoint{t: t, http: graphql.New(graphql.Options{Resolvers: r, Log: slog.New(slog.DiscardHandler)}), images: images, feed: feed, resolver: r, log: &bytes.Buffer{}, broken: tablesServer.Close}
	e.url = e.serve(field.New(r, slog.New(slog.NewTextHandler(e.log, nil))))
	return e
}

// serve puts a handler behind AppSync.
func (e endpoint) serve(handler any) string {
	e.t.Helper()
	f, err := lambda.New(lambda.Options{Name: "field", Handler: handler, Timeout: 20 * time.Second, NewID: func() string { return "request-1" }})
	if err != nil {
		e.t.Fatal(err)
	}
	schema, err := deployed.Files.ReadFile("schema.graphql")
	if err != nil {
		e.t.Fatal(err)
	}
	files, err := fs.Sub(deployed.Files, "resolvers")
	if err != nil {
		e.t.Fatal(err)
	}
	api, err := appsync.New(appsync.Options{
		Schema: string(schema), Resolvers: files, Shared: deployed.Shared, Invoke: f.Invoke,
		Verify: verify, Now: time.Now, NewID: uuid.NewString,
	})
	if err != nil {
		e.t.Fatal(err)
	}
	server := httptest.NewServer(api)
	e.t.Cleanup(func() { server.Close(); _ = api.Close(); _ = f.Close(context.Background()) })
	return server.URL + "/graphql"
}

// verify takes a token for its user's name, with the claims of an access token; "name/id" has those of an ID token.
func verify(_ context.Context, token string) (map[string]any, error) {
	sub, use, ok := strings.Cut(token, "/")
	if !ok {
		use = "access"
	}
	if sub != "ann" && sub != "ben" {
		return nil, errors.New("no such user")
	}
	return map[string]any{"sub": sub, "token_use": use, "cognito:groups": []any{"editors"}}, nil
}

// answer is AppSync's response.
type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message, ErrorType string
		ErrorInfo          any
		Path               []any
	}
}

// short is an answer in a line: data, then each error's type, info and path.
func (a answer) short() string {
	out := string(a.Data)
	for _, e := range a.Errors {
		info, _ := json.Marshal(e.ErrorInfo)
		out += fmt.Sprintf(" | %s %s %v", e.ErrorType, info, e.Path)
	}
	return out
}

// ask sends a request as a user.
func (e endpoint) ask(token, query string, variables map[string]any) answer {
	e.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		e.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	r.Header.Set("Authorization", token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	var out answer
	if err := json.Unmarshal(text, &out); err != nil {
		e.t.Fatalf("%s: %v", text, err)
	}
	return out
}

// ready stores a finished image of an owner.
func (e endpoint) ready(owner gallery.Owner, filename string) gallery.Image {
	e.t.Helper()
	return e.finished(owner, fmt.Sprintf("%064x", len(filename)), []gallery.Rendition{{
		Name: "large", Digest: "abc", Width: 1024, Height: 640, Bytes: 45, ContentType: "image/jpeg",
	}})
}

func (e endpoint) finished(owner gallery.Owner, sha256 string, renditions []gallery.Rendition) gallery.Image {
	e.t.Helper()
	i := gallery.New(owner, e.resolver.NewID(), gallery.Upload{
		Filename: "one.jpg", ContentType: "image/jpeg", Bytes: 3, SHA256: sha256,
	}, noon)
	if err := e.images.Create(e.t.Context(), i, gallery.DefaultQuota()); err != nil {
		e.t.Fatal(err)
	}
	i, err := i.Claim(noon)
	if err != nil {
		e.t.Fatal(err)
	}
	e.save(i)
	facts := gallery.Facts{Format: "jpeg", Width: 1024, Height: 640, Capture: gallery.Capture{Make: "RICOH", TakenAt: noon}}
	if i, err = i.Finish(facts, renditions, noon); err != nil {
		e.t.Fatal(err)
	}
	e.save(i)
	return i
}

func (e endpoint) save(i gallery.Image) {
	e.t.Helper()
	if err := e.images.Save(e.t.Context(), i); err != nil {
		e.t.Fatal(err)
	}
}
