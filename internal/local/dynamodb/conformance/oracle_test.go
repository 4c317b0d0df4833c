package conformance_test

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/darkroom/darkroom/bench/server"
)

// oracle is dynoxide, another implementation of DynamoDB, where npm puts it.
const oracle = "../../../../e2e/node_modules/@dynoxide/linux-x64/dynoxide"

// openOracle starts the oracle on a file, until the test ends.
func openOracle(t *testing.T) *cloud {
	t.Helper()
	if _, err := os.Stat(oracle); err != nil {
		t.Skipf("NOT COMPARED WITH THE ORACLE, which is not installed: run npm ci in e2e, on Linux on x86-64 (%v)", err)
	}
	address, release, err := server.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	defer release() // when it answers
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.Command(oracle, "serve", "--port", port, "--db-path", filepath.Join(t.TempDir(), "oracle.db"))
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // an error means that it has ended
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	url := "http://" + address
	awaitAnswer(t, url, ended)
	c := connect("dynoxide", url, url, localSigner())
	c.faults = oracleFaults()
	return c
}

// awaitAnswer polls until a server that is starting answers anything at all.
func awaitAnswer(t *testing.T, url string, ended chan error) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if response, err := http.Get(url); err == nil {
			_ = response.Body.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the oracle ended before it answered: %v", err)
		case <-deadline:
			t.Fatal("the oracle does not answer")
		case <-tick.C:
		}
	}
}
