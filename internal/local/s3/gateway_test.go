package s3

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const origin = "http://127.0.0.1:5173"

// start runs a gateway in dir with a bucket that notifies and one that does
// not, and ends it with the test.
func start(t *testing.T, dir string, deliver func(context.Context, string, []byte) error) *Gateway {
	t.Helper()
	g, err := Start(t.Context(), Options{
		Dir: dir, AccessKey: "local", SecretKey: "localsecret",
		Buckets: []Bucket{
			{Name: "uploads", Notify: true, CORSOrigins: []string{origin}},
			{Name: "quiet"},
		},
		Deliver: deliver,
		Now:     func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8e6, time.UTC) },
	})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	t.Cleanup(func() { stop(t, g) })
	return g
}

func stop(t *testing.T, g *Gateway) {
	t.Helper()
	if err := g.Close(context.Background()); err != nil && !errors.Is(err, os.ErrClosed) {
		t.Errorf("Close: %v", err)
	}
}

// collect returns a Deliver that takes everything, and what it took.
func collect() (func(context.Context, string, []byte) error, <-chan []byte) {
	taken := make(chan []byte, 100)
	return func(ctx context.Context, _ string, event []byte) error {
		select {
		case taken <- event:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}, taken
}

// next waits for an event and reads it as a Lambda handler would.
func next(t *testing.T, taken <-chan []byte) events.S3EventRecord {
	t.Helper()
	select {
	case raw := <-taken:
		var e events.S3Event
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatalf("event %s: %v", raw, err)
		}
		if len(e.Records) != 1 {
			t.Fatalf("got %d records, want 1", len(e.Records))
		}
		return e.Records[0]
	case <-time.After(time.Minute):
		t.Fatal("no event arrived")
		panic("unreachable")
	}
}

func none(t *testing.T, taken <-chan []byte) {
	t.Helper()
	select {
	case raw := <-taken:
		t.Errorf("got event %s, want none", raw)
	default:
	}
}

func client(g *Gateway) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(g.Endpoint()), Region: defaultRegion, UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "localsecret"}, nil
		}),
	})
}

func put(t *testing.T, g *Gateway, bucket, key, body string) *s3.PutObjectOutput {
	t.Helper()
	out, err := client(g).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(key), Body: strings.NewReader(body),
	})
	if err != nil {
		t.Fatalf("PutObject(%s/%s): %v", bucket, key, err)
	}
	return out
}

func TestAnObjectReadsBackAsWrittenAlsoAfterARestart(t *testing.T) {
	dir := t.TempDir()
	deliver, _ := collect()
	g := start(t, dir, deliver)
	put(t, g, "quiet", "a/b.txt", "hello")
	stop(t, g)

	g = start(t, dir, deliver)
	got, err := client(g).GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("quiet"), Key: aws.String("a/b.txt")})
	if err != nil {
		t.Fatalf("GetObject: %v", err)
	}
	defer got.Body.Close()
	if body, err := io.ReadAll(got.Body); string(body) != "hello" || err != nil {
		t.Errorf("got %q, %v, want %q", body, err, "hello")
	}
}

func TestAnonymousRequestsAreRefused(t *testing.T) {
	deliver, _ := collect()
	g := start(t, t.TempDir(), deliver)
	put(t, g, "quiet", "secret.txt", "hello")
	for _, path := range []string{"/quiet/secret.txt", "/quiet", "/"} {
		resp, err := http.Get(g.Endpoint() + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("GET %s: got %d, want 403", path, resp.StatusCode)
		}
	}
}

func TestStartRefusesOptionsItCannotServe(t *testing.T) {
	for name, o := range map[string]Options{
		"no credentials":                {},
		"a host name":                   {AccessKey: "a", SecretKey: "b", Addr: "localhost:0"},
		"a bucket nobody listens to":    {AccessKey: "a", SecretKey: "b", Buckets: []Bucket{{Name: "uploads", Notify: true}}},
		"a bucket name S3 would refuse": {AccessKey: "a", SecretKey: "b", Buckets: []Bucket{{Name: "No Bucket"}}},
	} {
		t.Run(name, func(t *testing.T) {
			o.Dir = t.TempDir()
			if g, err := Start(t.Context(), o); err == nil {
				stop(t, g)
				t.Error("Start: got no error")
			}
		})
	}
}

func TestAPageOfAnAllowedOriginMayUpload(t *testing.T) {
	deliver, _ := collect()
	g := start(t, t.TempDir(), deliver)
	tests := []struct {
		name, bucket, origin, method, headers string
		allowed                               bool
	}{
		{"a signed PUT", "uploads", origin, "PUT", "content-type,if-none-match,x-amz-checksum-sha256", true},
		{"a read", "uploads", origin, "GET", "", true},
		{"another origin", "uploads", "http://evil.example", "PUT", "content-type", false},
		{"a deletion", "uploads", origin, "DELETE", "", false},
		{"another header", "uploads", origin, "PUT", "x-amz-acl", false},
		{"a bucket without rules", "quiet", origin, "PUT", "content-type", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodOptions, g.Endpoint()+"/"+tt.bucket+"/key", nil)
			req.Header.Set("Origin", tt.origin)
			req.Header.Set("Access-Control-Request-Method", tt.method)
			if tt.headers != "" {
				req.Header.Set("Access-Control-Request-Headers", tt.headers)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if got := resp.StatusCode == http.StatusOK; got != tt.allowed {
				t.Errorf("got status %d, want allowed=%t", resp.StatusCode, tt.allowed)
			}
			if got := resp.Header.Get("Access-Control-Allow-Origin") == tt.origin; got != tt.allowed {
				t.Errorf("got allowed origin %q, want allowed=%t", resp.Header.Get("Access-Control-Allow-Origin"), tt.allowed)
			}
			if got := resp.Header.Get("Access-Control-Expose-Headers"); tt.allowed && got != "ETag" {
				t.Errorf("got exposed headers %q, want ETag", got)
			}
		})
	}
}
