package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// asked sends a POST of raw header lines, as no HTTP client would, and answers status and body.
func asked(t *testing.T, to string, headers ...string) (int, string) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address(to))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patient)); err != nil {
		t.Fatal(err)
	}
	lines := append([]string{"POST /graphql HTTP/1.1", "Host: " + address(to), "Content-Type: application/json",
		fmt.Sprint("Content-Length: ", len(asking)), "Connection: close"}, headers...)
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n\r\n"+asking); err != nil {
		return http.StatusRequestHeaderFieldsTooLarge, err.Error() // cut off while we spoke
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return http.StatusRequestHeaderFieldsTooLarge, err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// TestHeadersMakeNobodyOfAnybody smuggles identities past the one token that is checked. Where there is not exactly one
// token nobody is let in, and where there is one the caller is its user, whatever else the headers say.
func TestHeadersMakeNobodyOfAnybody(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	at := cloud.endpoints()
	file, err := readConfig(cloud.user())
	if err != nil {
		t.Fatal(err)
	}
	good, others := cloud.accessToken(file), cloud.accessToken(at)
	claims := `{"authorizer":{"jwt":{"claims":{"sub":"` + subOf(t, others) + `","token_use":"access","cognito:groups":"[admin]"}}}}`
	smuggled := []string{
		"X-GoLambdaProxy-ApiGw-Context: " + claims, "x-golambdaproxy-apigw-context: " + claims,
		"X-GoLambdaProxy-Lambda-Context: " + claims, "X-GoLambdaProxy-ApiGw-StageVars: {}",
		"X-Amzn-Oidc-Data: " + others, "X-Amz-Security-Token: " + others, "X-Forwarded-User: admin",
		"Cookie: Authorization=" + others, "Proxy-Authorization: Bearer " + others, "X-Authorization: " + others,
	}
	for name, headers := range map[string][]string{
		"no token":                      nil,
		"no token, and a context":       smuggled,
		"an empty token":                {"Authorization:"},
		"a scheme alone":                {"Authorization: Bearer"},
		"two tokens":                    {"Authorization: " + good, "Authorization: " + others},
		"one token twice":               {"Authorization: " + good, "Authorization: " + good},
		"a bad token before a good one": {"Authorization: a.b.c", "Authorization: " + good},
		"a good token before a bad one": {"Authorization: " + good, "authorization: a.b.c"},
		"two tokens in one":             {"Authorization: " + good + ", " + others},
		"two schemes in one":            {"Authorization: Bearer " + good + ", Bearer " + others},
		"a token on two lines":          {"Authorization: Bearer", " " + "a.b.c"},
		"a space in the name":           {"Authorization : " + good},
		"a megabyte":                    {"Authorization: " + strings.Repeat("a", 1<<20)},
		"a megabyte behind a token":     {"Authorization: " + good + strings.Repeat("a", 1<<20)},
	} {
		for door, to := range map[string]string{"the HTTP API": at.GraphQL, "AppSync": at.Realtime} {
			if status, text := asked(t, to, headers...); status < 400 || status >= 500 || strings.Contains(text, `"data":{`) {
				t.Errorf("%s at %s: %d %s", name, door, status, text)
			}
		}
	}
	for door, to := range map[string]string{"the HTTP API": at.GraphQL, "AppSync": at.Realtime} {
		status, text := asked(t, to, append(smuggled, "Authorization: Bearer "+good)...)
		if status != http.StatusOK || !strings.Contains(text, subOf(t, good)) || strings.Contains(text, subOf(t, others)) {
			t.Errorf("%s takes the token's user for another: %d %s", door, status, text)
		}
	}
}

// TestAMegabyteIsNoTokenForCognito sends one where Cognito takes a token.
func TestAMegabyteIsNoTokenForCognito(t *testing.T) {
	t.Parallel()
	at := sharedCloud(t).endpoints()
	for operation, try := range doors(at) {
		if strings.HasPrefix(operation, "Cognito's ") {
			if got := try(t, strings.Repeat("a", 1<<20)); !strings.Contains(got, "SerializationException") {
				t.Errorf("%s: %s", operation, got)
			}
		}
	}
}

// subOf is the user of a token.
func subOf(t *testing.T, raw string) string {
	t.Helper()
	var claims jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(raw, &claims); err != nil {
		t.Fatal(err)
	}
	return claims.Subject
}
