package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
	"github.com/darkroom/darkroom/internal/client"
)

var (
	killSeed  = flag.Uint64("kill-seed", 1, "seed of the kill test; 0: another one each time")
	killTimes = flag.Int("kills", 8, "how often the kill test kills the cloud")
)

func wantCount(text, what string, want int) error {
	if got := strings.Count(text, what); got < want {
		return fmt.Errorf("%d times %s, want %d, in:\n%s", got, what, want, text)
	}
	return nil
}

// TestNothingAcknowledgedIsLostWhenTheCloudIsKilled kills the cloud again and again at random moments of ten uploads at
// once. Every image whose PUT was answered 200 ends READY, or FAILED with a reason, with no further action of a client.
func TestNothingAcknowledgedIsLostWhenTheCloudIsKilled(t *testing.T) {
	t.Parallel()
	seed := *killSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d (repeat with -kill-seed)", seed)
	random := rand.New(rand.NewPCG(seed, seed))
	dir, pictures := t.TempDir(), t.TempDir()
	acknowledged := map[gallery.ID]bool{}
	for n := range *killTimes {
		cloud := startCloud(t, dir)
		files := variants(t, pictures, n, 10)
		delay := time.Duration(random.IntN(1500)) * time.Millisecond
		for id := range uploadUntilKilled(t, cloud, files, delay) {
			acknowledged[id] = true
		}
	}
	cloud := startCloud(t, dir)
	c := cloud.as(t.Context())
	for id := range acknowledged {
		eventually(t, fmt.Sprintf("image %s to end", id), func() error { return ended(t.Context(), c, id) })
	}
	t.Logf("%d uploads were acknowledged", len(acknowledged))
	checkFeed(t, c, acknowledged)
	cloud.stop()
}

// variants writes small pictures that differ in their last bytes, after the picture's end.
func variants(t *testing.T, dir string, round, count int) []string {
	t.Helper()
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 400, 300)), nil); err != nil {
		t.Fatal(err)
	}
	var files []string
	for n := range count {
		name := filepath.Join(dir, fmt.Sprintf("%d-%d.jpg", round, n))
		if err := os.WriteFile(name, fmt.Appendf(picture.Bytes(), "%d-%d", round, n), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	return files
}

// uploadUntilKilled uploads all files at once, kills the cloud after a while, and answers which images were acknowledged.
func uploadUntilKilled(t *testing.T, cloud *program, files []string, delay time.Duration) map[gallery.ID]bool {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := cloud.as(ctx)
	var mu sync.Mutex
	sent := map[gallery.ID]bool{}
	var group sync.WaitGroup
	for _, name := range files {
		group.Go(func() {
			id, err := upload(ctx, c, name)
			mu.Lock()
			defer mu.Unlock()
			sent[id] = sent[id] || err == nil
		})
	}
	<-time.After(delay)
	if err := cloud.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-cloud.done
	cancel()
	group.Wait()
	for id, ok := range sent {
		if !ok {
			delete(sent, id)
		}
	}
	return sent
}

func upload(ctx context.Context, c *client.Client, name string) (gallery.ID, error) {
	f, err := client.Inspect(ctx, name)
	if err != nil {
		return "", err
	}
	ticket, err := c.CreateUpload(ctx, f.Upload)
	if err != nil {
		return "", err
	}
	return ticket.Image.ID, c.Send(ctx, f, ticket, func(int64) {})
}

func ended(ctx context.Context, c *client.Client, id gallery.ID) error {
	i, err := c.Image(ctx, id)
	switch {
	case err != nil:
		return err
	case !i.Status.Ended():
		return fmt.Errorf("it is %s", i.Status)
	case i.Status == gallery.Failed && i.FailureMessage == "":
		return errors.New("it is FAILED and does not say why")
	case i.Status == gallery.Ready && len(i.Renditions) != len(gallery.Specs()):
		return fmt.Errorf("it is READY with %d renditions", len(i.Renditions))
	}
	return nil
}

// checkFeed reads the feed from its beginning: it is gapless, and ends each image as the record does.
func checkFeed(t *testing.T, c *client.Client, images map[gallery.ID]bool) {
	t.Helper()
	last := map[gallery.ID]gallery.Event{}
	eventually(t, "the feed to tell every end", func() error {
		for after := int64(0); ; {
			got, err := c.Changes(t.Context(), after, gallery.MaxPage)
			if err != nil {
				return err
			}
			for n, e := range got.Events {
				if e.Seq != after+int64(n)+1 {
					t.Fatalf("event %d comes after %d", e.Seq, after+int64(n))
				}
				if e.Version <= last[e.ID].Version && e.Seq > last[e.ID].Seq {
					t.Fatalf("version %d of image %s is told after %d", e.Version, e.ID, last[e.ID].Version)
				}
				last[e.ID] = e
			}
			if after += int64(len(got.Events)); after >= got.Head {
				break
			}
		}
		for id := range images {
			if !last[id].Status.Ended() {
				return fmt.Errorf("image %s is last told %s", id, last[id].Status)
			}
		}
		return nil
	})
}
