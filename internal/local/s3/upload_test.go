package s3

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

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
