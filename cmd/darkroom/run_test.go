package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func photographs(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("../../testdata/*.jpg")
	if err != nil || len(all) < 3 {
		t.Fatalf("photographs: %v, %v", all, err)
	}
	return all
}

func TestAPhotoGoesInAndIsToldReady(t *testing.T) {
	cloud := startCloud(t, t.TempDir())
	follower := start(t, "watch", "--config", cloud.config(), "--after", "0")

	all := photographs(t)
	upload := start(t, append([]string{"upload", "--config", cloud.config()}, all...)...)
	if code := upload.end(); code != 0 {
		t.Fatalf("upload ended with %d:\n%s", code, upload.out)
	}
	for _, want := range []string{"PENDING", "PROCESSING", "READY", "PENTAX", "taken 20", "xlarge", "square", "X-Amz-Signature="} {
		if !strings.Contains(upload.out.String(), want) {
			t.Errorf("upload does not tell %q:\n%s", want, upload.out)
		}
	}

	again := start(t, "upload", "--config", cloud.config(), all[0])
	if code := again.end(); code != 0 || !strings.Contains(again.out.String(), "already") {
		t.Errorf("the same again ended with %d:\n%s", code, again.out)
	}
	ls := start(t, "ls", "--config", cloud.config())
	if code := ls.end(); code != 0 || strings.Count(ls.out.String(), "READY") != len(all) {
		t.Errorf("ls ended with %d:\n%s", code, ls.out)
	}
	eventually(t, "watch to tell everything", func() error {
		return wantCount(follower.out.String(), "READY", len(all))
	})
	cloud.stop()
}

func TestWhatIsStoredIsThereAfterARestart(t *testing.T) {
	dir := t.TempDir()
	cloud := startCloud(t, dir)
	if upload := start(t, "upload", "--config", cloud.config(), photographs(t)[0]); upload.end() != 0 {
		t.Fatal(upload.out)
	}
	cloud.stop()
	cloud = startCloud(t, dir)
	ls := start(t, "ls", "--config", cloud.config())
	if ls.end() != 0 || strings.Count(ls.out.String(), "READY") != 1 {
		t.Errorf("after a restart: %s", ls.out)
	}
	cloud.stop()
}

func TestTheCurlLineWorksWhenPasted(t *testing.T) {
	cloud := startCloud(t, t.TempDir())
	line := regexp.MustCompile(`(?s)curl -s .*?\}"\}'`).FindString(cloud.out.String())
	out, err := exec.Command("sh", "-c", line).CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"me":{"id":"`) {
		t.Errorf("got %s, %v from\n%s", out, err, line)
	}
	cloud.stop()
}

func TestTwoCloudsDoNotShareAFolder(t *testing.T) {
	dir := t.TempDir()
	cloud := startCloud(t, dir)
	second := start(t, "run", "--port", "0", "--data", dir)
	if code := second.end(); code != 1 || !strings.Contains(second.out.String(), "another darkroom") {
		t.Errorf("ended with %d: %s", code, second.out)
	}
	cloud.stop()
}
