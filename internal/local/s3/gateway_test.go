package s3

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
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
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
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
	case <-time.After(10 * time.Second):
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

// signedPut is a presigned PUT of body that signs its length, type, hash and
// that the key is new.
func signedPut(t *testing.T, g *Gateway, key, body string, lifetime time.Duration) *http.Request {
	t.Helper()
	signed, err := s3.NewPresignClient(client(g)).PresignPutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("uploads"), Key: aws.String(key),
		ContentLength: aws.Int64(int64(len(body))), ContentType: aws.String("image/jpeg"),
		ChecksumSHA256: aws.String(sum(body)), IfNoneMatch: aws.String("*"),
	}, s3.WithPresignExpires(lifetime))
	if err != nil {
		t.Fatalf("PresignPutObject: %v", err)
	}
	req, err := http.NewRequestWithContext(t.Context(), signed.Method, signed.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = signed.SignedHeader.Clone()
	return req
}

func sum(body string) string {
	h := sha256.Sum256([]byte(body))
	return base64.StdEncoding.EncodeToString(h[:])
}

func do(t *testing.T, req *http.Request) (int, string) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func setBody(req *http.Request, body string) {
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

func TestASignedUploadTakesWhatWasSignedAndNothingElse(t *testing.T) {
	deliver, taken := collect()
	g := start(t, t.TempDir(), deliver)
	const body = "the bytes of a picture"
	tests := []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"wrong bytes", func(r *http.Request) { setBody(r, strings.ToUpper(body)) }, 400},
		{"a longer body", func(r *http.Request) { setBody(r, body+body) }, 403},
		{"another type", func(r *http.Request) { r.Header.Set("Content-Type", "text/html") }, 403},
		{"another hash", func(r *http.Request) { r.Header.Set("X-Amz-Checksum-Sha256", sum("x")) }, 403},
		{"no condition", func(r *http.Request) { r.Header.Del("If-None-Match") }, 403},
		{"a tampered key", func(r *http.Request) { r.URL.Path = "/uploads/other.jpg" }, 403},
		{"what was signed", func(*http.Request) {}, 200},
		{"the same again", func(*http.Request) {}, 412},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := signedPut(t, g, "one.jpg", body, time.Minute)
			tt.change(req)
			if got, answer := do(t, req); got != tt.status {
				t.Errorf("got %d, want %d: %s", got, tt.status, answer)
			}
		})
	}
	if got := next(t, taken); got.S3.Object.Key != "one.jpg" || got.S3.Object.Size != int64(len(body)) {
		t.Errorf("got event of %s, %d bytes, want one.jpg, %d", got.S3.Object.Key, got.S3.Object.Size, len(body))
	}
	none(t, taken)
}

func TestASignedUploadExpires(t *testing.T) {
	deliver, _ := collect()
	g := start(t, t.TempDir(), deliver)
	req := signedPut(t, g, "late.jpg", "late", time.Second)
	signedAt, err := time.Parse("20060102T150405Z", req.URL.Query().Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	<-time.After(time.Until(signedAt.Add(2 * time.Second)))
	if got, answer := do(t, req); got != 403 {
		t.Errorf("got %d, want 403: %s", got, answer)
	}
}

func TestAMultipartUploadIsAnnouncedOnce(t *testing.T) {
	deliver, taken := collect()
	g := start(t, t.TempDir(), deliver)
	c, bucket, key := client(g), aws.String("uploads"), aws.String("big.bin")
	up, err := c.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
		Bucket: bucket, Key: key, ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
	})
	if err != nil {
		t.Fatalf("CreateMultipartUpload: %v", err)
	}
	sizes := []int{5 << 20, 10}
	var parts []types.CompletedPart
	for i, size := range sizes {
		part, err := c.UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: bucket, Key: key, UploadId: up.UploadId, PartNumber: aws.Int32(int32(i + 1)),
			Body: bytes.NewReader(make([]byte, size)), ChecksumAlgorithm: types.ChecksumAlgorithmSha256,
		})
		if err != nil {
			t.Fatalf("UploadPart(%d): %v", i+1, err)
		}
		parts = append(parts, types.CompletedPart{
			ETag: part.ETag, PartNumber: aws.Int32(int32(i + 1)), ChecksumSHA256: part.ChecksumSHA256,
		})
	}
	done, err := c.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: key, UploadId: up.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	if err != nil {
		t.Fatalf("CompleteMultipartUpload: %v", err)
	}
	got := next(t, taken)
	if got.EventName != string(createdByMultipart) || got.S3.Object.Size != 5<<20+10 {
		t.Errorf("got %s of %d bytes, want %s of %d", got.EventName, got.S3.Object.Size, createdByMultipart, 5<<20+10)
	}
	if want := strings.Trim(aws.ToString(done.ETag), `"`); got.S3.Object.ETag != want {
		t.Errorf("got eTag %s, want %s", got.S3.Object.ETag, want)
	}
	none(t, taken)
}
