package cloudfront_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/cloudfront"
	"github.com/darkroom/darkroom/internal/s3"
)

const (
	distribution = "https://d111111abcdef8.cloudfront.net"
	keyID        = "K2JCJMDEHXQW5F"
	ann          = gallery.Owner("0c1d2e3f-4a5b-4c6d-8e7f-901234567890") // as long as Cognito's
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	large = gallery.Rendition{Name: "large", Digest: "0123456789abcdef0123456789abcdef", ContentType: "image/jpeg"}
)

// pair is made once: it takes a tenth of a second.
var pair = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func key(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	k, err := pair()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func signer(t testing.TB) cloudfront.Signer {
	t.Helper()
	s, err := cloudfront.New(cloudfront.Options{
		URL: distribution, KeyID: keyID, Key: key(t), Folder: s3.RenditionFolder, Path: s3.RenditionKey,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func link(t testing.TB, s cloudfront.Signer, owner gallery.Owner, now time.Time) gallery.Link {
	t.Helper()
	i := gallery.Image{Owner: owner, ID: "019a208d-f837-778f-a14a-c613eb0c7c70", Renditions: []gallery.Rendition{large}}
	l, err := s.SignRenditions(t.Context(), i, now)
	if err != nil || len(l) != 1 {
		t.Fatalf("got %v, %v", l, err)
	}
	return l[0]
}

// opens judges a URL as CloudFront documents that it does: the signature over the policy's text, the resource with its
// wildcard, and the time. It shares nothing with the signer.
func opens(t *testing.T, public *rsa.PublicKey, signed, wanted string, at time.Time) bool {
	t.Helper()
	u, err := url.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	decode := func(name string) []byte {
		b, err := base64.StdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "=", "~", "/").Replace(q.Get(name)))
		if err != nil || len(b) == 0 {
			t.Fatalf("%s: %q: %v", name, q.Get(name), err)
		}
		return b
	}
	text := decode("Policy")
	var policy struct {
		Statement []struct {
			Resource  string
			Condition struct {
				DateLessThan struct {
					EpochTime int64 `json:"AWS:EpochTime"`
				}
			}
		}
	}
	if err := json.Unmarshal(text, &policy); err != nil || len(policy.Statement) != 1 || strings.ContainsAny(string(text), " \n\t") {
		t.Fatalf("policy %s: %v", text, err)
	}
	sum := sha1.Sum(text)
	if rsa.VerifyPKCS1v15(public, crypto.SHA1, sum[:], decode("Signature")) != nil || q.Get("Key-Pair-Id") != keyID {
		return false
	}
	one := policy.Statement[0]
	prefix, wild := strings.CutSuffix(one.Resource, "*")
	return wild && strings.HasPrefix(wanted, prefix) && at.Unix() < one.Condition.DateLessThan.EpochTime
}

func TestASignatureOpensTheRenditionsOfItsOwnerForAnHour(t *testing.T) {
	s, public := signer(t), &key(t).PublicKey
	l := link(t, s, ann, noon.Add(59*time.Minute))
	fetched, query, _ := strings.Cut(l.URL, "?")
	if want := distribution + "/renditions/" + string(ann) + "/019a208d-f837-778f-a14a-c613eb0c7c70/large-" + large.Digest + ".jpg"; fetched != want {
		t.Fatalf("got %s, want %s", fetched, want)
	}
	for name, c := range map[string]struct {
		wanted string
		at     time.Time
		want   bool
	}{
		"at once":                        {fetched, noon.Add(59 * time.Minute), true},
		"an hour later":                  {fetched, noon.Add(119 * time.Minute), true},
		"when it says that it ends":      {fetched, l.ExpiresAt, false},
		"another rendition of the owner": {fetched[:strings.LastIndex(fetched, "/")] + "/thumb-1.jpg", noon, true},
		"an owner whose name begins so":  {distribution + "/renditions/" + string(ann) + "x/y/z.jpg", noon, false},
		"another owner":                  {distribution + "/renditions/ben/y/z.jpg", noon, false},
		"something that is no rendition": {distribution + "/originals/" + string(ann) + "/y", noon, false},
	} {
		if got := opens(t, public, fetched+"?"+query, c.wanted, c.at); got != c.want {
			t.Errorf("%s: got %t, want %t", name, got, c.want)
		}
	}
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if opens(t, &stranger.PublicKey, l.URL, fetched, noon) {
		t.Error("a signature fits another key")
	}
	if !l.ExpiresAt.Equal(noon.Add(2 * time.Hour)) {
		t.Errorf("ends %v", l.ExpiresAt)
	}
}

// TestEveryLambdaMakesTheSameURL is what lets browsers keep what they fetched, whoever answered them.
func TestEveryLambdaMakesTheSameURL(t *testing.T) {
	one, other := signer(t), signer(t)
	first := link(t, one, ann, noon)
	if again := link(t, other, ann, noon.Add(time.Hour-time.Millisecond)); again != first {
		t.Errorf("got %v, then %v", first, again)
	}
	if next := link(t, one, ann, noon.Add(time.Hour)); next.URL == first.URL {
		t.Error("the next hour has the same URL")
	}
	if bens := link(t, one, "ben", noon); strings.HasSuffix(bens.URL, first.URL[strings.Index(first.URL, "?"):]) {
		t.Error("two owners share a signature")
	}
	if len(first.URL) > 850 {
		t.Errorf("%d bytes long: %s", len(first.URL), first.URL)
	}
}

func TestAnOwnerIsNoWildcard(t *testing.T) {
	for _, owner := range []gallery.Owner{"", "*", "a?", "a/b"} {
		i := gallery.Image{Owner: owner, Renditions: []gallery.Rendition{large}}
		if l, err := signer(t).SignRenditions(t.Context(), i, noon); err == nil {
			t.Errorf("%q: got %v", owner, l)
		}
	}
}

func TestADistributionIsAnHTTPSHost(t *testing.T) {
	for _, bad := range []string{"", "d111111abcdef8.cloudfront.net", "http://a.example", "https://a.example/", "https://a.example?x=1", ":"} {
		if _, err := cloudfront.New(cloudfront.Options{URL: bad}, nil); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func BenchmarkSignRenditions(b *testing.B) {
	s := signer(b)
	i := gallery.Image{Owner: ann, ID: "019a208d-f837-778f-a14a-c613eb0c7c70", Renditions: []gallery.Rendition{large}}
	b.Run("another rendition", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.SignRenditions(b.Context(), i, noon); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("first of the hour", func(b *testing.B) {
		now := noon
		for b.Loop() {
			now = now.Add(time.Hour)
			if _, err := s.SignRenditions(b.Context(), i, now); err != nil {
				b.Fatal(err)
			}
		}
	})
}
