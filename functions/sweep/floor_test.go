package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
	gateway "github.com/darkroom/darkroom/internal/local/s3"
	"github.com/darkroom/darkroom/internal/s3"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const ann gallery.Owner = "ann"

// floor is the sweeper on real engines; what it puts back into the queue is written down.
type floor struct {
	t       *testing.T
	handler sweep.Handler
	images  dynamodb.Images
	users   dynamodb.Users
	feed    dynamodb.Feed
	jobs    dynamodb.Jobs
	shares  dynamodb.Shares
	leaving dynamodb.Deletions
	members *members
	network *network
	client  *sdks3.Client
	bucket  s3.Bucket
	now     *time.Time
	queue   *queue
}

type queue struct {
	mu     sync.Mutex
	asked  []gallery.ID
	broken bool
}

func (q *queue) Requeue(_ context.Context, _ gallery.Owner, id gallery.ID) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.broken {
		return errors.New("connection refused")
	}
	q.asked = append(q.asked, id)
	return nil
}

func open(t *testing.T) floor {
	t.Helper()
	wire := &network{}
	cfg := aws.Config{Region: "us-east-1", HTTPClient: wire, Credentials: credentials.NewStaticCredentialsProvider("key", "secret-secret", "")}
	at := func(url string) aws.Config { c := cfg; c.BaseEndpoint = &url; return c }
	db, err := engine.Open(filepath.Join(t.TempDir(), "db"), engine.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(db)
	store, err := gateway.Start(t.Context(), gateway.Options{
		Dir: t.TempDir(), AccessKey: "key", SecretKey: "secret-secret", Buckets: []gateway.Bucket{{Name: "uploads"}, {Name: "renditions"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close(); _ = db.Close(); _ = store.Close(context.Background()) })
	tables := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users", Shares: "shares"}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(at(server.URL)), tables); err != nil {
		t.Fatal(err)
	}
	d := dynamodb.Open(at(server.URL))
	f := floor{
		t: t, images: dynamodb.Images{DB: d, Tables: tables}, users: dynamodb.Users{DB: d, Tables: tables},
		feed: dynamodb.Feed{DB: d, Tables: tables}, jobs: dynamodb.Jobs{DB: d, Tables: tables},
		shares: dynamodb.Shares{DB: d, Tables: tables}, leaving: dynamodb.Deletions{DB: d, Tables: tables}, members: &members{}, network: wire,
		client: s3.Open(at(store.Endpoint()), true), now: new(time.Time), queue: &queue{},
	}
	*f.now = noon
	f.bucket = s3.Bucket{Client: f.client, Uploads: "uploads", Renditions: "renditions"}
	agenda := dynamodb.Agenda{DB: d, Tables: tables}
	f.handler = sweep.Handler{
		Images: f.images, Agenda: agenda, Rounds: agenda, Objects: f.bucket, Queue: f.queue, Jobs: f.jobs,
		Deletions: f.leaving, Members: f.members,
		Now: func() time.Time { return *f.now }, Log: slog.New(slog.DiscardHandler),
	}
	f.checkFeedFrom(noon.AddDate(1, 0, 0)) // nobody numbers changes here
	return f
}

func (f floor) checkFeedFrom(t time.Time) {
	f.t.Helper()
	if err := f.handler.Rounds.SaveRound(f.t.Context(), gallery.Round{CheckAt: t}); err != nil {
		f.t.Fatal(err)
	}
}

func (f floor) sweep() {
	f.t.Helper()
	if err := f.handler.Handle(f.t.Context(), sweep.Event{}); err != nil {
		f.t.Fatal(err)
	}
}

// announced makes the record of a picture that nobody has sent.
func (f floor) announced(n int) gallery.Image {
	f.t.Helper()
	i := gallery.New(ann, gallery.ID(uuid.Must(uuid.NewV7()).String()), gallery.Upload{
		Filename: "a.jpg", ContentType: "image/jpeg", Bytes: 1000, SHA256: fmt.Sprintf("%064x", n),
	}, *f.now)
	if err := f.images.Create(f.t.Context(), i, gallery.DefaultQuota()); err != nil {
		f.t.Fatal(err)
	}
	return i
}

func (f floor) put(bucket, key string) {
	f.t.Helper()
	_, err := f.client.PutObject(f.t.Context(), &sdks3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("x")})
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f floor) sent(i gallery.Image) gallery.Image {
	f.put("uploads", s3.OriginalKey(i.Owner, i.ID))
	return i
}

// save stores what becomes of an image.
func (f floor) save(next gallery.Image, err error) gallery.Image {
	f.t.Helper()
	if err == nil {
		err = f.images.Save(f.t.Context(), next)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return next
}

// ready makes an image with one rendition, whose digest is given.
func (f floor) ready(i gallery.Image, digest string) gallery.Image {
	f.t.Helper()
	r := gallery.Rendition{Name: "large", ContentType: "image/jpeg", Digest: digest}
	f.put("renditions", s3.RenditionKey(i.Owner, i.ID, r))
	return f.finished(i, r)
}

// finished is ready without the object.
func (f floor) finished(i gallery.Image, r gallery.Rendition) gallery.Image {
	f.t.Helper()
	claimed := f.save(i.Claim(*f.now))
	claimed.Took = 2 * time.Second
	return f.save(claimed.Finish(gallery.Facts{Width: 1, Height: 1}, []gallery.Rendition{r}, *f.now))
}

func (f floor) get(i gallery.Image) gallery.Image {
	f.t.Helper()
	got, err := f.images.Record(f.t.Context(), i.Owner, i.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	return got
}

func (f floor) usage() gallery.Usage {
	f.t.Helper()
	a, err := f.users.Account(f.t.Context(), ann)
	if err != nil {
		f.t.Fatal(err)
	}
	return a.Usage
}

func (f floor) objects(bucket string) (keys []string) {
	f.t.Helper()
	out, err := f.client.ListObjectsV2(f.t.Context(), &sdks3.ListObjectsV2Input{Bucket: &bucket})
	if err != nil {
		f.t.Fatal(err)
	}
	for _, o := range out.Contents {
		keys = append(keys, *o.Key)
	}
	return keys
}

func (f floor) later(d time.Duration) { *f.now = f.now.Add(d) }
