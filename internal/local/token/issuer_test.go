package token_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/darkroom/darkroom/internal/local/token"
)

const issuer = "http://127.0.0.1:4000/local_Dev0001"

// issuerServer publishes one key set over HTTP and counts how often it is asked.
type issuerServer struct {
	*httptest.Server
	asked atomic.Int64
	keys  atomic.Pointer[map[string]*rsa.PrivateKey]
	fail  atomic.Bool
}

func newIssuer(t testing.TB, keys map[string]*rsa.PrivateKey) *issuerServer {
	t.Helper()
	s := &issuerServer{}
	s.keys.Store(&keys)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		if s.fail.Load() {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		set := struct {
			Keys []map[string]string `json:"keys"`
		}{Keys: []map[string]string{}}
		for kid, key := range *s.keys.Load() {
			set.Keys = append(set.Keys, map[string]string{
				"alg": "RS256", "kty": "RSA", "use": "sig", "kid": kid,
				"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
				"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
			})
		}
		json.NewEncoder(w).Encode(set)
	}))
	t.Cleanup(s.Close)
	return s
}

// clock is a time that a test moves.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ns.Store(time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.ns.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.ns.Add(int64(d)) }

func newKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newVerifier(t testing.TB, s *issuerServer, c *clock) *token.Verifier {
	t.Helper()
	v, err := token.NewVerifier(t.Context(), token.Options{
		Issuer: issuer, JWKSURL: s.URL, ClientIDs: []string{"web", "phone"}, Now: c.now, HTTP: s.Client(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func accessClaims(now time.Time) jwt.MapClaims {
	return jwt.MapClaims{
		"sub": "a1b2", "iss": issuer, "client_id": "web", "token_use": "access", "username": "a1b2",
		"cognito:groups": []string{"admin", "editors"}, "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(),
	}
}

func without(c jwt.MapClaims, name string) jwt.MapClaims {
	c = maps.Clone(c)
	delete(c, name)
	return c
}

func with(c jwt.MapClaims, name string, value any) jwt.MapClaims {
	c = maps.Clone(c)
	c[name] = value
	return c
}

func sign(t testing.TB, method jwt.SigningMethod, header map[string]any, claims jwt.Claims, key any) string {
	t.Helper()
	tok := jwt.NewWithClaims(method, claims)
	for name, value := range header {
		if value == nil {
			delete(tok.Header, name)
			continue
		}
		tok.Header[name] = value
	}
	raw, err := tok.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// signText signs header and claims given as text, for what no encoder would write.
func signText(t testing.TB, header, claims string, key *rsa.PrivateKey) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(header)) + "." + encode([]byte(claims))
	sig, err := jwt.SigningMethodRS256.Sign(text, key)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(sig)
}
