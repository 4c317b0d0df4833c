package faults

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/functions/process"
	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/appsync"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
	gateway "github.com/darkroom/darkroom/internal/local/s3"
	localsqs "github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/render"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/internal/sqs"
	"github.com/darkroom/darkroom/resolvers"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// engines are what all worlds share: each has its own tables and its own owner.
type engines struct {
	dir   string
	db    *engine.Engine
	store *gateway.Gateway
}

// openEngines keeps everything in memory where there is a file system for that: nothing here needs to outlive the test.
func openEngines(t *testing.T) *engines {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "darkroom-faults-")
	if err != nil {
		dir = t.TempDir()
	}
	e := &engines{dir: dir}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if e.db, err = engine.Open(filepath.Join(dir, "db"), engine.Options{Now: func() time.Time { return noon }}); err != nil {
		t.Fatal(err)
	}
	e.store, err = gateway.Start(t.Context(), gateway.Options{
		Dir: filepath.Join(dir, "s3"), AccessKey: "key", SecretKey: "secret-secret",
		Buckets: []gateway.Bucket{{Name: "uploads"}, {Name: "renditions"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.store.Close(context.Background()); _ = e.db.Close() })
	return e
}

// world is one deployment, its user, and everything that happens to them.
type world struct {
	t     *testing.T
	seed  uint64
	owner gallery.Owner
	rand  *rand.Rand // of the world's own goroutine
	kind  bool       // no more faults
	tell  bool

	mu    sync.Mutex
	now   time.Time
	ids   *rand.Rand
	later []event // S3's, not sent yet

	network *network
	actors  []*running
	stream  shard

	resolver *resolvers.Resolver
	process  process.Handler
	publish  publish.Handler
	sweep    sweep.Handler
	swept    time.Time

	queues *localsqs.Service
	images dynamodb.Images
	users  dynamodb.Users
	feed   dynamodb.Feed
	jobs   dynamodb.Jobs
	bucket s3.Bucket
	raw    *dynamodbstreams.Client
	tables dynamodb.Tables
}

// event is a notification of S3 on its way.
type event struct {
	at  time.Time
	key string
}

func newWorld(t *testing.T, e *engines, seed uint64) *world {
	t.Helper()
	w := &world{
		t: t, seed: seed, owner: gallery.Owner(fmt.Sprintf("owner-%d", seed)), now: noon, swept: noon, tell: testing.Verbose() && *seeds == 1,
		rand: rand.New(rand.NewPCG(seed, 1)), ids: rand.New(rand.NewPCG(seed, 2)),
	}
	var err error
	w.queues, err = localsqs.Open(filepath.Join(e.dir, fmt.Sprintf("sqs-%d", seed)), localsqs.Options{Now: w.clock, NewID: w.newID})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []localsqs.Queue{
		{Name: "dead"}, {Name: "process", Visibility: gallery.QueueVisibility, MaxReceives: gallery.QueueReceives, DeadLetter: "dead"},
	} {
		if err := w.queues.Declare(q); err != nil {
			t.Fatal(err)
		}
	}
	w.network = &network{
		engines: map[string]http.Handler{"tables": e.db, "queues": w.queues, "appsync": http.HandlerFunc(announced)},
		now:     w.clock, stored: w.stored, moved: make(chan struct{}, 1024),
	}
	w.wire(e)
	return w
}

// announced is AppSync as far as the publisher sees it.
func announced(res http.ResponseWriter, _ *http.Request) {
	_, _ = res.Write([]byte(`{"data":{"publishImageEvent":{"id":"x"}}}`))
}

func (w *world) aws(endpoint string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint, HTTPClient: &http.Client{Transport: w.network},
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret-secret", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// wire makes the functions as their mains do.
func (w *world) wire(e *engines) {
	ctx, name := w.t.Context(), fmt.Sprintf("-%d", w.seed)
	w.tables = dynamodb.Tables{Images: "images" + name, Feed: "feed" + name, Users: "users" + name}
	if err := dynamodb.Create(ctx, sdkdynamodb.NewFromConfig(w.aws("http://tables")), w.tables); err != nil {
		w.t.Fatal(err)
	}
	db, client := dynamodb.Open(w.aws("http://tables")), s3.Open(w.aws(e.store.Endpoint()), true)
	w.images, w.users = dynamodb.Images{DB: db, Tables: w.tables}, dynamodb.Users{DB: db, Tables: w.tables}
	w.feed, w.jobs = dynamodb.Feed{DB: db, Tables: w.tables}, dynamodb.Jobs{DB: db, Tables: w.tables}
	w.bucket = s3.Bucket{Client: client, Uploads: "uploads", Renditions: "renditions"}
	w.raw = dynamodbstreams.NewFromConfig(w.aws("http://tables"))
	signer, err := s3.NewSigner(ctx, client, "uploads", "renditions")
	if err != nil {
		w.t.Fatal(err)
	}
	queue := sqs.Queue{Client: sqs.Open(w.aws("http://queues")), URL: "http://queues/000000000000/process", Body: s3.Requeue{Bucket: "uploads"}.Body}
	agenda, log := dynamodb.Agenda{DB: db, Tables: w.tables}, slog.New(slog.DiscardHandler)
	if w.tell {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	w.resolver = &resolvers.Resolver{
		Images: w.images, Creator: w.images, Users: w.users, Feed: w.feed, Signer: signer, Queue: queue, Parts: w.bucket, Jobs: w.jobs,
		Now: w.clock, NewID: func() gallery.ID { return gallery.ID(w.newID()) },
	}
	w.process = process.Handler{
		Images: w.images, Originals: w.bucket, Renditions: w.bucket,
		Developer: render.Developer{Specs: []gallery.Spec{{Name: "large", Edge: 24}, {Name: "small", Edge: 8}}},
		Now:       w.clock, Log: log,
	}
	cfg := w.aws("http://appsync")
	w.publish = publish.Handler{
		Feed:      w.feed,
		Announcer: appsync.Publisher{Endpoint: "http://appsync/graphql", Region: "us-east-1", Credentials: cfg.Credentials, HTTP: &http.Client{Transport: w.network}, Now: w.clock},
		Now:       w.clock, Log: log,
	}
	w.sweep = sweep.Handler{
		Images: w.images, Agenda: agenda, Rounds: agenda, Objects: w.bucket, Queue: queue, Jobs: w.jobs, Hands: 1, Now: w.clock, Log: log,
	}
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// newID makes UUIDs of version 7 that the seed and the world's clock decide.
func (w *world) newID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var id uuid.UUID
	for n := range id {
		id[n] = byte(w.ids.Uint32())
	}
	ms := w.now.UnixMilli()
	for n := range 6 {
		id[n] = byte(ms >> (8 * (5 - n)))
	}
	id[6], id[8] = 0x70|id[6]&0x0f, 0x80|id[8]&0x3f
	return id.String()
}

// stored sends S3's events of an object: at least one, some time. Now and then one is lost on its way, which is found out
// when the image is due; of an image in the trash nobody would, so there it is not.
func (w *world) stored(path string) {
	key, ours := strings.CutPrefix(path, "uploads/")
	if !ours {
		return
	}
	owner, id, err := s3.ParseOriginalKey(key)
	if err != nil {
		w.t.Error(err)
		return
	}
	i, err := w.images.Get(context.Background(), owner, id)
	mayBeLost := err == nil && !i.Deleted()
	w.mu.Lock()
	defer w.mu.Unlock()
	if mayBeLost && w.ids.IntN(8) == 0 {
		return
	}
	for range 1 + w.ids.IntN(2) {
		delay := time.Duration(w.ids.IntN(5)) * time.Second
		if w.ids.IntN(6) == 0 {
			delay = time.Duration(w.ids.IntN(120)) * time.Minute
		}
		w.later = append(w.later, event{at: w.now.Add(delay), key: key})
	}
}

func (w *world) close() { _ = w.queues.Close() }
