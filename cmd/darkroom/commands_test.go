package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/client"
)

// invoke runs a command as a shell would, without a terminal, and answers its exit status.
func invoke(ctx context.Context, t *testing.T, out, errout *printed, env map[string]string, args ...string) int {
	t.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	at := console{in: in, out: out, err: errout, now: time.Now, getenv: func(name string) string { return env[name] }}
	return run(ctx, at, args)
}

// uploaded uploads files, which must succeed.
func uploaded(t *testing.T, config string, paths ...string) {
	t.Helper()
	var out printed
	args := append([]string{"upload", "--config", config}, paths...)
	if status := invoke(t.Context(), t, &out, &out, nil, args...); status != 0 {
		t.Fatalf("upload ended with %d:\n%s", status, &out)
	}
}

// someID stands for every id in a text that is made constant; it is as long as they are.
const someID = "00000000-0000-0000-0000-000000000000"

// constant replaces what differs from run to run in what a program prints: ids, times, addresses, and the sizes and looks
// of what was developed.
func constant(text string) string {
	for _, differs := range []struct{ pattern, by string }{
		{`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`, someID},
		{`\d+\.\d\d s\b`, "0.00 s"},
		{`(?m)(^|since )\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?`, "${1}WHEN"},
		{` +[\d.]+ k?B  http:\S+`, "  SIZE  URL"},
		{`"at":"[^"]+Z"`, `"at":"WHEN"`},
		{`"placeholder":"[^"]+"`, `"placeholder":"LOOKS"`},
	} {
		text = regexp.MustCompile(differs.pattern).ReplaceAllString(text, differs.by)
	}
	return text
}

func TestUploadPrintsTheWayOfEachPicture(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	dir := pictures(t, map[string][]byte{"a.jpg": taken(t), "b.jpg": broken()})
	const developed = `
  300 × 200 jpeg · taken 2017-10-27 08:38:52 · RICOH PENTAX K-3 II
  xlarge  300 × 200  SIZE  URL
  large   300 × 200  SIZE  URL
  medium  300 × 200  SIZE  URL
  small   256 × 171  SIZE  URL
  square  200 × 200  SIZE  URL
`
	steps := []struct {
		name, file string
		status     int
		want       string
		says       string // on standard error
	}{
		{"a good one", "a.jpg", 0, "✓ a.jpg  11 kB  " + someID + `
  PENDING 0.00 s → PROCESSING 0.00 s → READY  (0.00 s in all)` + developed, ""},
		{"a broken one", "b.jpg", 1, "✗ b.jpg  9 B  " + someID + `
  PENDING 0.00 s → PROCESSING 0.00 s → FAILED  (0.00 s in all)
  CORRUPT  This picture is damaged or cut short. Upload it again from the original.
`, "darkroom: 1 of 1 failed\n"},
		{"one that is there", "a.jpg", 0, "✓ a.jpg  11 kB  " + someID + `
  already in your gallery since WHEN
  READY` + developed, ""},
	}
	for _, step := range steps {
		var out, errout printed
		status := invoke(t.Context(), t, &out, &errout, nil, "upload", "--config", config, filepath.Join(dir, step.file))
		if got := constant(out.String()); got != step.want {
			t.Errorf("%s: printed\n%s\nwant\n%s", step.name, got, step.want)
		}
		if status != step.status || errout.String() != step.says {
			t.Errorf("%s: ended with %d and %q, want %d and %q", step.name, status, &errout, step.status, step.says)
		}
		for _, address := range regexp.MustCompile(`http:\S+`).FindAllString(out.String(), -1) {
			if err := fetched(t.Context(), address); err != nil {
				t.Errorf("%s: %v", step.name, err)
			}
		}
	}
}

// fetched fetches a picture as a browser would.
func fetched(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if kind := res.Header.Get("Content-Type"); res.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "image/") {
		return fmt.Errorf("%s answered %s with %s", address, res.Status, kind)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

func TestUploadGoesOnAfterAFileThatCannotBeSent(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	dir := pictures(t, map[string][]byte{
		"a.jpg": small(t, "a"), "b.jpg": small(t, "b"), "c.jpg": small(t, "c"), "notes.txt": []byte("hello"),
	})
	gone, text := filepath.Join(dir, "gone.jpg"), filepath.Join(dir, "notes.txt")
	var out, errout printed
	status := invoke(t.Context(), t, &out, &errout, nil, "upload", "--config", config, "--parallel", "2",
		filepath.Join(dir, "a.jpg"), gone, text, filepath.Join(dir, "b.jpg"), filepath.Join(dir, "c.jpg"))
	if status != 1 || errout.String() != "darkroom: 2 of 5 failed\n" {
		t.Errorf("ended with %d and %q", status, &errout)
	}
	for _, want := range []string{
		"✓ a.jpg", "✓ b.jpg", "✓ c.jpg",
		"✗ " + gone + "  no such file or directory\n",
		"✗ " + text + "  this is not a picture (text/plain)\n",
	} {
		if strings.Count(out.String(), want) != 1 {
			t.Errorf("printed\n%s\nwant one %q", &out, want)
		}
	}
}

func TestTheSameBytesTwiceAreOneImage(t *testing.T) {
	t.Parallel()
	config := sharedCloud(t).user()
	dir := pictures(t, map[string][]byte{"a.jpg": small(t, ""), "b.jpg": small(t, "")})
	var out, errout printed
	status := invoke(t.Context(), t, &out, &errout, nil, "upload", "--config", config,
		filepath.Join(dir, "a.jpg"), filepath.Join(dir, "b.jpg"))
	ids := regexp.MustCompile(`(?m)^✓ .*  ([0-9a-f-]{36})$`).FindAllStringSubmatch(out.String(), -1)
	if status != 0 || len(ids) != 2 || ids[0][1] != ids[1][1] {
		t.Errorf("ended with %d and %q, printed\n%s\nwant the same image twice", status, &errout, &out)
	}
}

func TestACommandSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), configFile)
	if err := os.WriteFile(none, []byte(`{"graphql":"ftp://x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	good := sharedCloud(t).user()
	user := readFile(t, good)
	with := func(password string) string {
		c := user
		c.Password = password
		return writeFile(t, c)
	}
	tests := map[string]struct {
		env  map[string]string
		args []string
		want string // on standard error; empty for success
	}{
		"no configuration":             {nil, []string{"ls", "--config", "nowhere.json"}, "Start the local cloud with `make run` first"},
		"a configuration that is none": {nil, []string{"ls", "--config", none}, `graphql is not an http or https URL: "ftp://x"`},
		"no password":                  {nil, []string{"ls", "--config", with("")}, "no password: set DARKROOM_PASSWORD"},
		"a password in the environment": {map[string]string{"DARKROOM_PASSWORD": user.Password},
			[]string{"ls", "--config", with("")}, ""},
		"another user than the file's": {nil, []string{"ls", "--config", good, "--user", "other"}, "no password"},
		"a wrong password": {nil, []string{"ls", "--config", with("wrong")},
			"sign in as " + user.User + ": Incorrect username or password."},
		"a cloud that is not there": {nil, []string{"ls", "--config", writeFile(t, elsewhere(user))}, "connection refused"},
		"an order that is none":     {nil, []string{"ls", "--config", good, "--order", "size"}, "--order is taken or uploaded"},
		"a status that is none":     {nil, []string{"ls", "--config", good, "--status", "lost"}, "--status is pending"},
		"a page out of bounds":      {nil, []string{"ls", "--config", good, "--first", "0"}, "--first is 1 to 10000"},
		"no parallel uploads":       {nil, []string{"upload", "--config", good, "--parallel", "0", "x"}, "--parallel is 1 to 64"},
		"nothing to upload":         {nil, []string{"upload", "--config", good}, "requires at least 1 arg"},
		"a command that is none":    {nil, []string{"develop"}, "unknown command"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out, errout printed
			status := invoke(t.Context(), t, &out, &errout, test.env, test.args...)
			if (status == 0) != (test.want == "") || !strings.Contains(errout.String(), test.want) {
				t.Errorf("ended with %d and %q, want %q", status, &errout, test.want)
			}
		})
	}
}

// elsewhere names a deployment at a port on which nothing listens.
func elsewhere(c client.Config) client.Config {
	c.Cognito.Endpoint = "http://127.0.0.1:1/"
	return c
}
