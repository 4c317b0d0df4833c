package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/darkroom/darkroom/bench/report"
)

func TestARuntimeGivesItsEventOnceAndTakesAnAnswer(t *testing.T) {
	r, err := startRuntime([]byte("an event"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	url := "http://" + r.address + "/2018-06-01/runtime/invocation/"
	res, err := http.Get(url + "next")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	event, err := io.ReadAll(res.Body)
	id := res.Header.Get("Lambda-Runtime-Aws-Request-Id")
	if err != nil || string(event) != "an event" || id == "" {
		t.Fatalf("the event is %q of %q, error %v", event, id, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	again, _ := http.NewRequestWithContext(ctx, http.MethodGet, url+"next", nil)
	if _, err := http.DefaultClient.Do(again); !errors.Is(err, context.Canceled) {
		t.Errorf("a second event came, error %v", err)
	}
	for path, want := range map[string]string{"/response": "done", "/error": ""} {
		res, err := http.Post(url+id+path, "", strings.NewReader("done"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		answer, err := r.wait(t.Context(), nil)
		if string(answer) != want || (err == nil) != (path == "/response") {
			t.Errorf("%s gave %q, error %v", path, answer, err)
		}
	}
}

func TestAFunctionThatEndsWithoutAnAnswerIsAnError(t *testing.T) {
	f := function{who: "sh", args: []string{"sh", "-c", "echo no such table >&2; exit 3"}}
	if _, err := f.run(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("the error is %v, want the function's own words in it", err)
	}
}

// TestOurFunctionStoresFiveRenditions runs the function as it is deployed.
func TestOurFunctionStoresFiveRenditions(t *testing.T) {
	t.Chdir("../..")
	original, err := os.ReadFile("internal/render/testdata/progressive-444.jpg")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{o: options{rounds: 1}, dir: t.TempDir(), progress: io.Discard, samples: newSamples()}
	all, err := b.functions(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("the functions are %v, error %v", all, err)
	}
	c, err := startCloud(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	}()
	if err := b.invoke(t.Context(), c, all[0], photo{name: "small"}, original); err != nil {
		t.Fatal(err)
	}
	for _, f := range b.samples.medians() {
		if f.Case != "whole function, small" || f.Who != report.Darkroom || f.Value <= 0 {
			t.Errorf("a figure is %+v", f)
		}
	}
}
