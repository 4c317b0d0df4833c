package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// finished runs the program to its end, which must be of that status, and answers what it said.
func finished(t *testing.T, status int, args ...string) string {
	t.Helper()
	p := start(t, args...)
	if got := p.end(); got != status {
		t.Errorf("darkroom %s: ended with %d, want %d:\n%s", strings.Join(args, " "), got, status, p.out)
	}
	return p.out.String()
}

func TestWhoMayJoinIsSaidWhenTheCloudStarts(t *testing.T) {
	t.Parallel()
	if said := finished(t, 1, "run", "--port", "0", "--data", t.TempDir(), "--sign-up", "closed"); !strings.Contains(said, "--sign-up: ") {
		t.Errorf("said %s", said)
	}
}

func TestAnAdministratorIsMadeWhenTheCloudStarts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cloud := startCloud(t, dir)
	file, err := readConfig(cloud.user())
	if err != nil {
		t.Fatal(err)
	}
	if got := groupsOf(t, cloud.accessToken(file)); got != nil {
		t.Errorf("before: %v", got)
	}
	cloud.stop()
	if said := finished(t, 1, "run", "--port", "0", "--data", dir, "--admin", "nobody@example.com"); !strings.Contains(said, "User does not exist.") {
		t.Errorf("said %s", said)
	}
	if err := os.Remove(filepath.Join(dir, configFile)); err != nil {
		t.Fatal(err)
	}
	cloud = startOf(t, os.Args[0], "run", "--port", "0", "--data", dir, "--admin", file.User)
	cloud.dir = dir
	cloud.ready()
	at := cloud.endpoints()
	at.User, at.Password = file.User, file.Password
	if got := groupsOf(t, cloud.accessToken(at)); len(got) != 1 || got[0] != "admin" {
		t.Errorf("after: %v", got)
	}
	cloud.stop()
}

func groupsOf(t *testing.T, raw string) []any {
	t.Helper()
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(raw, claims); err != nil {
		t.Fatal(err)
	}
	groups, _ := claims["cognito:groups"].([]any)
	return groups
}

func TestASuspendedUserIsSignedOutAndKeptOut(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	config := cloud.user()
	file, err := readConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"--env", filepath.Join(cloud.dir, operatorFile)}
	if said := finished(t, 0, append([]string{"suspend", file.User}, env...)...); !strings.Contains(said, "is suspended, and signed out") {
		t.Errorf("said %s", said)
	}
	if said := finished(t, 1, "ls", "--config", config); !strings.Contains(said, "PreAuthentication failed with error this account is suspended.") {
		t.Errorf("ls said %s", said)
	}
	finished(t, 0, append([]string{"suspend", file.User, "--lift"}, env...)...)
	finished(t, 0, "ls", "--config", config)
	if said := finished(t, 1, append([]string{"suspend", "nobody@example.com"}, env...)...); !strings.Contains(said, "User does not exist.") {
		t.Errorf("of nobody: %s", said)
	}
}

// TestAnAdminSignsOutWhomTheySuspend holds the mutation to what the command does: Cognito asks nobody when tokens are renewed.
func TestAnAdminSignsOutWhomTheySuspend(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	file, err := readConfig(cloud.user())
	if err != nil {
		t.Fatal(err)
	}
	theirs := cloud.accessToken(file)
	admin, err := readConfig(cloud.user())
	if err != nil {
		t.Fatal(err)
	}
	(&cast{program: cloud}).join(admin, "admin")
	body := fmt.Sprintf(`{"query":"mutation { suspendUser(user: \"%s\") { suspendedAt } }"}`, subOf(t, theirs))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, admin.GraphQL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", cloud.accessToken(admin))
	if _, text := send(t, req); !strings.Contains(text, `"suspendedAt":"`) {
		t.Fatalf("suspend: %s", text)
	}
	if got := ofCognito(admin.Cognito.Endpoint, "GetUser", map[string]any{})(t, theirs); !strings.Contains(got, "Access Token has been revoked") {
		t.Errorf("their session goes on: %s", got)
	}
}
