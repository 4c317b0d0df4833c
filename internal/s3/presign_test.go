package s3_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/s3"
)

func signer(t testing.TB, token string) s3.Signer {
	t.Helper()
	cfg := aws.Config{Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", token)}
	made, err := s3.NewSigner(t.Context(), s3.Open(cfg, false), "uploads", "renditions")
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func picture() gallery.Image {
	return gallery.Image{
		Owner: "ann", ID: id, Filename: `a b+ü"; x=.jpg`, ContentType: "image/jpeg", Bytes: 3,
		SHA256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
	}
}

// developed is a picture with a rendition of each digest.
func developed(digests ...string) gallery.Image {
	i := picture()
	for _, digest := range digests {
		i.Renditions = append(i.Renditions, gallery.Rendition{Name: "large", Digest: digest})
	}
	return i
}

// TestAnUploadSignsAllThatS3MustHold is about the signer as much as about us: some versions put the checksum into the
// query, where S3 does not look at it.
func TestAnUploadSignsAllThatS3MustHold(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	got, err := signer(t, "").SignUpload(t.Context(), picture(), now)
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
	link, err := signer(t, "").SignOriginal(t.Context(), picture(), time.Now())
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

// TestLinksAreSignedAsTheSDKSignsThem lets the SDK sign the same URL at the same moment.
func TestLinksAreSignedAsTheSDKSignsThem(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for name, token := range map[string]string{"a user's key": "", "a Lambda's, with a token": "IQoJb3JpZ2luX2VjEJf/+a b=="} {
		s := signer(t, token)
		original, err := s.SignOriginal(t.Context(), picture(), now)
		if err != nil {
			t.Fatal(err)
		}
		renditions, err := s.SignRenditions(t.Context(), developed("abc", "def"), now)
		if err != nil || len(renditions) != 2 {
			t.Fatalf("got %v, %v", renditions, err)
		}
		for _, got := range []string{original.URL, renditions[0].URL, renditions[1].URL} {
			if want := signedBySDK(t, got, token, now); got != want {
				t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
			}
		}
	}
}

// signedBySDK takes a signed URL apart and has the SDK's signer put it together again.
func signedBySDK(t *testing.T, signed, token string, now time.Time) string {
	t.Helper()
	u, err := url.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"X-Amz-Expires": {"7200"}}
	if save := u.Query().Get("response-content-disposition"); save != "" {
		q.Set("response-content-disposition", save)
	}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	req, err := http.NewRequest(http.MethodGet, u.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	who := aws.Credentials{AccessKeyID: "key", SecretAccessKey: "secret", SessionToken: token}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	want, _, err := signer.PresignHTTP(t.Context(), who, req, "UNSIGNED-PAYLOAD", "s3", "eu-central-1", now)
	if err != nil {
		t.Fatal(err)
	}
	return want
}

// TestAnObjectHasOneURLInAnHour is what lets browsers keep what they have fetched.
func TestAnObjectHasOneURLInAnHour(t *testing.T) {
	s, noon := signer(t, ""), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(now time.Time) gallery.Link {
		t.Helper()
		links, err := s.SignRenditions(t.Context(), developed("abc"), now)
		if err != nil || len(links) != 1 {
			t.Fatalf("got %v, %v", links, err)
		}
		link := links[0]
		if left := link.ExpiresAt.Sub(now); left < time.Hour || left > 2*time.Hour {
			t.Errorf("at %v: valid for %v", now, left)
		}
		return link
	}
	first, last, next := at(noon), at(noon.Add(time.Hour-time.Millisecond)), at(noon.Add(time.Hour))
	if first != last || first.URL == next.URL {
		t.Errorf("got %s at noon, %s just before one, %s at one", first.URL, last.URL, next.URL)
	}
}

// TestLinksAreThoseOfTheRenditionsThereAre: what is remembered of an image is not answered when it was developed anew.
func TestLinksAreThoseOfTheRenditionsThereAre(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s := signer(t, "")
	other := developed("abc")
	other.Owner = "ben"
	for _, i := range []gallery.Image{developed("abc", "def"), developed("abc"), developed("abc"), developed("def", "abc"), other, developed()} {
		links, err := s.SignRenditions(t.Context(), i, now)
		if err != nil || len(links) != len(i.Renditions) {
			t.Fatalf("got %v, %v", links, err)
		}
		for n, r := range i.Renditions {
			if key := s3.RenditionKey(i.Owner, i.ID, r); !strings.Contains(links[n].URL, key+"?") {
				t.Errorf("got %s, want a link to %s", links[n].URL, key)
			}
		}
	}
}

func BenchmarkSignRenditions(b *testing.B) {
	s, i := signer(b, ""), developed("a", "b", "c", "d", "e")
	for b.Loop() {
		if _, err := s.SignRenditions(b.Context(), i, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}
