package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/darkroom/darkroom/internal/local"
)

// TestAClientMayKnowAppSyncAlone: what the HTTP API answers, AppSync answers too, through the deployed resolvers and the
// function field.
func TestAClientMayKnowAppSyncAlone(t *testing.T) {
	t.Parallel()
	c := readFile(t, sharedCloud(t).user())
	c.GraphQL = c.Realtime
	config := writeFile(t, c)
	dir := pictures(t, map[string][]byte{"a.jpg": small(t, "one"), "not.jpg": []byte("this is no picture")})
	uploaded(t, config, filepath.Join(dir, "a.jpg"))
	var ls, again, unknown printed
	if status := invoke(t.Context(), t, &ls, &ls, nil, "ls", "--config", config); status != 0 || !strings.Contains(ls.String(), "READY") {
		t.Errorf("ls ended with %d:\n%s", status, &ls)
	}
	if status := invoke(t.Context(), t, &again, &again, nil, "upload", "--config", config, filepath.Join(dir, "a.jpg")); status != 0 {
		t.Errorf("the same bytes again: ended with %d:\n%s", status, &again)
	}
	if status := invoke(t.Context(), t, &unknown, &unknown, nil, "upload", "--config", config, filepath.Join(dir, "not.jpg")); status == 0 {
		t.Errorf("what is no picture: ended with 0:\n%s", &unknown)
	}
}

func TestAppSyncIsServedOverTLSToWhoTrustsItsCertificate(t *testing.T) {
	t.Parallel()
	cloud := sharedCloud(t)
	endpoint := regexp.MustCompile(`https://[0-9.:]+/graphql`).FindString(cloud.out.String())
	text, err := os.ReadFile(filepath.Join(cloud.dir, local.CertificateFile))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	trusting := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer trusting.CloseIdleConnections()

	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	res, err := trusting.Post(endpoint, "application/json", strings.NewReader(`{"query":"{ me { id } }"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token: %s %s, %v", res.Status, body, err)
	}
	socket, _, err := websocket.Dial(ctx, strings.Replace(endpoint, "https", "wss", 1)+"/realtime", &websocket.DialOptions{
		HTTPClient: trusting, Subprotocols: []string{"graphql-ws"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.CloseNow()
	if err := socket.Write(ctx, websocket.MessageText, []byte(`{"type":"connection_init"}`)); err != nil {
		t.Fatal(err)
	}
	_, frame, err := socket.Read(ctx)
	var got struct{ Type string }
	if err != nil || json.Unmarshal(frame, &got) != nil || got.Type != "connection_error" {
		t.Errorf("without a token: %s, %v", frame, err)
	}
}
