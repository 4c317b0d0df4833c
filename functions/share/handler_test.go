package share_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/dynamodb"
)

func TestALinkShowsRenditionsAndNothingElse(t *testing.T) {
	b := open(t)
	b.share(b.image(), time.Hour)
	page, data := b.ask("GET", token, "text/html,*/*;q=0.8"), b.ask("GET", token, "application/json")
	for name, res := range map[string]events.APIGatewayV2HTTPResponse{"page": page, "JSON": data} {
		if res.StatusCode != 200 || strings.Count(res.Body, "/renditions/") < 3 || strings.Contains(res.Body, "originals") {
			t.Errorf("%s: got %d %s", name, res.StatusCode, res.Body)
		}
		for _, secret := range secrets {
			if strings.Contains(res.Body, secret) {
				t.Errorf("%s: it tells of %q", name, secret)
			}
		}
	}
	for _, want := range []string{
		`<meta property="og:image" content="http://127.0.0.1:9/renditions/renditions/ann/`, `<meta name="theme-color" content="#aabbcc">`,
		`src="data:image/bmp;base64,Qk`, ` 1024w, http`, ` 256w"`, "until 23 November 2026, 13:00 UTC", ">200 × 200</a>",
	} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the page has no %s:\n%s", want, page.Body)
		}
	}
	if strings.Contains(page.Body, "200w") || strings.Contains(page.Body, "<script") || strings.Contains(page.Body, "ZgotmplZ") {
		t.Errorf("the page has a script, a cropped source or what was not escaped:\n%s", page.Body)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(data.Body), &got); err != nil || len(got) != 3 || len(got["renditions"].([]any)) != 3 {
		t.Errorf("got %s, %v", data.Body, err)
	}
	if strings.Contains(b.log.String(), token) {
		t.Errorf("the log has the token: %s", b.log)
	}
}

func TestALinkShowsOnlyWhatItsOwnerChose(t *testing.T) {
	b := open(t)
	b.share(b.image(), time.Hour, "small")
	for _, accept := range []string{"", "application/json"} {
		if res := b.ask("GET", token, accept); res.StatusCode != 200 || strings.Contains(res.Body, "large-") || !strings.Contains(res.Body, "small-") {
			t.Errorf("got %d %s", res.StatusCode, res.Body)
		}
	}
}

// TestWhatIsNotShownIsAnsweredLikeWhatNeverWas: byte by byte, headers too.
func TestWhatIsNotShownIsAnsweredLikeWhatNeverWas(t *testing.T) {
	change := func(f func(gallery.Image) gallery.Image) func(booth, gallery.Image, gallery.Share) error {
		return func(b booth, i gallery.Image, _ gallery.Share) error { return b.images.Save(b.t.Context(), f(i)) }
	}
	for name, end := range map[string]func(b booth, i gallery.Image, s gallery.Share) error{
		"revoked": func(b booth, _ gallery.Image, s gallery.Share) error {
			_, err := b.shares.Revoke(b.t.Context(), ann, s.ID)
			return err
		},
		"expired": func(b booth, _ gallery.Image, s gallery.Share) error { *b.now = s.ExpiresAt; return nil },
		"deleted": change(func(i gallery.Image) gallery.Image { return i.Trash(noon) }),
		"purged":  change(func(i gallery.Image) gallery.Image { return i.Purge(noon) }),
		"deleted and restored": func(b booth, i gallery.Image, _ gallery.Share) error {
			trashed := i.Trash(noon)
			return errors.Join(b.images.Save(b.t.Context(), trashed), b.images.Save(b.t.Context(), trashed.Restore(noon)))
		},
		"a tombstone": func(b booth, i gallery.Image, _ gallery.Share) error {
			purging := i.Purge(noon)
			return errors.Join(b.images.Save(b.t.Context(), purging), b.images.Bury(b.t.Context(), purging.Bury(noon), i.SHA256))
		},
		"without the renditions that were chosen": change(func(i gallery.Image) gallery.Image {
			next := i.Touch(noon)
			next.Renditions = i.Renditions[1:]
			return next
		}),
		"of who is suspended": func(b booth, _ gallery.Image, _ gallery.Share) error {
			return errors.Join(b.users.Warm(b.t.Context(), ann), b.users.Suspend(b.t.Context(), ann, noon))
		},
		"of who is leaving": func(b booth, _ gallery.Image, _ gallery.Share) error {
			return dynamodb.Deletions{DB: b.users.DB, Tables: b.users.Tables}.Begin(b.t.Context(), ann, noon)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t)
			i := b.image()
			s := b.share(i, time.Hour, "large")
			if res := b.ask("GET", token, ""); res.StatusCode != 200 {
				t.Fatalf("before: got %d", res.StatusCode)
			}
			if err := end(b, i, s); err != nil {
				t.Fatal(err)
			}
			for _, accept := range []string{"text/html", "application/json"} {
				for _, method := range []string{"GET", "HEAD"} {
					got, want := b.ask(method, token, accept), b.ask(method, strings.Repeat("x", 32), accept)
					if fmt.Sprint(got) != fmt.Sprint(want) || got.StatusCode != 404 {
						t.Errorf("%s %s: got %+v, want %+v", method, accept, got, want)
					}
				}
			}
		})
	}
}

func TestATextThatIsNoTokenIsAnsweredLikeAnUnknownOne(t *testing.T) {
	b := open(t)
	want := fmt.Sprint(b.ask("GET", strings.Repeat("x", 32), ""))
	for _, no := range []string{"", "x", "../" + token, token + "x", strings.ToUpper(token), token[:31] + "/", token[:31] + "\x00", strings.Repeat("é", 16), strings.Repeat("x", 1<<20)} {
		if got := fmt.Sprint(b.ask("GET", no, "")); got != want {
			t.Errorf("%.40q: got %.200s", no, got)
		}
	}
}

func TestHeadHasTheHeadersOfGetAndNoBody(t *testing.T) {
	b := open(t)
	b.share(b.image(), time.Hour)
	get, head := b.ask("GET", token, ""), b.ask("HEAD", token, "")
	if fmt.Sprint(head.Headers) != fmt.Sprint(get.Headers) || head.StatusCode != 200 || head.Body != "" {
		t.Errorf("got %+v, want the headers %+v", head, get.Headers)
	}
	for name, want := range map[string]string{
		"cache-control": "private, no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff", "vary": "accept",
		"content-type": "text/html; charset=utf-8",
	} {
		if got := get.Headers[name]; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if csp := get.Headers["content-security-policy"]; !strings.Contains(csp, "default-src 'none'; img-src data: http://127.0.0.1:9; style-src 'sha256-") ||
		strings.Contains(csp, "script-src") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %s", csp)
	}
}

func TestLinksToPicturesEndWithTheShare(t *testing.T) {
	b := open(t)
	b.share(b.image(), 10*time.Minute)
	var got struct {
		Renditions []struct{ URL, ExpiresAt string }
	}
	if err := json.Unmarshal([]byte(b.ask("GET", token, "application/json").Body), &got); err != nil {
		t.Fatal(err)
	}
	for _, r := range got.Renditions {
		if !strings.Contains(r.URL, "X-Amz-Date=20261123T120000Z&X-Amz-Expires=600&") || r.ExpiresAt != "2026-11-23T12:10:00Z" {
			t.Errorf("got %+v", r)
		}
	}
}

func TestJSONIsForWhoPrefersIt(t *testing.T) {
	b := open(t)
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "application/json": true, "text/html, application/json": false, "text/html;q=0.5, application/json": true,
		"application/json;q=0.9, text/html;q=0.8": true, "application/json;q=0": false, "application/json;q=2": false,
		"Application/JSON; charset=utf-8": true, strings.Repeat("a/b,", 300) + "application/json": false,
	} {
		if got := b.ask("GET", "x", accept).Headers["content-type"] == "application/json"; got != want {
			t.Errorf("%.60q: got %t", accept, got)
		}
	}
}

func TestAFaultIsNotTold(t *testing.T) {
	b := open(t)
	b.handler.Shares = dynamodb.Shares{DB: b.shares.DB, Tables: dynamodb.Tables{Shares: "no-such-table"}}
	res := b.ask("GET", token, "")
	if res.StatusCode != 500 || strings.Contains(res.Body, "table") || strings.Contains(b.log.String(), token) || !strings.Contains(b.log.String(), "request-1") {
		t.Errorf("got %d %s, logged %s", res.StatusCode, res.Body, b.log)
	}
}
