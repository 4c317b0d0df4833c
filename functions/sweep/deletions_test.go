package sweep_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/functions/sweep"
	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

// members are those who were removed, by a pool that can be down.
type members struct {
	mu      sync.Mutex
	removed []gallery.Owner
	broken  bool
}

func (m *members) Remove(_ context.Context, owner gallery.Owner) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return errors.New("connection refused")
	}
	m.removed = append(m.removed, owner)
	return nil
}

// network carries the sweeper's calls. It can be told to kill the run before one of them, counted from the first that is
// about deletions.
type network struct {
	mu     sync.Mutex
	at     int // 0: never
	kill   func()
	begun  bool
	count  int
	killed bool
}

func (n *network) Do(r *http.Request) (*http.Response, error) {
	if n.step(r) {
		n.kill()
		return nil, r.Context().Err()
	}
	return http.DefaultClient.Do(r)
}

// step tells whether the run dies here.
func (n *network) step(r *http.Request) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.at == 0 {
		return false
	}
	if !n.begun && r.Body != nil {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		n.begun = bytes.Contains(body, []byte(`"deletions"`))
	}
	if n.begun {
		n.count++
	}
	n.killed = n.killed || n.count == n.at
	return n.count == n.at
}

// dies makes one run that is killed at a call, and tells whether it came so far.
func (f floor) dies(at int) bool {
	ctx, kill := context.WithCancel(f.t.Context())
	defer kill()
	f.network.mu.Lock()
	f.network.at, f.network.kill, f.network.begun, f.network.count, f.network.killed = at, kill, false, 0, false
	f.network.mu.Unlock()
	_ = f.handler.Handle(ctx, sweep.Event{}) // whatever it says, it is dead
	f.network.mu.Lock()
	defer f.network.mu.Unlock()
	f.network.at = 0
	return f.network.killed
}

// of makes an image of a user.
func (f floor) of(owner gallery.Owner, n int) gallery.Image {
	f.t.Helper()
	i := gallery.New(owner, newID(), gallery.Upload{Filename: "a.jpg", ContentType: "image/jpeg", Bytes: 1000, SHA256: fmt.Sprintf("%064x", n)}, *f.now)
	if err := f.images.Create(f.t.Context(), i, gallery.DefaultQuota()); err != nil {
		f.t.Fatal(err)
	}
	return i
}

func newID() gallery.ID { return gallery.ID(uuid.Must(uuid.NewV7()).String()) }

// settle gives a user one of everything that is kept anywhere.
func (f floor) settle(owner gallery.Owner) {
	f.t.Helper()
	ready := f.ready(f.sent(f.of(owner, 1)), "d")
	trashed := f.save(f.ready(f.sent(f.of(owner, 2)), "d").Trash(*f.now), nil)
	parts := f.of(owner, 3)
	for range 2 { // the second one is in no record
		id, err := f.bucket.OpenParts(f.t.Context(), parts)
		if err != nil {
			f.t.Fatal(err)
		}
		parts.UploadID = id
	}
	f.save(parts.Split(parts.UploadID, *f.now), nil)
	f.put("uploads", s3.OriginalKey(owner, newID())) // that nobody knows of
	if _, err := f.feed.Number(f.t.Context(), owner, []gallery.Event{ready.Event(), trashed.Event()}, *f.now); err != nil {
		f.t.Fatal(err)
	}
	id, err := gallery.Named(strings.ReplaceAll(uuid.NewString(), "-", ""))
	if err != nil {
		f.t.Fatal(err)
	}
	s, err := ready.Share(id, time.Hour, nil, *f.now)
	if err == nil {
		err = f.shares.Add(f.t.Context(), s)
	}
	if err == nil {
		err = f.jobs.Start(f.t.Context(), gallery.Job{Owner: owner, ID: newID(), State: gallery.JobRunning, Until: newID(), Version: 1})
	}
	if err != nil {
		f.t.Fatal(err)
	}
}

// left tells what is there that belongs to a user or names one.
func (f floor) left(owner gallery.Owner) (all []string) {
	f.t.Helper()
	for table, keys := range map[string][]string{"images": {"owner", "id"}, "feed": {"owner", "key"}, "users": {"owner", "key"}, "shares": {"id", "owner"}} {
		var rows []map[string]any
		if err := f.images.DB.Table(table).Scan().Consistent(true).All(f.t.Context(), &rows); err != nil {
			f.t.Fatal(err)
		}
		for _, r := range rows {
			if r["owner"] == string(owner) || r[keys[1]] == string(owner) {
				all = append(all, fmt.Sprintf("%s: %v %v", table, r[keys[0]], r[keys[1]]))
			}
		}
	}
	for _, bucket := range []string{"uploads", "renditions"} {
		for _, key := range f.objects(bucket) {
			if strings.Contains(key, "/"+string(owner)+"/") {
				all = append(all, bucket+": "+key)
			}
		}
	}
	bucket := "uploads"
	uploads, err := f.client.ListMultipartUploads(f.t.Context(), &sdks3.ListMultipartUploadsInput{Bucket: &bucket})
	if err != nil {
		f.t.Fatal(err)
	}
	for _, u := range uploads.Uploads {
		if strings.Contains(*u.Key, "/"+string(owner)+"/") {
			all = append(all, "parts: "+*u.Key)
		}
	}
	slices.Sort(all)
	return all
}

func (f floor) leave(owner gallery.Owner) {
	f.t.Helper()
	if err := f.leaving.Begin(f.t.Context(), owner, *f.now); err != nil {
		f.t.Fatal(err)
	}
}

// TestARemovalThatIsKilledAnywhereIsFinishedByTheNextRun: before each call that it makes, which is after the one before it.
func TestARemovalThatIsKilledAnywhereIsFinishedByTheNextRun(t *testing.T) {
	f := open(t)
	f.handler.Hands = 1
	at := 0
	for died := true; died; {
		at++
		owner := gallery.Owner(fmt.Sprintf("user-%d", at))
		f.settle(owner)
		f.leave(owner)
		died = f.dies(at)
		f.later(gallery.Lease) // of what the dead run held
		f.sweep()
		want := []string{"users: deletions " + string(owner), "users: " + string(owner) + " account"}
		if got := f.left(owner); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("killed at call %d: left are\n%s", at, strings.Join(got, "\n"))
		}
		if a, err := f.users.Account(t.Context(), owner); err != nil || a.ErasedAt.IsZero() || a.Usage != (gallery.Usage{}) {
			t.Fatalf("killed at call %d: %+v, %v", at, a, err)
		}
		if !slices.Contains(f.members.removed, owner) {
			t.Fatalf("killed at call %d: the user can still sign in", at)
		}
		f.echo(owner, at)
	}
	if at < 40 {
		t.Errorf("a removal takes %d calls: it was not killed at all of them", at)
	}
}

// echo is what is still heard of a user afterwards, and the last run, which is killed as well.
func (f floor) echo(owner gallery.Owner, at int) {
	f.t.Helper()
	event := gallery.Event{Owner: owner, ID: newID(), Version: 9, Status: gallery.Failed, At: *f.now}
	if _, err := f.feed.Number(f.t.Context(), owner, []gallery.Event{event}, *f.now); err != nil {
		f.t.Fatal(err)
	}
	f.put("uploads", s3.OriginalKey(owner, newID()))
	f.later(gallery.EchoLife)
	f.dies(at%20 + 1)
	f.sweep()
	if got := f.left(owner); len(got) > 0 {
		f.t.Fatalf("killed at call %d of the last run: left are %v", at%20+1, got)
	}
}

func TestARemovalTouchesNobodyElse(t *testing.T) {
	f := open(t)
	for _, owner := range []gallery.Owner{"ann", "anna", "an"} {
		f.settle(owner)
	}
	f.leave("ann")
	f.sweep()
	want := f.left("anna") // once the job has made its first step
	f.sweep()
	f.later(gallery.Lease)
	f.sweep()
	if got := f.left("anna"); len(f.left("ann")) != 2 || fmt.Sprint(got) != fmt.Sprint(want) || len(f.left("an")) != len(want) {
		t.Errorf("left of ann are %v; of anna %v, want %v", f.left("ann"), got, want)
	}
}

func TestARemovalWaitsForWhoIsAtWork(t *testing.T) {
	f := open(t)
	i := f.sent(f.announced(1))
	later := f.ready(f.sent(f.announced(2)), "d")
	f.save(i.Claim(*f.now))
	f.leave(ann)
	f.sweep()
	if got := f.get(i); !got.Purging || got.Purged() {
		t.Errorf("while it is being developed: %+v", got)
	}
	if got := f.get(later); !got.Purged() {
		t.Errorf("one that nobody is at work on waits, too: %+v", got)
	}
	f.later(gallery.Lease)
	f.sweep()
	if got := f.left(ann); len(got) != 2 {
		t.Errorf("left are %v", got)
	}
}

func TestARemovalGoesOnThoughOthersCannot(t *testing.T) {
	f := open(t)
	f.settle("ann")
	f.members.broken = true
	f.leave("ann")
	f.sweep()
	if a, _ := f.users.Account(t.Context(), ann); a.Usage.Images != 0 || !a.ErasedAt.IsZero() {
		t.Errorf("without the pool the images go, and all is not over: %+v", a)
	}
	f.members.broken = false
	f.sweep()
	if a, _ := f.users.Account(t.Context(), ann); a.ErasedAt.IsZero() {
		t.Errorf("the pool is back: %+v", a)
	}
}
