package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/darkroom/darkroom/internal/client"
)

// fixture is what takes long to make, and is made at most once: a cloud for all tests that do no harm to one, each with a
// user of its own; and the program as it is built for people, without the race detector.
type fixture struct {
	cloudOnce, binaryOnce sync.Once

	dir    string
	cloud  *program
	ready  bool
	binary string
}

var shared fixture

// sharedCloud answers the cloud of all tests. It is stopped, which must be clean, after the last one.
func sharedCloud(t *testing.T) *program {
	t.Helper()
	shared.cloudOnce.Do(func() {
		dir, err := os.MkdirTemp("", "darkroom-cloud-")
		if err != nil {
			t.Fatal(err)
		}
		shared.cloud = launch(t, command(os.Args[0], "run", "--port", "0", "--data", dir, "--verbose", "--tls"))
		shared.cloud.dir = dir
		shared.cloud.ready()
		shared.ready = true
	})
	if !shared.ready {
		t.Fatal("the cloud that tests share did not start")
	}
	p := *shared.cloud
	p.t = t
	return &p
}

// built answers the program that `make build` would make.
func built(t *testing.T) string {
	t.Helper()
	shared.binaryOnce.Do(func() {
		dir, err := os.MkdirTemp("", "darkroom-binary-")
		if err != nil {
			t.Fatal(err)
		}
		shared.dir = dir
		binary := filepath.Join(dir, "darkroom")
		if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
		shared.binary = binary
	})
	if shared.binary == "" {
		t.Fatal("the program was not built")
	}
	return shared.binary
}

// end stops and removes what was made, and answers an exit status.
func (f *fixture) end() int {
	_ = os.RemoveAll(f.dir)
	if f.cloud == nil {
		return 0
	}
	defer os.RemoveAll(f.cloud.dir)
	_ = f.cloud.Process.Signal(os.Interrupt)
	select {
	case err := <-f.cloud.done:
		if err == nil {
			return 0
		}
		fmt.Fprintf(os.Stderr, "the cloud that tests share ended badly: %v\n%s\n", err, f.cloud.out)
	case <-time.After(patient):
		fmt.Fprintf(os.Stderr, "the cloud that tests share does not stop:\n%s\n", f.cloud.out)
		_ = f.cloud.Process.Kill()
	}
	return 1
}

// user signs a new user up, as a stranger would, and answers a configuration file for them.
func (p *program) user() string {
	p.t.Helper()
	c := p.endpoints()
	c.User, c.Password = strings.ToLower(rand.Text())+"@example.com", "correct horse"
	account := map[string]string{"ClientId": c.Cognito.ClientID, "Username": c.User, "Password": c.Password}
	p.cognito("SignUp", account)
	code := regexp.MustCompile(regexp.QuoteMeta("email="+c.User) + ` code=(\d+)`)
	eventually(p.t, "the code that confirms "+c.User, func() error {
		m := code.FindStringSubmatch(p.out.String())
		if m == nil {
			return fmt.Errorf("not told in:\n%s", p.out)
		}
		account["ConfirmationCode"] = m[1]
		return nil
	})
	p.cognito("ConfirmSignUp", account)
	return writeFile(p.t, c)
}

// cognito calls an operation of the user pool, and answers what it answers.
func (p *program) cognito(operation string, in any) []byte {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.endpoints().Cognito.Endpoint, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+operation)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answered %s", operation, res.Status)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer
}

// accessToken signs the user of a configuration in.
func (p *program) accessToken(c client.Config) string {
	p.t.Helper()
	var answer struct{ AuthenticationResult struct{ AccessToken string } }
	err := json.Unmarshal(p.cognito("InitiateAuth", map[string]any{
		"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": c.Cognito.ClientID,
		"AuthParameters": map[string]string{"USERNAME": c.User, "PASSWORD": c.Password},
	}), &answer)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.AuthenticationResult.AccessToken
}

// writeFile writes a configuration file for one test.
func writeFile(t *testing.T, c client.Config) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), configFile)
	if err := writeConfig(path, c); err != nil {
		t.Fatal(err)
	}
	return path
}
