package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/internal/client"
)

// visit asks the site of the cloud that tests share.
func visit(t *testing.T, method, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	base := strings.TrimSuffix(sharedCloud(t).endpoints().GraphQL, "/graphql")
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(req.Header, header)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

var reference = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

func TestPagesAndAllTheyReferToAreServed(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"/", "/playground", "/playground/"} {
		res, body := visit(t, http.MethodGet, page, nil)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Fatalf("%s: %s %s", page, res.Status, res.Header)
		}
		for _, inline := range []string{"<script>", "<style", "onload=", "style="} {
			if strings.Contains(body, inline) {
				t.Errorf("%s holds %s, which its policy forbids", page, inline)
			}
		}
		files := reference.FindAllStringSubmatch(body, -1)
		if len(files) < 3 {
			t.Errorf("%s refers to %d files", page, len(files))
		}
		for _, f := range files {
			if res, _ := visit(t, http.MethodHead, f[1], nil); res.StatusCode != http.StatusOK {
				t.Errorf("%s refers to %s: %s", page, f[1], res.Status)
			}
		}
	}
}

func TestWhatIsNamedAfterItsContentIsAskedForOnce(t *testing.T) {
	t.Parallel()
	_, page := visit(t, http.MethodGet, "/", nil)
	script := regexp.MustCompile(`/assets/[^"]+\.js`).FindString(page)
	res, body := visit(t, http.MethodGet, script, nil)
	if got := res.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" || len(body) < 1000 {
		t.Errorf("%s: %q, %d bytes", script, got, len(body))
	}
	if again, rest := visit(t, http.MethodGet, script, http.Header{"If-None-Match": {res.Header.Get("Etag")}}); again.StatusCode != http.StatusNotModified || rest != "" {
		t.Errorf("%s again: %s", script, again.Status)
	}
	res, _ = visit(t, http.MethodGet, "/", nil)
	if res.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("/: %s", res.Header)
	}
	if again, _ := visit(t, http.MethodGet, "/", http.Header{"If-None-Match": {res.Header.Get("Etag")}}); again.StatusCode != http.StatusNotModified {
		t.Errorf("/ again: %s", again.Status)
	}
}

func TestPagesSpeakToThisCloudOnly(t *testing.T) {
	t.Parallel()
	res, body := visit(t, http.MethodGet, "/config.json", nil)
	var c client.Config
	if err := json.Unmarshal([]byte(body), &c); err != nil || c != sharedCloud(t).endpoints() {
		t.Errorf("config.json: %v, %s", err, body)
	}
	policy := res.Header.Get("Content-Security-Policy")
	socket := strings.Replace(strings.TrimSuffix(c.Realtime, "/graphql"), "http", "ws", 1)
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self' http", socket, "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %q: %s", want, policy)
		}
	}
	for _, never := range []string{"unsafe", "*", "https:"} {
		if strings.Contains(policy, never) {
			t.Errorf("the policy says %q: %s", never, policy)
		}
	}
	if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("headers: %s", res.Header)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/nothing", "/assets", "/assets/", "/assets/nothing.js", "/../web/package.json", "/%2e%2e/embed.go", "/dist/index.html",
		"/playground/../../embed.go", "/assets/%00.js", "/a\\b.js", "//index.html/x",
	} {
		if res, body := visit(t, http.MethodGet, path, nil); res.StatusCode != http.StatusNotFound || strings.Contains(body, "<") {
			t.Errorf("%s: %s %q", path, res.Status, body)
		}
	}
	if res, _ := visit(t, http.MethodPost, "/", nil); res.StatusCode != http.StatusNotFound {
		t.Errorf("POST /: %s", res.Status)
	}
}
