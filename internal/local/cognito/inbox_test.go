package cognito_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// inbox is the page as a browser of this machine gets it.
func (w *world) inbox() (string, http.Header) {
	w.t.Helper()
	resp, err := http.Get(w.url + "/inbox")
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		w.t.Fatalf("%s %v", resp.Status, err)
	}
	return string(text), resp.Header
}

func TestTheInboxShowsEveryCodeTheNewestFirst(t *testing.T) {
	w := newWorld(t)
	if page, _ := w.inbox(); !strings.Contains(page, "Nothing has come yet.") {
		t.Errorf("an empty inbox:\n%s", page)
	}
	w.signUp("grace@example.com", "open sesame")
	first := w.code()
	w.forgot(email)
	second := w.code()
	w.reopen()
	page, _ := w.inbox()
	for _, want := range []string{first, second, "grace@example.com", email, "Confirm your sign-up", "Choose a new password"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.LastIndex(page, first) < strings.LastIndex(page, second) {
		t.Error("the older letter comes first")
	}
}

func TestTheInboxKeepsAHundredLetters(t *testing.T) {
	w := newWorld(t)
	for n := range 103 {
		w.signUp(fmt.Sprintf("user%03d@example.com", n), "open sesame")
	}
	page, _ := w.inbox()
	if got := strings.Count(page, `class="code"`); got != 100 {
		t.Errorf("%d letters, want 100", got)
	}
	if !strings.Contains(page, "user102@") || strings.Contains(page, "user002@") {
		t.Error("these are not the newest")
	}
}

// TestHostileTextStaysText holds that no address becomes markup: browsers would find one script and one style, ours.
func TestHostileTextStaysText(t *testing.T) {
	w := newWorld(t)
	for name, want := range map[string]string{ // of what markup needs, an address may hold quotes and ampersands alone
		`"<script>alert(1)</script>"@example.com`:      "InvalidParameterException",
		`"'><img src=x onerror=alert(1)>"@example.com`: "InvalidParameterException",
		`x<script>@example.com`:                        "InvalidParameterException",
		`a'&lt'onload='x@example.com`:                  "",
	} {
		if _, kind := w.signUp(name, "open sesame"); kind != want {
			t.Fatalf("%s: %q, want %q", name, kind, want)
		}
	}
	page, header := w.inbox()
	for markup, want := range map[string]int{"<script": 1, "<style": 1, "<img": 0, "a&#39;&amp;lt&#39;onload=&#39;x@example.com": 1} {
		if got := strings.Count(page, markup); got != want {
			t.Errorf("%d of %s, want %d", got, markup, want)
		}
	}
	if found := regexp.MustCompile(`<[^>]+\s(on\w+|src)=`).FindString(page); found != "" {
		t.Errorf("an attribute that runs or loads something: %s", found)
	}
	policy := header.Get("Content-Security-Policy")
	for tag, directive := range map[string]string{"style": "style-src", "script": "script-src"} {
		text := regexp.MustCompile(`(?s)<` + tag + `>(.*?)</` + tag + `>`).FindStringSubmatch(page)
		sum := sha256.Sum256([]byte(text[1]))
		want := directive + " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if len(text[1]) < 100 || !strings.Contains(policy, want) {
			t.Errorf("the policy %q lacks %s", policy, want)
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	if header.Get("Access-Control-Allow-Origin") != "" || header.Get("Cache-Control") != "no-store" {
		t.Errorf("other sites could read it: %v", header)
	}
}

func TestTheInboxIsForThisMachine(t *testing.T) {
	w := newWorld(t)
	lan := &net.TCPAddr{IP: net.IPv4(192, 168, 1, 5), Port: 4004}
	for name, c := range map[string]struct {
		host, from string
		want       int
	}{
		"loopback":                         {"127.0.0.1:4004", "127.0.0.1:50000", 200},
		"localhost":                        {"localhost:4004", "127.0.0.1:50000", 200},
		"this machine by its own address":  {"192.168.1.5:4004", "192.168.1.5:50000", 200},
		"another machine":                  {"192.168.1.5:4004", "192.168.1.6:50000", 403},
		"another machine that says it is":  {"127.0.0.1:4004", "192.168.1.6:50000", 403},
		"a site whose name points here":    {"rebound.example.com:4004", "127.0.0.1:50000", 403},
		"a name that begins as an address": {"127.0.0.1.example.com:4004", "127.0.0.1:50000", 403},
		"nobody":                           {"127.0.0.1:4004", "", 403},
	} {
		r := httptest.NewRequest(http.MethodGet, "/inbox", nil)
		r.Host, r.RemoteAddr = c.host, c.from
		r = r.WithContext(contextWith(r, lan))
		rec := httptest.NewRecorder()
		w.pool.ServeHTTP(rec, r)
		if rec.Code != c.want {
			t.Errorf("%s: %d, want %d", name, rec.Code, c.want)
		}
	}
	for _, path := range []string{"/inbox/", "/inbox.css", "/inboxes"} {
		rec := httptest.NewRecorder()
		w.pool.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		if rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}

// contextWith is a request's context as the server makes it for a connection to that address.
func contextWith(r *http.Request, at net.Addr) context.Context {
	return context.WithValue(r.Context(), http.LocalAddrContextKey, at)
}
