package faults

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	sdkdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/functions/auth"
	"github.com/darkroom/darkroom/functions/process"
	"github.com/darkroom/darkroom/functions/publish"
	"github.com/darkroom/darkroom/functions/share"
	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cognito"
	"github.com/darkroom/darkroom/internal/dynamodb"
	engine "github.com/darkroom/darkroom/internal/local/dynamodb"
	gateway "github.com/darkroom/darkroom/internal/local/s3"
	localsqs "github.com/darkroom/darkroom/internal/local/sqs"
	"github.com/darkroom/darkroom/internal/s3"
	"github.com/darkroom/darkroom/resolvers"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// engines are what all worlds share: each has its own tables, its own buckets and its own users.
type engines struct {
	dir     string
	db      *engine.Engine
	store   *gateway.Gateway
	members *members
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
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.store.Close(context.Background()); _ = e.db.Close() })
	e.members = openMembers(t, dir)
	return e
}

// world is one deployment, its users, and everything that happens to them.
type world struct {
	t     *testing.T
	seed  uint64
	users []*user
	rand  *rand.Rand // of the world's own goroutine
	kind  bool       // no more faults
	tell  bool
	big   bool   // some pictures come in parts
	tight bool   // there is a quota that is soon reached
	lends bool   // there are share links
	disk  string // where S3 keeps its buckets

	mu    sync.Mutex
	now   time.Time
	ids   *rand.Rand
	later []event // S3's, not sent yet

	network *network
	actors  []*running
	clients int     // so far
	visits  int     // and who came for the sake of share links
	links   []*link // that somebody was told
	stream  *string // where the world is in it
	history history
	realtime

	resolver *resolvers.Resolver
	doors    [2]door
	process  process.Handler
	publish  publish.Handler
	sweep    sweep.Handler
	booth    share.Handler
	gate     auth.Handler
	swept    time.Time

	queues *localsqs.Service
	store
}

// user is one of a world's users. Each one's images are a shard of the stream.
type user struct {
	owner gallery.Owner
	shard shard
	subscriber
	standing
}

// store is what the world looks into itself.
type store struct {
	images    dynamodb.Images
	accounts  dynamodb.Users
	feed      dynamodb.Feed
	shares    dynamodb.Shares
	jobs      dynamodb.Jobs
	deletions dynamodb.Deletions
	pool      cognito.Directory
	bucket    s3.Bucket
	raw       *dynamodbstreams.Client
	tables    dynamodb.Tables
}

// event is a notification of S3 on its way.
type event struct {
	at  time.Time
	key string
}

func newWorld(t *testing.T, e *engines, seed uint64) *world {
	t.Helper()
	w := &world{
		t: t, seed: seed, now: noon, swept: noon, tell: testing.Verbose() && *seeds == 1, big: seed%bigEvery == 0,
		lends: seed%lendsEvery == 0, disk: filepath.Join(e.dir, "s3"),
		rand: rand.New(rand.NewPCG(seed, 1)), ids: rand.New(rand.NewPCG(seed, 2)), history: newHistory(),
	}
	for _, name := range []string{"ann", "ben"} {
		w.users = append(w.users, &user{owner: gallery.Owner(fmt.Sprintf("%s-%d", name, seed))})
	}
	if seed%memberEvery == 2 {
		w.users = append(w.users, &user{owner: e.members.join(t, seed), standing: standing{member: true}})
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
	w.realtime = w.openRealtime()
	w.network = &network{
		engines: map[string]http.Handler{"tables": e.db, "queues": w.queues, "appsync": w.api, "pool": e.members.Pool},
		now:     w.clock, stored: w.stored, opened: w.opened, moved: make(chan struct{}, 1024),
	}
	w.wire(e)
	return w
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

// newToken is as much chance as a link needs, and the seed decides it.
func (w *world) newToken() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var chance [gallery.TokenBytes]byte
	for n := range chance {
		chance[n] = byte(w.ids.Uint32())
	}
	return base64.RawURLEncoding.EncodeToString(chance[:])
}

// close leaves nothing behind that would make the next world slower.
func (w *world) close() {
	for _, u := range w.users {
		if u.socket != nil {
			u.socket.close()
		}
	}
	w.realtime.close()
	_ = w.queues.Close()
	ctx, tables := context.Background(), sdkdynamodb.NewFromConfig(w.aws("http://tables"))
	for _, name := range []string{w.tables.Images, w.tables.Feed, w.tables.Users, w.tables.Shares} {
		if _, err := tables.DeleteTable(ctx, &sdkdynamodb.DeleteTableInput{TableName: &name}); err != nil {
			w.t.Error(err)
		}
	}
	for _, bucket := range []string{w.bucket.Uploads, w.bucket.Renditions} {
		_ = os.RemoveAll(filepath.Join(w.disk, bucket))
	}
}
