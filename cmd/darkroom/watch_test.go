package main

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestWatchPrintsEventsUntilItIsStopped(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		want string
	}{
		"as lines": {nil, `WHEN      #1  ` + someID + `  PENDING
WHEN      #2  ` + someID + `  PROCESSING  300 × 200
WHEN      #3  ` + someID + `  READY       300 × 200
`},
		"as JSON": {[]string{"--json"}, `{"owner":"` + someID + `","id":"` + someID + `","seq":1,"version":1,` +
			`"status":"PENDING","at":"WHEN"}
{"owner":"` + someID + `","id":"` + someID + `","seq":2,"version":2,"status":"PROCESSING","stage":"DEVELOPING","width":300,"height":200,"at":"WHEN"}
{"owner":"` + someID + `","id":"` + someID + `","seq":3,"version":3,"status":"READY","width":300,"height":200,` +
			`"placeholder":"LOOKS","at":"WHEN"}
`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			config, dir := sharedCloud(t).user(), pictures(t, map[string][]byte{"a.jpg": small(t, "")})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var out, errout printed
			done := make(chan int, 1)
			go func() {
				args := append([]string{"watch", "--config", config, "--after", "0"}, test.args...)
				done <- invoke(ctx, t, &out, &errout, nil, args...)
			}()
			uploaded(t, config, filepath.Join(dir, "a.jpg"))
			eventually(t, "watch to tell it", func() error { return wantCount(out.String(), "\n", 3) })
			cancel()
			if status, got := <-done, constant(out.String()); status != 0 || got != test.want {
				t.Errorf("ended with %d %s, printed\n%s\nwant\n%s", status, &errout, got, test.want)
			}
		})
	}
}

func TestWatchTellsOfALostConnectionOnce(t *testing.T) {
	var errout printed
	w := watching{at: console{err: &errout, out: &errout, getenv: func(string) string { return "" }}}
	for _, err := range []error{nil, errors.New("reset\x1b"), errors.New("refused"), nil, nil} {
		w.connection(err)
	}
	want := "· the connection is lost (reset\ufffd); trying again\n· connected again; catching up\n"
	if got := errout.String(); got != want {
		t.Errorf("said\n%swant\n%s", got, want)
	}
}
