package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// echo answers what a handler can see of a request.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Echo", r.Header.Get("X-Amz-Target"))
	w.WriteHeader(http.StatusTeapot)
	fmt.Fprintf(w, "%s %s %s %s %s %q %d", r.Method, r.Host, r.RequestURI, r.URL, r.Proto, body, r.ContentLength)
})

func ask(t *testing.T, send func(*http.Request) (*http.Response, error), url, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.GetItem")
	res, err := send(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s %s %d %s", res.Status, res.Header.Get("X-Echo"), res.ContentLength, text)
}

func TestInsideAHandlerSeesWhatItSeesOnTheWire(t *testing.T) {
	server := httptest.NewServer(echo)
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	in := &inside{engines: map[string]http.Handler{host: echo}, outside: http.DefaultClient}
	for _, path := range []string{"", "/", "/a%2Fb/c?x=1&y=a+b", "/ü"} {
		for _, body := range []string{"", `{"a":1}`} {
			got, want := ask(t, in.Do, server.URL+path, body), ask(t, http.DefaultClient.Do, server.URL+path, body)
			if got != want {
				t.Errorf("%q with %q:\ngot  %s\nwant %s", path, body, got, want)
			}
		}
	}
}

func TestWhatIsNotInsideGoesOut(t *testing.T) {
	server := httptest.NewServer(echo)
	defer server.Close()
	in := &inside{outside: http.DefaultClient}
	if got := ask(t, in.Do, server.URL, "x"); !strings.HasPrefix(got, "418 ") {
		t.Errorf("got %s", got)
	}
}

func TestAHandlerThatPanicsIsABrokenConnection(t *testing.T) {
	in := &inside{engines: map[string]http.Handler{"engine": http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh") })}}
	r := httptest.NewRequest(http.MethodPost, "http://engine/", nil)
	if _, err := in.Do(r); err == nil || !strings.Contains(err.Error(), "oh") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := in.Do(r.WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: got %v", err)
	}
}

func TestABodyIsReadUntilItIsClosed(t *testing.T) {
	in := &inside{engines: map[string]http.Handler{"engine": echo}}
	do := func() io.ReadCloser {
		t.Helper()
		res, err := in.Do(httptest.NewRequest(http.MethodPost, "http://engine/", strings.NewReader("x")))
		if err != nil {
			t.Fatal(err)
		}
		return res.Body
	}
	first := do()
	for range 2 { // the second time there is nothing to give back
		if err := first.Close(); err != nil {
			t.Error(err)
		}
	}
	second, third := do(), do()
	if n, err := first.Read(make([]byte, 9)); n != 0 || !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("read %d bytes of a body that is closed: %v", n, err)
	}
	b, err := io.ReadAll(second)
	c, err2 := io.ReadAll(third)
	if err := errors.Join(err, err2); err != nil || len(b) == 0 || string(b) != string(c) {
		t.Errorf("got %s and %s: %v", b, c, err)
	}
}
