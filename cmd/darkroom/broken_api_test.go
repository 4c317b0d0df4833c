package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var operation = regexp.MustCompile(`(?:query|mutation) (\w+)`)

// brokenAPI stands before the API, and fails by a fault of its own the first call of each operation, or all of one.
func brokenAPI(t *testing.T, api, always string) string {
	t.Helper()
	at, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	next := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: at.Scheme, Host: at.Host}) }}
	var met sync.Map
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the program has hung up
		}
		name := string(operation.Find(body))
		if _, again := met.LoadOrStore(name, true); !again || always != "" && strings.Contains(name, always) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"data":null,"errors":[{"message":"Something went wrong.","extensions":{"code":"INTERNAL","requestId":"r-1"}}]}`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL + at.Path
}

func TestUploadsSurviveFaultsOfTheAPI(t *testing.T) {
	t.Parallel()
	folder := collectionOf(t, 3)
	for name, path := range map[string]string{"one picture": filepath.Join(folder, "album 0", "0.jpg"), "a folder": folder} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := sharedCloud(t).user()
			c := readFile(t, own)
			c.GraphQL = brokenAPI(t, c.GraphQL, "")
			var out, errout printed
			status := invoke(t.Context(), t, &out, &errout, nil, "upload", "--config", writeFile(t, c), "--hashes", "", path)
			if status != 0 || !strings.HasPrefix(errout.String(), "trying again: Something went wrong. (request r-1)\n") {
				t.Errorf("ended with %d: %s\n%s", status, &errout, &out)
			}
			checkAllReady(t, own, map[bool]int{true: 1, false: 3}[path != folder])
		})
	}
}

func TestWhatTheAPIAlwaysFailsIsToldInTheEnd(t *testing.T) {
	t.Parallel()
	c := readFile(t, sharedCloud(t).user())
	c.GraphQL = brokenAPI(t, c.GraphQL, "CreateUpload")
	var out, errout printed
	path := filepath.Join(collectionOf(t, 1), "album 0", "0.jpg")
	status := invoke(t.Context(), t, &out, &errout, nil, "upload", "--config", writeFile(t, c), path)
	if want := "tried 5 times: Something went wrong. (request r-1)"; status != 1 || !strings.Contains(out.String(), want) {
		t.Errorf("ended with %d: %s\n%s\nwant %q", status, &errout, &out, want)
	}
}
