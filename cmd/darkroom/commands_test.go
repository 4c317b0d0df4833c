package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// output may be read while a command writes to it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// invoke runs the program as a shell would, without a terminal.
func invoke(t *testing.T, ctx context.Context, out, errout *output, env map[string]string, args ...string) int {
	t.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	at := console{in: in, out: out, err: errout, now: time.Now, getenv: func(name string) string { return env[name] }}
	return run(ctx, at, args)
}

func photos(t *testing.T, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("\xff\xd8\xff"+content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestUploadPrintsTheWayOfEachPicture(t *testing.T) {
	cloud := startSmallCloud(t)
	dir := photos(t, map[string]string{"a.jpg": "a", "b.jpg": "broken"})
	config := cloud.config("correct horse")
	steps := []struct {
		name   string
		args   []string
		status int
		want   string
		says   string // on standard error
	}{
		{"a good one", []string{"a.jpg"}, 0, `✓ a.jpg  4 B  0199-1
  PENDING 0.84 s → PROCESSING 0.61 s → READY  (1.45 s in all)
  4032 × 3024 jpeg · taken 2024-05-01 12:33:00 · Apple iPhone 12
  large   1024 × 768   91 kB  http://pictures/large
  square   200 × 200  9.1 kB  http://pictures/square
`, ""},
		{"a broken one", []string{"b.jpg"}, 1, `✗ b.jpg  9 B  0199-2
  PENDING 0.84 s → PROCESSING 0.12 s → FAILED  (0.96 s in all)
  CORRUPT  This picture is damaged or cut short.
`, "darkroom: 1 of 1 failed\n"},
		{"one that is there", []string{"a.jpg"}, 0, `✓ a.jpg  4 B  0199-1
  already in your gallery since WHEN
  READY
  4032 × 3024 jpeg · taken 2024-05-01 12:33:00 · Apple iPhone 12
  large   1024 × 768   91 kB  http://pictures/large
  square   200 × 200  9.1 kB  http://pictures/square
`, ""},
	}
	for _, step := range steps {
		var out, errout output
		args := []string{"upload", "--config", config}
		for _, name := range step.args {
			args = append(args, filepath.Join(dir, name))
		}
		status := invoke(t, t.Context(), &out, &errout, nil, args...)
		since := time.Date(2026, 11, 23, 14, 1, 41, 0, time.UTC).Local().Format("2006-01-02 15:04:05")
		if got, want := out.String(), strings.ReplaceAll(step.want, "WHEN", since); got != want {
			t.Errorf("%s: printed\n%s\nwant\n%s", step.name, got, want)
		}
		if status != step.status || errout.String() != step.says {
			t.Errorf("%s: ended with %d and %q, want %d and %q", step.name, status, errout.String(), step.status, step.says)
		}
	}
}

func TestUploadGoesOnAfterAFileThatCannotBeSent(t *testing.T) {
	cloud := startSmallCloud(t)
	dir := photos(t, map[string]string{"a.jpg": "a", "b.jpg": "b", "c.jpg": "c"})
	text := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(text, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(dir, "gone.jpg")
	var out, errout output
	status := invoke(t, t.Context(), &out, &errout, nil, "upload", "--config", cloud.config("correct horse"), "--parallel", "2",
		filepath.Join(dir, "a.jpg"), dir, gone, text, filepath.Join(dir, "b.jpg"), filepath.Join(dir, "c.jpg"))
	if status != 1 || errout.String() != "darkroom: 3 of 6 failed\n" {
		t.Errorf("ended with %d and %q", status, errout.String())
	}
	for _, want := range []string{
		"✓ a.jpg", "✓ b.jpg", "✓ c.jpg",
		"✗ " + dir + "  this is a folder, not a picture\n",
		"✗ " + gone + "  no such file or directory\n",
		"✗ " + text + "  this is not a picture (text/plain)\n",
	} {
		if strings.Count(out.String(), want) != 1 {
			t.Errorf("printed\n%s\nwant one %q", out.String(), want)
		}
	}
}

func TestTheSameBytesTwiceAreOneImage(t *testing.T) {
	cloud := startSmallCloud(t)
	dir := photos(t, map[string]string{"a.jpg": "same", "b.jpg": "same"})
	var out, errout output
	status := invoke(t, t.Context(), &out, &errout, nil, "upload", "--config", cloud.config("correct horse"),
		filepath.Join(dir, "a.jpg"), filepath.Join(dir, "b.jpg"))
	if got := strings.Count(out.String(), "0199-1\n"); status != 0 || got != 2 {
		t.Errorf("ended with %d, printed\n%s\nwant the same image twice", status, out.String())
	}
}

func TestUploadStopsCleanly(t *testing.T) {
	cloud := startSmallCloud(t)
	dir := photos(t, map[string]string{"a.jpg": "stuck"})
	ctx, cancel := context.WithCancel(t.Context())
	var out, errout output
	done := make(chan int, 1)
	config := cloud.config("correct horse")
	go func() {
		done <- invoke(t, ctx, &out, &errout, nil, "upload", "--config", config, filepath.Join(dir, "a.jpg"))
	}()
	<-cloud.stuck
	cancel()
	if status := <-done; status != interrupted || errout.String() != "darkroom: stopped\n" || out.String() != "" {
		t.Errorf("ended with %d, %q and %q", status, out.String(), errout.String())
	}
}

func TestACommandSaysWhatIsMissing(t *testing.T) {
	cloud := startSmallCloud(t)
	broken := filepath.Join(t.TempDir(), "client.json")
	if err := os.WriteFile(broken, []byte(`{"graphql":"ftp://x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	good, noPassword := cloud.config("correct horse"), cloud.config("")
	tests := map[string]struct {
		env  map[string]string
		args []string
		want string // on standard error; empty for success
	}{
		"no configuration":             {nil, []string{"ls", "--config", "nowhere.json"}, "Start the local cloud with `make run` first"},
		"a configuration that is none": {nil, []string{"ls", "--config", broken}, `graphql is not an http or https URL: "ftp://x"`},
		"no password":                  {nil, []string{"ls", "--config", noPassword}, "no password: set DARKROOM_PASSWORD"},
		"a password in the environment": {map[string]string{"DARKROOM_PASSWORD": "correct horse"},
			[]string{"ls", "--config", noPassword}, ""},
		"another user than the file's": {nil, []string{"ls", "--config", good, "--user", "other"}, "no password"},
		"a wrong password": {nil, []string{"ls", "--config", cloud.config("wrong")},
			"sign in as demo@darkroom.local: Incorrect username or password."},
		"an order that is none":  {nil, []string{"ls", "--config", good, "--order", "size"}, "--order is taken or uploaded"},
		"a status that is none":  {nil, []string{"ls", "--config", good, "--status", "lost"}, "--status is pending"},
		"a page out of bounds":   {nil, []string{"ls", "--config", good, "--first", "0"}, "--first is 1 to 10000"},
		"no parallel uploads":    {nil, []string{"upload", "--config", good, "--parallel", "0", "x"}, "--parallel is 1 to 64"},
		"nothing to upload":      {nil, []string{"upload", "--config", good}, "requires at least 1 arg"},
		"a command that is none": {nil, []string{"develop"}, "unknown command"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out, errout output
			status := invoke(t, t.Context(), &out, &errout, test.env, test.args...)
			if (status == 0) != (test.want == "") || !strings.Contains(errout.String(), test.want) {
				t.Errorf("ended with %d and %q, want %q", status, errout.String(), test.want)
			}
		})
	}
}
