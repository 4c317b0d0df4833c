package s3

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// childDir names the folder in which this test binary, started once more, is a
// gateway to be killed.
const childDir = "S3_TEST_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		serveUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// serveUntilKilled prints the endpoint of a gateway whose events nobody takes.
func serveUntilKilled(dir string) {
	g, err := Start(context.Background(), Options{
		Dir: dir, AccessKey: "local", SecretKey: "localsecret",
		Buckets: []Bucket{{Name: "uploads", Notify: true}},
		Deliver: func(context.Context, string, []byte) error { return errors.New("nobody is there") },
	})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(g.Endpoint())
	select {}
}

func TestEveryAcknowledgedWriteIsAnnouncedAfterAKill(t *testing.T) {
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childDir+"="+filepath.Clean(dir))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "http://") {
		t.Fatalf("the child said %q, %v", line, err)
	}
	acknowledged := putUntil(t, strings.TrimSpace(line), 100, func() {
		if err := child.Process.Kill(); err != nil {
			t.Error(err)
		}
	})
	_ = child.Wait()

	deliver, taken := collect()
	start(t, dir, deliver)
	for len(acknowledged) > 0 {
		delete(acknowledged, next(t, taken).S3.Object.Key)
	}
}

// putUntil writes from several clients, calls kill after n acknowledged writes,
// goes on until the endpoint is dead, and returns what was acknowledged.
func putUntil(t *testing.T, endpoint string, n int, kill func()) map[string]bool {
	t.Helper()
	var (
		wg           sync.WaitGroup
		mu           sync.Mutex
		acknowledged = map[string]bool{}
		once         sync.Once
	)
	c := s3.New(s3.Options{
		BaseEndpoint: aws.String(endpoint), Region: defaultRegion, UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: client(&Gateway{server: &server{}}).Options().Credentials,
	})
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				key := fmt.Sprintf("%d-%d", w, i)
				_, err := c.PutObject(ctx, &s3.PutObjectInput{
					Bucket: aws.String("uploads"), Key: aws.String(key), Body: strings.NewReader(key),
				})
				cancel()
				if err != nil {
					return
				}
				mu.Lock()
				acknowledged[key] = true
				enough := len(acknowledged) >= n
				mu.Unlock()
				if enough {
					once.Do(kill)
				}
			}
		})
	}
	wg.Wait()
	if len(acknowledged) < n {
		t.Fatalf("got %d acknowledged writes, want at least %d", len(acknowledged), n)
	}
	return acknowledged
}
