package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret-secret", "")}
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
	tables := dynamodb.Tables{Images: "images", Feed: "feed", Users: "users"}
	if err := dynamodb.Create(t.Context(), sdkdynamodb.NewFromConfig(at(server.URL)), tables); err != nil {
		t.Fatal(err)
	}
	d := dynamodb.Open(at(server.URL))
	f := floor{
		t: t, images: dynamodb.Images{DB: d, Tables: tables}, users: dynamodb.Users{DB: d, Tables: tables},
		feed: dynamodb.Feed{DB: d, Tables: tables}, jobs: dynamodb.Jobs{DB: d, Tables: tables},
		client: s3.Open(at(store.Endpoint()), true), now: new(time.Time), queue: &queue{},
	}
	*f.now = noon
	f.bucket = s3.Bucket{Client: f.client, Uploads: "uploads", Renditions: "renditions"}
	agenda := dynamodb.Agenda{DB: d, Tables: tables}
	f.handler = sweep.Handler{
		Images: f.images, Agenda: agenda, Rounds: agenda, Objects: f.bucket, Queue: f.queue, Jobs: f.jobs,
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

func TestAnUploadThatNeverArrivedEndsAndCountsNoLonger(t *testing.T) {
	f := open(t)
	i := f.announced(1)
	f.later(gallery.UploadLife + gallery.UploadGrace - time.Second)
	f.sweep()
	if got := f.get(i); got.Status != gallery.Pending {
		t.Errorf("before its time: %s", got.Status)
	}
	f.later(time.Second)
	f.sweep()
	f.sweep()
	if got := f.get(i); got.Failure != gallery.NeverArrived || got.Version != 2 {
		t.Errorf("got %s %s, version %d", got.Status, got.Failure, got.Version)
	}
	if got := f.usage(); got != (gallery.Usage{}) {
		t.Errorf("it still counts: %+v", got)
	}
	f.save(f.get(i).Claim(*f.now)) // its bytes come late
	if got, want := f.usage(), (gallery.Usage{Images: 1, Bytes: 1000}); got != want {
		t.Errorf("revived: it counts %+v, want %+v", got, want)
	}
}

func TestBytesWhoseEventWasLostAreFound(t *testing.T) {
	f := open(t)
	i := f.sent(f.announced(1))
	f.later(gallery.UploadLife + gallery.UploadGrace)
	f.queue.broken = true
	f.sweep()
	f.queue.broken = false
	f.later(gallery.QueueVisibility + gallery.Lease)
	f.sweep() // the queue was unreachable: once more
	f.sweep()
	if got := f.get(i); got.Status != gallery.Processing || len(f.queue.asked) != 1 || f.usage().InFlight != 0 {
		t.Errorf("got %s, asked for %v, %+v", got.Status, f.queue.asked, f.usage())
	}
}

func TestAnImageWhoseWorkerDiedIsAskedForAgainAndEndsInTime(t *testing.T) {
	f := open(t)
	i := f.save(f.sent(f.announced(1)).Claim(*f.now))
	f.put("renditions", s3.RenditionPrefix(i.Owner, i.ID)+"large-half.jpg")
	f.later(gallery.QueueVisibility + gallery.Lease - time.Second)
	f.sweep()
	if len(f.queue.asked) != 0 {
		t.Fatal("asked for while its event could still come back")
	}
	for range 40 { // minutes, in which nobody answers
		f.later(time.Minute)
		f.sweep()
	}
	got := f.get(i)
	if got.Failure != gallery.TimedOut || len(f.objects("renditions")) != 0 {
		t.Errorf("got %s %s, left over: %v", got.Status, got.Failure, f.objects("renditions"))
	}
	if n := len(f.queue.asked); n < 2 || n > 5 {
		t.Errorf("asked for %d times, want a few", n)
	}
	if bound := i.UpdatedAt.Add(gallery.FinishWithin + 2*gallery.SweepEvery); got.UpdatedAt.After(bound) {
		t.Errorf("it ended at %v, want no later than %v", got.UpdatedAt, bound)
	}
}

func TestALiveLeaseIsLeftAlone(t *testing.T) {
	f := open(t)
	i := f.save(f.sent(f.announced(1)).Claim(*f.now))
	f.later(gallery.FinishWithin - time.Second)
	i = f.save(i.Claim(*f.now)) // the last moment to take it over
	f.later(2 * time.Second)
	f.sweep()
	if got := f.get(i); got.Version != i.Version {
		t.Errorf("version %d became %d", i.Version, got.Version)
	}
	f.later(gallery.Lease)
	f.sweep()
	if got := f.get(i); got.Failure != gallery.TimedOut {
		t.Errorf("after it: %s %s", got.Status, got.Failure)
	}
}

func TestTheTrashIsEmptied(t *testing.T) {
	f := open(t)
	kept := f.ready(f.sent(f.announced(1)), "kept")
	i := f.ready(f.sent(f.announced(2)), "new")
	f.put("renditions", s3.RenditionPrefix(i.Owner, i.ID)+"large-of-an-older-pipeline.jpg")
	f.save(i.Trash(*f.now), nil)
	f.later(gallery.TrashLife - time.Second)
	f.sweep()
	if got := f.get(i); got.Purging || f.usage().Images != 2 {
		t.Fatalf("before its time: %+v, %+v", got, f.usage())
	}
	f.later(time.Second)
	f.sweep()
	tomb := f.get(i)
	if !tomb.Purged() || tomb.Filename != "" || tomb.SHA256 != "" || len(tomb.Renditions) != 0 || tomb.Facts.Width != 0 {
		t.Errorf("the tombstone tells: %+v", tomb)
	}
	if got := append(f.objects("uploads"), f.objects("renditions")...); len(got) != 2 || !strings.Contains(got[0], string(kept.ID)) {
		t.Errorf("left: %v", got)
	}
	if got, want := f.usage(), (gallery.Usage{Images: 1, Bytes: 1000}); got != want {
		t.Errorf("usage: got %+v, want %+v", got, want)
	}
	if _, err := f.images.Get(t.Context(), ann, i.ID); !errors.Is(err, gallery.ErrNotFound) {
		t.Errorf("a purged image: got %v, want %v", err, gallery.ErrNotFound)
	}
	f.announced(2) // the same bytes, anew
}

// brokenObjects is a bucket that cannot be reached once its originals are deleted.
type brokenObjects struct{ sweep.Objects }

func (brokenObjects) Tidy(context.Context, gallery.Image) error { return io.ErrUnexpectedEOF }

func TestAPurgeThatDiesHalfWayIsCompletedAndNothingBringsTheImageBack(t *testing.T) {
	f := open(t)
	i := f.ready(f.sent(f.announced(1)), "d")
	f.save(i.Purge(*f.now), nil)
	broken := f.handler
	broken.Objects = brokenObjects{f.handler.Objects}
	if err := broken.Handle(t.Context(), sweep.Event{}); err != nil {
		t.Fatal(err)
	}
	half := f.get(i)
	if back := half.Restore(*f.now); back.Version != half.Version || !back.Deleted() {
		t.Errorf("restored without its bytes: %+v", back)
	}
	f.later(gallery.Lease)
	f.sweep()
	if !f.get(i).Purged() || f.usage() != (gallery.Usage{}) || len(f.objects("renditions")) != 0 {
		t.Errorf("got %+v, usage %+v", f.get(i), f.usage())
	}
}

func TestRenditionsOfAnOlderPipelineGoWhenTheirLinksHaveExpired(t *testing.T) {
	f := open(t)
	i := f.ready(f.sent(f.announced(1)), "old")
	i = f.ready(i, "new")
	f.later(gallery.URLLife)
	f.sweep()
	if got := f.objects("renditions"); len(got) != 2 {
		t.Fatalf("while links are out: %v", got)
	}
	f.later(gallery.UploadGrace)
	f.sweep()
	if got := f.objects("renditions"); len(got) != 1 || !strings.Contains(got[0], "new") || f.get(i).Status != gallery.Ready {
		t.Errorf("got %v, %s", got, f.get(i).Status)
	}
	if due := f.get(i).Due(); !due.IsZero() {
		t.Errorf("it is still due at %v", due)
	}
}

func TestAChangeThatTheFeedHasMissedIsToldAgain(t *testing.T) {
	f := open(t)
	f.checkFeedFrom(noon)
	told, missed := f.announced(1), f.announced(2)
	if _, err := f.feed.Number(t.Context(), ann, []gallery.Event{told.Event()}, noon); err != nil {
		t.Fatal(err)
	}
	f.later(gallery.FeedLag - time.Second)
	f.sweep()
	if got := f.get(missed); got.Version != 1 {
		t.Fatalf("touched before its time: version %d", got.Version)
	}
	f.later(gallery.FeedCheck)
	f.sweep()
	f.sweep() // the next reading is hours away
	if f.get(told).Failure == "" || f.get(missed).Failure == "" {
		t.Fatal("both are overdue by now, too")
	}
	events := []gallery.Event{f.get(told).Event(), f.get(missed).Event()}
	if _, err := f.feed.Number(t.Context(), ann, events, *f.now); err != nil {
		t.Fatal(err)
	}
	f.later(gallery.FeedCheck)
	before := f.get(missed).Version
	f.sweep()
	if got := f.get(missed).Version; got != before {
		t.Errorf("told again though the feed has it: version %d after %d", got, before)
	}
	f.save(f.get(missed).Touch(*f.now), nil)
	f.later(gallery.FeedCheck)
	f.sweep()
	if got := f.get(missed).Version; got != before+2 {
		t.Errorf("not told again: version %d, want %d", got, before+2)
	}
}

func TestTwoSweepersAtOnceDoTheWorkOfOne(t *testing.T) {
	f := open(t)
	var all []gallery.Image
	for n := range 30 {
		all = append(all, f.announced(n))
	}
	trashed := f.ready(f.sent(f.announced(99)), "d")
	f.save(trashed.Trash(*f.now), nil)
	f.later(gallery.TrashLife)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := f.handler.Handle(context.Background(), sweep.Event{}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	f.later(gallery.Lease)
	f.sweep()
	for _, i := range all {
		if got := f.get(i); got.Failure != gallery.NeverArrived || got.Version != 2 {
			t.Errorf("%s %s, version %d", got.Status, got.Failure, got.Version)
		}
	}
	if !f.get(trashed).Purged() || f.usage() != (gallery.Usage{}) {
		t.Errorf("purged %v, usage %+v", f.get(trashed).Purged(), f.usage())
	}
}

func TestAJobAdvancesStopsWhenCancelledAndEnds(t *testing.T) {
	f := open(t)
	var all []gallery.Image
	for n := range 110 {
		all = append(all, f.finished(f.announced(n), gallery.Rendition{Name: "large"}))
	}
	id := func() gallery.ID { return gallery.ID(uuid.Must(uuid.NewV7()).String()) }
	job := gallery.Job{Owner: ann, ID: id(), State: gallery.JobRunning, Until: id(), Version: 1, CreatedAt: noon, UpdatedAt: noon}
	younger := f.ready(f.announced(1000), "d")
	if err := f.jobs.Start(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if err := f.jobs.Start(t.Context(), gallery.Job{Owner: ann, ID: id(), State: gallery.JobRunning, Version: 1}); !errors.Is(err, gallery.ErrConflict) {
		t.Errorf("a second job at once: got %v, want %v", err, gallery.ErrConflict)
	}
	f.sweep()
	got, err := f.jobs.Job(t.Context(), ann, job.ID)
	if err != nil || got.Asked != 100 || got.State != gallery.JobRunning || len(f.queue.asked) != 100 {
		t.Fatalf("after one run: %+v, %v, asked for %d", got, err, len(f.queue.asked))
	}
	f.sweep()
	got, err = f.jobs.Job(t.Context(), ann, job.ID)
	if err != nil || got.Asked != 110 || got.State != gallery.JobDone || f.get(younger).Status != gallery.Ready {
		t.Errorf("after two: %+v, %v", got, err)
	}
	if i := f.get(all[0]); i.Status != gallery.Processing || len(i.Renditions) != 1 {
		t.Errorf("asked for: %s with %d renditions, want PROCESSING with the old one", i.Status, len(i.Renditions))
	}
	second := job
	second.ID = id()
	if err := f.jobs.Start(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if err := f.jobs.SaveJob(t.Context(), second.Cancel(*f.now)); err != nil {
		t.Fatal(err)
	}
	f.sweep()
	if got, err := f.jobs.Job(t.Context(), ann, second.ID); err != nil || got.Asked != 0 || got.State != gallery.JobCancelled {
		t.Errorf("cancelled: %+v, %v", got, err)
	}
}

func TestWhatCannotBeSweptDoesNotKeepTheRestFromIt(t *testing.T) {
	f := open(t)
	for n := range 120 {
		f.announced(n)
	}
	f.later(gallery.UploadLife + gallery.UploadGrace)
	last := f.announced(500)
	f.later(gallery.UploadLife + gallery.UploadGrace)
	f.handler.Objects = stubborn{f.handler.Objects, last.ID}
	f.sweep()
	f.sweep()
	if got := f.get(last); got.Failure != gallery.NeverArrived {
		t.Errorf("the last one is %s", got.Status)
	}
}

// stubborn cannot look for any original but one.
type stubborn struct {
	sweep.Objects
	but gallery.ID
}

func (s stubborn) HasOriginal(ctx context.Context, i gallery.Image) (bool, error) {
	if i.ID != s.but {
		return false, io.ErrUnexpectedEOF
	}
	return s.Objects.HasOriginal(ctx, i)
}
