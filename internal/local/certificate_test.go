package local

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestACertificateIsMadeOnceAndKept(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	first, err := certificate(dir, loopback, now)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		host netip.Addr
		at   time.Time
		same bool
	}{
		"again":         {loopback, now.Add(time.Hour), true},
		"another host":  {netip.MustParseAddr("192.0.2.7"), now, false},
		"when it ended": {loopback, now.Add(certificateLife), false},
	} {
		before, err := certificate(dir, loopback, now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := certificate(dir, c.host, c.at)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if same := got.Leaf.Equal(before.Leaf); same != c.same {
			t.Errorf("%s: the same certificate: %v, want %v", name, same, c.same)
		}
		if err := got.Leaf.VerifyHostname(c.host.String()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, keyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v, want it private", info, err)
	}
	if first.Leaf.VerifyHostname("localhost") != nil {
		t.Error("it is not for localhost")
	}
}

func TestWhoTrustsTheFileConnects(t *testing.T) {
	dir := t.TempDir()
	c, err := certificate(dir, loopback, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{c}}
	server.StartTLS()
	defer server.Close()
	text, err := os.ReadFile(filepath.Join(dir, CertificateFile))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(text)
	for name, pool := range map[string]*x509.CertPool{"trusting it": trusted, "trusting nobody": x509.NewCertPool()} {
		client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		res, err := client.Get(server.URL)
		if (err == nil) != (pool == trusted) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil {
			res.Body.Close()
		}
		client.CloseIdleConnections()
	}
}

func TestABrokenCertificateIsAnError(t *testing.T) {
	dir := t.TempDir()
	if _, err := certificate(dir, loopback, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, CertificateFile), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := certificate(dir, loopback, time.Now()); err == nil {
		t.Error("no error")
	}
}
