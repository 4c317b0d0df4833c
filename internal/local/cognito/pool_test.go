package cognito_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/darkroom/darkroom/internal/local/cognito"
)

func TestSeedIsIdempotentAndLeavesThePassword(t *testing.T) {
	w := newWorld(t)
	first, err := w.pool.Seed(email, password)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.pool.Seed("ADA@example.com", "another password")
	if err != nil {
		t.Fatal(err)
	}
	if second != first || first == "" {
		t.Errorf("sub = %q, want %q", second, first)
	}
	if _, kind := w.passwordSignIn(email, "another password"); kind != "NotAuthorizedException" {
		t.Errorf("the second password: %q, want NotAuthorizedException", kind)
	}
	if _, kind := w.passwordSignIn(email, password); kind != "" {
		t.Errorf("the first password: %s", kind)
	}
	for _, bad := range []string{"", "ada", "Ada <ada@example.com>", "a@b c", strings.Repeat("a", 300) + "@example.com"} {
		if _, err := w.pool.Seed(bad, password); err == nil {
			t.Errorf("seeding %q: no error", bad)
		}
	}
}

func TestSeedingInParallelMakesOneUser(t *testing.T) {
	w := newWorld(t)
	subs := make([]string, 8)
	var wg sync.WaitGroup
	for i := range subs {
		wg.Go(func() {
			sub, err := w.pool.Seed("grace@example.com", password)
			if err != nil {
				t.Error(err)
			}
			subs[i] = sub
		})
	}
	wg.Wait()
	for _, sub := range subs[1:] {
		if sub != subs[0] {
			t.Errorf("subs %v differ", subs)
		}
	}
}

func TestPoolSurvivesARestart(t *testing.T) {
	w := newWorld(t)
	access, _, refresh := w.tokens()
	w.reopen()
	if _, err := w.verifier().Verify(t.Context(), access); err != nil {
		t.Errorf("access token from before: %v", err)
	}
	if _, kind := w.call("GetUser", object{"AccessToken": access}); kind != "" {
		t.Errorf("GetUser with it: %s", kind)
	}
	if _, kind := w.call("GetTokensFromRefreshToken", object{"ClientId": clientID, "RefreshToken": refresh}); kind != "" {
		t.Errorf("refresh token from before: %s", kind)
	}
	if _, kind := w.srpSignIn(email, password); kind != "" {
		t.Errorf("signing in: %s", kind)
	}
}

func TestFileHoldsNoSecretInPlain(t *testing.T) {
	w := newWorld(t)
	_, _, refresh := w.tokens()
	text, err := os.ReadFile(w.path)
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"password": password, "refresh token": refresh} {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the file holds the %s", name)
		}
	}
	info, err := os.Stat(w.path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := info.Mode().Perm(), os.FileMode(0o600); got != want {
		t.Errorf("mode = %v, want %v", got, want)
	}
}

func TestOpenRefusesWhatCannotWork(t *testing.T) {
	w := newWorld(t)
	other := w.options()
	other.PoolID = "local_Other"
	if err := w.pool.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := cognito.Open(w.path, other); err == nil {
		t.Error("opening the file as another pool: no error")
	}
	w.open()
	if _, err := cognito.Open(w.path, w.options()); err == nil {
		t.Error("opening the file twice: no error")
	}
	for name, o := range map[string]cognito.Options{
		"no id":                     {ClientID: clientID, Issuer: "http://x/local_A"},
		"an id with no underscore":  {PoolID: "local", ClientID: clientID, Issuer: "http://x/local"},
		"an id with two of them":    {PoolID: "local_A_B", ClientID: clientID, Issuer: "http://x/local_A_B"},
		"no client":                 {PoolID: poolID, Issuer: "http://x/" + poolID},
		"no issuer":                 {PoolID: poolID, ClientID: clientID},
		"an id that leaves its URL": {PoolID: "local_../A", ClientID: clientID, Issuer: "http://x"},
	} {
		if _, err := cognito.Open(filepath.Join(t.TempDir(), "users.db"), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	notBolt := filepath.Join(t.TempDir(), "users.db")
	if err := os.WriteFile(notBolt, bytes.Repeat([]byte("text"), 8<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cognito.Open(notBolt, w.options()); err == nil {
		t.Error("opening another kind of file: no error")
	}
}
