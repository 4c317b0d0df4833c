package s3_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

func signer() s3.Signer {
	cfg := aws.Config{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}
	return s3.Signer{Client: sdk.NewPresignClient(s3.Open(cfg, false)), Uploads: "uploads", Renditions: "renditions"}
}

func picture() gallery.Image {
	return gallery.Image{
		Owner: "ann", ID: id, Filename: `a b+ü"; x=.jpg`, ContentType: "image/jpeg", Bytes: 3,
		SHA256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
	}
}

// TestAnUploadSignsAllThatS3MustHold is about the signer as much as about us: some versions put the checksum into the
// query, where S3 does not look at it.
func TestAnUploadSignsAllThatS3MustHold(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	got, err := signer().SignUpload(t.Context(), picture(), now)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(got.URL)
	if err != nil {
		t.Fatal(err)
	}
	signed := strings.Split(u.Query().Get("X-Amz-SignedHeaders"), ";")
	want := []string{"content-length", "content-type", "host", "if-none-match", "x-amz-checksum-sha256"}
	if !slices.Equal(signed, want) {
		t.Errorf("signed headers: got %v, want %v", signed, want)
	}
	send := []gallery.Header{
		{Name: "content-type", Value: "image/jpeg"}, {Name: "if-none-match", Value: "*"},
		{Name: "x-amz-checksum-sha256", Value: "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="},
	}
	if !slices.Equal(got.Headers, send) {
		t.Errorf("headers to send: got %v, want %v", got.Headers, send)
	}
	if got.Method != "PUT" || u.Query().Get("X-Amz-Expires") != "3600" || !got.ExpiresAt.Equal(now.Add(time.Hour)) {
		t.Errorf("got %s until %v: %s", got.Method, got.ExpiresAt, got.URL)
	}
	if u.Host != "uploads.s3.eu-central-1.amazonaws.com" || u.Path != "/originals/ann/"+string(id) {
		t.Errorf("got %s%s", u.Host, u.Path)
	}
}

func TestAnOriginalIsSavedUnderItsNameNotShown(t *testing.T) {
	link, err := signer().SignOriginal(t.Context(), picture(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(link.URL)
	if err != nil {
		t.Fatal(err)
	}
	got := u.Query().Get("response-content-disposition")
	if want := "attachment; filename*=UTF-8''a%20b+%C3%BC%22%3B%20x=.jpg"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
