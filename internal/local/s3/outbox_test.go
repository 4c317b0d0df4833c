package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	bolt "go.etcd.io/bbolt"
)

func TestAnEventNamesItsObjectAsS3Does(t *testing.T) {
	deliver, taken := collect()
	g := start(t, t.TempDir(), deliver)
	tests := []struct{ key, escaped string }{
		{"a b+ü.jpg", "a+b%2B%C3%BC.jpg"},
		{"originals/user@example.com/x(1).jpg", "originals/user%40example.com/x%281%29.jpg"},
		{"100%&=.jpg", "100%25%26%3D.jpg"},
		{"日本/写真.png", "%E6%97%A5%E6%9C%AC/%E5%86%99%E7%9C%9F.png"},
	}
	last := ""
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			out := put(t, g, "uploads", tt.key, "hello")
			got := next(t, taken)
			if got.S3.Object.Key != tt.escaped {
				t.Errorf("got key %q, want %q", got.S3.Object.Key, tt.escaped)
			}
			if got.S3.Object.URLDecodedKey != tt.key {
				t.Errorf("got decoded key %q, want %q", got.S3.Object.URLDecodedKey, tt.key)
			}
			if `"`+got.S3.Object.ETag+`"` != aws.ToString(out.ETag) || got.S3.Object.Size != 5 {
				t.Errorf("got eTag %s of %d bytes, want %s of 5", got.S3.Object.ETag, got.S3.Object.Size, aws.ToString(out.ETag))
			}
			if got.S3.Object.Sequencer <= last || len(got.S3.Object.Sequencer) != 18 {
				t.Errorf("got sequencer %q after %q, want 18 digits that grow", got.S3.Object.Sequencer, last)
			}
			last = got.S3.Object.Sequencer
		})
	}
}

func TestAnEventHasTheShapeThatS3Gives(t *testing.T) {
	deliver, taken := collect()
	g := start(t, t.TempDir(), deliver)
	put(t, g, "uploads", "one.txt", "hello")
	const want = `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1",` +
		`"eventTime":"2026-03-04T05:06:07.008Z","eventName":"ObjectCreated:Put",` +
		`"userIdentity":{"principalId":"LOCAL"},"requestParameters":{"sourceIPAddress":"127.0.0.1"},` +
		`"responseElements":{"x-amz-id-2":"LOCAL00000000001","x-amz-request-id":"LOCAL00000000001"},` +
		`"s3":{"s3SchemaVersion":"1.0","configurationId":"local",` +
		`"bucket":{"name":"uploads","ownerIdentity":{"principalId":"LOCAL"},"arn":"arn:aws:s3:::uploads"},` +
		`"object":{"key":"one.txt","size":5,"eTag":"5d41402abc4b2a76b9719d911017c592",` +
		`"sequencer":"000000000000000001"}}}]}`
	select {
	case got := <-taken:
		if string(got) != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatal("no event arrived")
	}
}

func TestEveryWayToWriteAnObjectIsAnnounced(t *testing.T) {
	deliver, taken := collect()
	g := start(t, t.TempDir(), deliver)
	put(t, g, "quiet", "source.txt", "hello")
	none(t, taken)

	_, err := client(g).CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String("uploads"), Key: aws.String("copy.txt"), CopySource: aws.String("quiet/source.txt"),
	})
	if err != nil {
		t.Fatalf("CopyObject: %v", err)
	}
	if got := next(t, taken); got.EventName != string(createdByCopy) || got.S3.Object.Size != 5 {
		t.Errorf("got %s of %d bytes, want %s of 5", got.EventName, got.S3.Object.Size, createdByCopy)
	}

	form, err := s3.NewPresignClient(client(g)).PresignPostObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("uploads"), Key: aws.String("form.txt"),
	})
	if err != nil {
		t.Fatalf("PresignPostObject: %v", err)
	}
	if got, answer := do(t, formRequest(t, form, "hello form")); got != http.StatusNoContent {
		t.Fatalf("POST: got %d, want 204: %s", got, answer)
	}
	got := next(t, taken)
	if got.EventName != string(createdByPost) || got.S3.Object.Key != "form.txt" || got.S3.Object.Size != 10 {
		t.Errorf("got %s of %s, %d bytes, want %s of form.txt, 10",
			got.EventName, got.S3.Object.Key, got.S3.Object.Size, createdByPost)
	}
	none(t, taken)
}

func formRequest(t *testing.T, form *s3.PresignedPostRequest, body string) *http.Request {
	t.Helper()
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, value := range form.Values {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := w.CreateFormFile("file", "form.txt")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(file, body)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, form.URL, &buf)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req
}

func TestAnEventIsOfferedUntilItIsTakenAlsoAfterARestart(t *testing.T) {
	dir := t.TempDir()
	refused := make(chan struct{}, 1)
	g := start(t, dir, func(context.Context, string, []byte) error {
		select {
		case refused <- struct{}{}:
		default:
		}
		return errors.New("the queue is away")
	})
	put(t, g, "uploads", "one.txt", "hello")
	<-refused
	stop(t, g)

	var calls atomic.Int32
	deliver, taken := collect()
	g = start(t, dir, func(ctx context.Context, bucket string, event []byte) error {
		if calls.Add(1) == 1 {
			return errors.New("the queue is still away")
		}
		return deliver(ctx, bucket, event)
	})
	if got := next(t, taken); got.S3.Object.Key != "one.txt" {
		t.Errorf("got event of %q, want one.txt", got.S3.Object.Key)
	}
	stop(t, g)

	g = start(t, dir, deliver)
	put(t, g, "uploads", "two.txt", "hello")
	if got := next(t, taken); got.S3.Object.Key != "two.txt" {
		t.Errorf("got event of %q again, want it forgotten", got.S3.Object.Key)
	}
}

func TestARefusedEventHoldsUpNoOther(t *testing.T) {
	deliver, taken := collect()
	g := start(t, t.TempDir(), func(ctx context.Context, bucket string, event []byte) error {
		if bytes.Contains(event, []byte("poison")) {
			return errors.New("cannot be read")
		}
		return deliver(ctx, bucket, event)
	})
	put(t, g, "uploads", "poison.txt", "hello")
	put(t, g, "uploads", "one.txt", "hello")
	if got := next(t, taken); got.S3.Object.Key != "one.txt" {
		t.Errorf("got event of %q, want one.txt", got.S3.Object.Key)
	}
}

func TestIntentsLeftByACrashAreResolvedByLooking(t *testing.T) {
	dir := t.TempDir()
	deliver, taken := collect()
	g := start(t, dir, deliver)
	put(t, g, "uploads", "written.txt", "hello")
	next(t, taken)
	stop(t, g)

	out, err := openOutbox(filepath.Join(dir, "outbox.db"), eventShape{region: defaultRegion, now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []intent{
		{Bucket: "uploads", Key: "written.txt", Name: createdByPut},
		{Bucket: "uploads", Key: "never.txt", Name: createdByPut},
		{Bucket: "gone", Key: "never.txt", Name: createdByPut},
	} {
		if _, err := out.begin(w); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.close(); err != nil {
		t.Fatal(err)
	}

	g = start(t, dir, deliver)
	got := next(t, taken)
	if got.S3.Object.Key != "written.txt" || got.S3.Object.Size != 5 {
		t.Errorf("got event of %s, %d bytes, want written.txt, 5", got.S3.Object.Key, got.S3.Object.Size)
	}
	stop(t, g)
	none(t, taken)
	out, err = openOutbox(filepath.Join(dir, "outbox.db"), eventShape{})
	if err != nil {
		t.Fatal(err)
	}
	defer out.close()
	if left, err := out.intents(); len(left) != 0 || err != nil {
		t.Errorf("got intents %v, %v left, want none", left, err)
	}
}

func TestConcurrentWritesShareTheDisk(t *testing.T) {
	deliver, taken := collect()
	g := start(t, t.TempDir(), deliver)
	const writers = 32
	before := commits(t, g)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() { put(t, g, "uploads", fmt.Sprintf("%d.txt", i), "hello") })
	}
	wg.Wait()
	keys, sequencers := map[string]bool{}, map[string]bool{}
	for range writers {
		got := next(t, taken)
		keys[got.S3.Object.Key], sequencers[got.S3.Object.Sequencer] = true, true
	}
	if len(keys) != writers || len(sequencers) != writers {
		t.Errorf("got %d keys and %d sequencers, want %d of each", len(keys), len(sequencers), writers)
	}
	if got := commits(t, g) - before; got >= 2*writers {
		t.Errorf("got %d commits for %d objects, want them shared", got, writers)
	}
}

// commits is how often the outbox was synced to disk.
func commits(t *testing.T, g *Gateway) (n int) {
	t.Helper()
	if err := g.outbox.db.View(func(tx *bolt.Tx) error { n = tx.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func FuzzAnEscapedKeyDecodesToItself(f *testing.F) {
	for _, key := range []string{"a b+ü.jpg", "a/b", "%2F", "~*'()", "\xff\x00"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if got, err := url.QueryUnescape(escapeKey(key)); got != key || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, key)
		}
	})
}

func BenchmarkPut(b *testing.B) {
	o := Options{
		Dir: b.TempDir(), AccessKey: "local", SecretKey: "localsecret",
		Buckets: []Bucket{{Name: "uploads", Notify: true}, {Name: "quiet"}},
		Deliver: func(context.Context, string, []byte) error { return nil },
	}
	g, err := Start(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer g.Close(context.Background())
	for _, bucket := range []string{"quiet", "uploads"} {
		for _, writers := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/writers=%d", bucket, writers), func(b *testing.B) {
				var n atomic.Int64
				c := client(g)
				b.SetParallelism(writers)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						_, err := c.PutObject(context.Background(), &s3.PutObjectInput{
							Bucket: aws.String(bucket), Key: aws.String(fmt.Sprint(n.Add(1))), Body: bytes.NewReader(make([]byte, 1000)),
						})
						if err != nil {
							b.Error(err)
						}
					}
				})
			})
		}
	}
}
