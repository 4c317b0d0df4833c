package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/darkroom/darkroom/gallery"
)

var networkSeed = flag.Uint64("network-seed", 1, "decides when the network of the upload test fails; 0: another one each time")

// networkAt names a process of darkroom the network that it is in: every connection of its client begins with a line that
// says where to.
const networkAt = "DARKROOM_TEST_NETWORK"

func throughNetwork(address string) {
	if address == "" {
		return
	}
	http.DefaultTransport.(*http.Transport).DialContext = func(ctx context.Context, network, to string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			_, err = fmt.Fprintln(conn, to)
		}
		return conn, err
	}
}

// badNetwork carries connections, until they have carried so many bytes: then it cuts them, or carries nothing more for a
// while and cuts them then. Now and then there is no network at all.
type badNetwork struct {
	net.Listener
	mu     sync.Mutex
	rand   *rand.Rand
	all    sync.WaitGroup
	closed chan struct{}
	good   atomic.Bool
	dead   atomic.Int64 // connections yet to come that are lost, every second after a while
	cut    atomic.Int64
	outage atomic.Int64 // connections that came while there was none
	whole  atomic.Int64 // bytes that are carried yet; then all connections stay, and what comes is lost
	stuck  atomic.Bool  // it has come to that
}

func openBadNetwork(t *testing.T, seed uint64) *badNetwork {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &badNetwork{Listener: l, rand: rand.New(rand.NewPCG(seed, 0)), closed: make(chan struct{})}
	n.whole.Store(math.MaxInt64)
	n.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			n.all.Go(func() { n.carry(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		close(n.closed)
		n.all.Wait()
	})
	return n
}

func (n *badNetwork) roll(most int) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rand.IntN(most)
}

func (n *badNetwork) carry(near net.Conn) {
	defer near.Close()
	first := bufio.NewReader(near)
	to, err := first.ReadString('\n')
	if err != nil {
		return
	}
	if left := n.dead.Add(-1); left >= 0 {
		if left%2 == 1 {
			n.freeze(200 * time.Millisecond)
		}
		return
	}
	if !n.good.Load() && n.roll(6) == 0 {
		n.outage.Add(1)
		return
	}
	far, err := net.Dial("tcp", strings.TrimSpace(to))
	if err != nil {
		return
	}
	defer far.Close()
	left := &atomic.Int64{}
	left.Store(int64(n.roll(24_000)))
	var ways sync.WaitGroup
	ways.Go(func() { n.copy(far, first, near, left) })
	n.copy(near, far, far, left)
	ways.Wait()
}

// freeze is the time during which nothing comes through, and nobody is told.
func (n *badNetwork) freeze(d time.Duration) {
	select {
	case <-time.After(d):
	case <-n.closed:
	}
}

var errCut = errors.New("the network is down")

// copy carries one way; its end is the end of both.
func (n *badNetwork) copy(to net.Conn, from io.Reader, other net.Conn, left *atomic.Int64) {
	defer to.Close()
	defer other.Close()
	buffer := make([]byte, 4096)
	for {
		k, err := from.Read(buffer)
		if n.whole.Add(-int64(k)) < 0 {
			n.stuck.Store(true)
			_, _ = io.Copy(io.Discard, from)
			return
		}
		if err == nil && left.Add(-int64(k)) < 0 && !n.good.Load() {
			if n.cut.Add(1); n.roll(3) == 0 {
				n.freeze(time.Duration(n.roll(400)) * time.Millisecond)
			}
			err = errCut
		}
		if err == nil {
			_, err = to.Write(buffer[:k])
		}
		if err != nil {
			return
		}
	}
}

func TestUploadsSurviveABadNetworkAndTheirProgram(t *testing.T) {
	t.Parallel()
	seed := *networkSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("to repeat it: -network-seed %d", seed)
	const pictures = 30
	config, dir := sharedCloud(t).user(), collectionOf(t, pictures)
	n := openBadNetwork(t, seed)
	n.uploadAll(t, "upload", "--config", config, "--hashes", filepath.Join(t.TempDir(), "hashes"), dir)
	if n.cut.Load() < few {
		t.Errorf("the network failed %d times only", n.cut.Load())
	}
	checkAllReady(t, config, pictures)
}

// standingStill is a good network in which a program of darkroom comes so far, and no further.
func standingStill(t *testing.T, bytes int64, args ...string) *program {
	t.Helper()
	n := openBadNetwork(t, 1)
	n.good.Store(true)
	n.whole.Store(bytes)
	p := n.inNetwork(t, nil, args...)
	eventually(t, "the network to stand still", func() error {
		if !n.stuck.Load() {
			return fmt.Errorf("it goes on:\n%s", p.out)
		}
		return nil
	})
	return p
}

// enough is how often connections are cut before the network becomes a good one, and few, if that takes too long.
const enough, few = 12, 3

// uploadAll runs a command until it succeeds, as somebody does whose network is bad. Half-way its process is killed; and
// once more when it still waits before it tries again though the network is a good one.
func (n *badNetwork) uploadAll(t *testing.T, args ...string) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	killed := false
	began, good := time.Now(), time.Time{}
	for range 20 {
		cmd := command(os.Args[0], args...)
		cmd.Env = append(cmd.Env, networkAt+"="+n.Addr().String())
		p := launch(t, cmd)
		t.Cleanup(func() { _ = p.Process.Kill() })
		for ended := false; !ended; {
			select {
			case err := <-p.done:
				if ended = true; err == nil {
					return
				}
				t.Logf("%v:\n%s", err, p.out)
			case <-tick.C:
			}
			if n.cut.Load() >= enough/2 && !killed || n.good.Load() && time.Since(good) > 5*time.Second {
				killed, good = true, time.Now().Add(time.Minute)
				_ = p.Process.Kill()
			}
			if cuts := n.cut.Load(); (cuts >= enough || cuts >= few && time.Since(began) > 8*time.Second) && !n.good.Load() {
				n.good.Store(true)
				good = time.Now()
			}
		}
	}
	t.Fatal("not even the twentieth run succeeds")
}

// checkAllReady: each picture is there, once, and nothing else is.
func checkAllReady(t *testing.T, config string, want int) {
	t.Helper()
	c := signIn(t.Context(), t, config)
	me, err := c.Me(t.Context())
	if err != nil || me.Usage.Images != int64(want) || me.Usage.InFlight != 0 {
		t.Errorf("the account counts %+v (%v), want %d images", me.Usage, err, want)
	}
	page, err := c.Images(t.Context(), gallery.Listing{First: gallery.MaxPage})
	if err != nil || len(page.Images) != want {
		t.Fatalf("%d images (%v), want %d", len(page.Images), err, want)
	}
	for _, i := range page.Images {
		if i.Status != gallery.Ready {
			t.Errorf("%s (%s) is %s", i.Filename, i.ID, i.Status)
		}
	}
}
