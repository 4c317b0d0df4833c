package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWatchPrintsEventsUntilItIsStopped(t *testing.T) {
	tests := map[string]struct {
		args []string
		want string
	}{
		"as lines": {nil, strings.Join([]string{
			"WHEN      #1  0199-1  PENDING     ",
			"WHEN      #2  0199-1  PROCESSING  ",
			"WHEN      #3  0199-1  READY       4032 × 3024\n",
		}, "\n")},
		"as JSON": {[]string{"--json"}, `
{"owner":"me","id":"0199-1","seq":1,"version":1,"status":"PENDING","at":"2026-11-23T14:01:41Z"}
{"owner":"me","id":"0199-1","seq":2,"version":2,"status":"PROCESSING","at":"2026-11-23T14:01:41.84Z"}
{"owner":"me","id":"0199-1","seq":3,"version":3,"status":"READY","width":4032,"height":3024,"at":"2026-11-23T14:01:42.45Z"}
`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cloud := startSmallCloud(t)
			dir, config := photos(t, map[string]string{"a.jpg": "a"}), cloud.config("correct horse")
			ctx, cancel := context.WithCancel(t.Context())
			var out, errout, ignored output
			done := make(chan int, 1)
			go func() {
				args := append([]string{"watch", "--config", config, "--after", "0"}, test.args...)
				done <- invoke(t, ctx, &out, &errout, nil, args...)
			}()
			invoke(t, t.Context(), &ignored, &ignored, nil, "upload", "--config", config, filepath.Join(dir, "a.jpg"))
			deadline := time.Now().Add(10 * time.Second)
			for strings.Count(out.String(), "\n") < 3 && time.Now().Before(deadline) {
				time.Sleep(time.Millisecond)
			}
			cancel()
			status := <-done
			got, want := withoutTimes(out.String()), strings.TrimPrefix(test.want, "\n")
			if status != 0 || got != want {
				t.Errorf("ended with %d %s, printed\n%s\nwant\n%s", status, errout.String(), got, want)
			}
		})
	}
}

func TestWatchTellsOfALostConnectionOnce(t *testing.T) {
	var errout output
	w := watching{at: console{err: &errout, out: &errout, getenv: func(string) string { return "" }}}
	for _, err := range []error{nil, errors.New("reset\x1b"), errors.New("refused"), nil, nil} {
		w.connection(err)
	}
	want := "· the connection is lost (reset\ufffd); trying again\n· connected again; catching up\n"
	if got := errout.String(); got != want {
		t.Errorf("said\n%swant\n%s", got, want)
	}
}

// withoutTimes replaces the local time at the start of a line.
func withoutTimes(text string) string {
	lines := strings.Split(text, "\n")
	for n, line := range lines {
		if at := strings.Index(line, "      #"); at > 0 {
			lines[n] = "WHEN" + line[at:]
		}
	}
	return strings.Join(lines, "\n")
}
