package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAPhotoGoesInAndIsToldReady takes the way that the README shows, with the program as it is built for people.
func TestAPhotoGoesInAndIsToldReady(t *testing.T) {
	t.Parallel()
	binary := built(t)
	cloud := startCloudOf(t, binary, t.TempDir())
	follower := startOf(t, binary, "watch", "--config", cloud.config(), "--after", "0")

	all := photographs(t)
	upload := startOf(t, binary, append([]string{"upload", "--config", cloud.config()}, all...)...)
	if code := upload.end(); code != 0 {
		t.Fatalf("upload ended with %d:\n%s", code, upload.out)
	}
	for _, want := range []string{
		"PENDING", "PROCESSING", "READY", "PENTAX", "taken 20", "1198 × 1800 jpeg", "xlarge  2048 × 1152", "X-Amz-Signature=",
	} {
		if !strings.Contains(upload.out.String(), want) {
			t.Errorf("upload does not tell %q:\n%s", want, upload.out)
		}
	}
	ls := startOf(t, binary, "ls", "--config", cloud.config())
	if code := ls.end(); code != 0 || strings.Count(ls.out.String(), "READY") != len(all) {
		t.Errorf("ls ended with %d:\n%s", code, ls.out)
	}
	eventually(t, "watch to tell everything", func() error {
		return wantCount(follower.out.String(), "READY", len(all))
	})
	cloud.stop()
}

func TestWhatIsStoredIsThereAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cloud := startCloud(t, dir)
	uploaded(t, cloud.config(), filepath.Join(pictures(t, map[string][]byte{"a.jpg": small(t, "")}), "a.jpg"))
	cloud.stop()
	cloud = startCloud(t, dir)
	var out printed
	if status := invoke(t.Context(), t, &out, &out, nil, "ls", "--config", cloud.config()); status != 0 {
		t.Errorf("ls ended with %d: %s", status, &out)
	}
	if strings.Count(out.String(), "READY") != 1 {
		t.Errorf("after a restart: %s", &out)
	}
	cloud.stop()
}

func TestTheCurlLinesWorkWhenPasted(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	lines := regexp.MustCompile(`(?s)TOKEN=.*?\}"\}'`).FindString(cloud.out.String())
	out, err := exec.Command("sh", "-c", lines).CombinedOutput()
	if want := `{"data":{"images":{"edges":[]}}}`; err != nil || string(out) != want {
		t.Errorf("got %s, %v, want %s from\n%s", out, err, want, lines)
	}
}

func TestTheWelcomeFitsATerminal(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	welcome, _, _ := strings.Cut(cloud.out.String(), "What is stored stays.")
	for line := range strings.Lines(welcome) {
		if n := columns(line); n > 100 && !strings.Contains(line, cloud.dir) && !strings.Contains(line, "level=") {
			t.Errorf("a line has %d columns: %s", n, line)
		}
	}
	if want := "upload --config '" + cloud.config() + "' testdata/*.jpg"; !strings.Contains(welcome, want) {
		t.Errorf("there is no %q in\n%s", want, welcome)
	}
}

func TestTwoCloudsDoNotShareAFolder(t *testing.T) {
	t.Parallel()
	second := start(t, "run", "--port", "0", "--data", sharedCloud(t).dir)
	if code := second.end(); code != 1 || !strings.Contains(second.out.String(), "another darkroom") {
		t.Errorf("ended with %d: %s", code, second.out)
	}
}
