package token_test

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/darkroom/darkroom/internal/local/token"
)

func TestAccessTokenIsAcceptedInBothForms(t *testing.T) {
	key, c := newKey(t), newClock()
	v := newVerifier(t, newIssuer(t, map[string]*rsa.PrivateKey{"k1": key}), c)
	raw := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, accessClaims(c.now()), key)
	bare := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1", "typ": nil}, accessClaims(c.now()), key)
	for name, sent := range map[string]string{
		"raw, as Amplify sends it": raw, "after Bearer": "Bearer " + raw, "after bearer": "bearer " + raw,
		"without typ, as Cognito signs it": bare,
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := v.Verify(t.Context(), sent)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := claims["sub"], "a1b2"; got != want {
				t.Errorf("sub = %v, want %v", got, want)
			}
			if got, want := claims["exp"], float64(c.now().Add(time.Hour).Unix()); got != want {
				t.Errorf("exp = %v, want %v", got, want)
			}
		})
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	key, stranger, c := newKey(t), newKey(t), newClock()
	v := newVerifier(t, newIssuer(t, map[string]*rsa.PrivateKey{"k1": key}), c)
	good := accessClaims(c.now())
	kid := map[string]any{"kid": "k1"}
	rs := func(claims jwt.Claims) string { return sign(t, jwt.SigningMethodRS256, kid, claims, key) }
	head := func(header map[string]any) string { return sign(t, jwt.SigningMethodRS256, header, good, key) }
	valid := rs(good)
	parts := strings.Split(valid, ".")
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	body := `{"sub":"a","iss":"` + issuer + `","client_id":"web","token_use":"access","exp":4102444800}`

	for name, raw := range map[string]string{
		"empty":                              "",
		"a scheme alone":                     "Bearer ",
		"two schemes":                        "Bearer Bearer " + valid,
		"another scheme":                     "Basic " + valid,
		"space before":                       " " + valid,
		"space after":                        valid + " ",
		"not a token":                        "hello",
		"one megabyte":                       strings.Repeat("a", 1<<20),
		"one megabyte of dots":               strings.Repeat(".", 1<<20),
		"a valid token with 8 KB after it":   valid + strings.Repeat("A", 8<<10),
		"claims of 8 KB, rightly signed":     rs(with(good, "pad", strings.Repeat("x", 8<<10))),
		"truncated signature":                valid[:len(valid)-4],
		"no signature":                       parts[0] + "." + parts[1] + ".",
		"two parts":                          parts[0] + "." + parts[1],
		"four parts":                         valid + ".x",
		"five parts, as encrypted":           valid + ".x.y",
		"padded base64":                      parts[0] + "=." + parts[1] + "." + parts[2],
		"claims swapped under the signature": parts[0] + "." + strings.Split(rs(with(good, "sub", "b")), ".")[1] + "." + parts[2],
		"alg none":                           sign(t, jwt.SigningMethodNone, kid, good, jwt.UnsafeAllowNoneSignatureType),
		"alg None":                           signText(t, `{"alg":"None","kid":"k1"}`, body, key),
		"alg missing":                        signText(t, `{"kid":"k1"}`, body, key),
		"alg a number":                       signText(t, `{"alg":1,"kid":"k1"}`, body, key),
		"HS256 keyed with the public key":    sign(t, jwt.SigningMethodHS256, kid, good, public),
		"HS256 keyed with the modulus":       sign(t, jwt.SigningMethodHS256, kid, good, key.N.Bytes()),
		"RS512 with the right key":           sign(t, jwt.SigningMethodRS512, kid, good, key),
		"PS256 with the right key":           sign(t, jwt.SigningMethodPS256, kid, good, key),
		"signed by a stranger":               sign(t, jwt.SigningMethodRS256, kid, good, stranger),
		"unknown kid":                        head(map[string]any{"kid": "k2"}),
		"no kid":                             head(nil),
		"empty kid":                          head(map[string]any{"kid": ""}),
		"kid a list":                         head(map[string]any{"kid": []string{"k1"}}),
		"crit":                               head(map[string]any{"kid": "k1", "crit": []string{"exp"}}),
		"unencoded payload":                  head(map[string]any{"kid": "k1", "b64": false, "crit": []string{"b64"}}),
		"its own key":                        head(map[string]any{"kid": "k1", "jwk": map[string]string{"kty": "RSA"}}),
		"its own key set":                    head(map[string]any{"kid": "k1", "jku": "http://127.0.0.1:1/"}),
		"alg twice":                          signText(t, `{"alg":"none","alg":"RS256","kid":"k1"}`, body, key),
		"sub twice":                          signText(t, `{"alg":"RS256","kid":"k1"}`, `{"sub":"b",`+body[1:], key),
		"header a list":                      signText(t, `[]`, body, key),
		"claims a list":                      signText(t, `{"alg":"RS256","kid":"k1"}`, `[]`, key),
		"claims null":                        signText(t, `{"alg":"RS256","kid":"k1"}`, `null`, key),
		"text after the claims":              signText(t, `{"alg":"RS256","kid":"k1"}`, body+`{}`, key),
		"wrong issuer":                       rs(with(good, "iss", issuer+"2")),
		"no issuer":                          rs(without(good, "iss")),
		"issuer a list":                      rs(with(good, "iss", []string{issuer})),
		"wrong client":                       rs(with(good, "client_id", "other")),
		"no client":                          rs(without(good, "client_id")),
		"client a list":                      rs(with(good, "client_id", []string{"web"})),
		"an ID token":                        rs(with(with(without(good, "client_id"), "aud", "web"), "token_use", "id")),
		"an ID token naming its client":      rs(with(good, "token_use", "id")),
		"no use":                             rs(without(good, "token_use")),
		"no subject":                         rs(without(good, "sub")),
		"expired":                            rs(with(good, "exp", c.now().Add(-time.Second).Unix())),
		"expiring now":                       rs(with(good, "exp", c.now().Unix())),
		"no expiry":                          rs(without(good, "exp")),
		"expiry zero":                        rs(with(good, "exp", 0)),
		"expiry a string":                    rs(with(good, "exp", "4102444800")),
		"not valid yet":                      rs(with(good, "nbf", c.now().Add(time.Minute).Unix())),
	} {
		t.Run(name, func(t *testing.T) {
			claims, err := v.Verify(t.Context(), raw)
			if !errors.Is(err, token.ErrInvalid) || claims != nil {
				t.Errorf("got %v, %v; want nil, ErrInvalid", claims, err)
			}
		})
	}
	if _, err := v.Verify(t.Context(), valid); err != nil {
		t.Errorf("the token all of these were made from is refused: %v", err)
	}
}

func TestATokenThatWasGoodIsRefusedOnceItHasExpired(t *testing.T) {
	key, c := newKey(t), newClock()
	v := newVerifier(t, newIssuer(t, map[string]*rsa.PrivateKey{"k1": key}), c)
	claims := with(accessClaims(c.now()), "exp", c.now().Add(10*time.Minute).Unix())
	raw := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, claims, key)
	for range 3 {
		got, err := v.Verify(t.Context(), raw)
		if err != nil || got["sub"] != "a1b2" {
			t.Fatalf("got %v, %v", got, err)
		}
		got["sub"] = "somebody else" // is the caller's own
	}
	c.advance(10 * time.Minute)
	if got, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("expired: got %v, %v", got, err)
	}
}

func BenchmarkVerify(b *testing.B) {
	key, c := newKey(b), newClock()
	v := newVerifier(b, newIssuer(b, map[string]*rsa.PrivateKey{"k1": key}), c)
	raw := sign(b, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, accessClaims(c.now()), key)
	for b.Loop() {
		if _, err := v.Verify(b.Context(), raw); err != nil {
			b.Fatal(err)
		}
	}
}

func TestOptionsThatCannotWorkAreErrors(t *testing.T) {
	for name, o := range map[string]token.Options{
		"no issuer":          {JWKSURL: "http://127.0.0.1:1/", ClientIDs: []string{"web"}},
		"no clients":         {Issuer: issuer, JWKSURL: "http://127.0.0.1:1/"},
		"an empty client":    {Issuer: issuer, JWKSURL: "http://127.0.0.1:1/", ClientIDs: []string{""}},
		"no address":         {Issuer: issuer, ClientIDs: []string{"web"}},
		"a relative address": {Issuer: issuer, JWKSURL: "/jwks.json", ClientIDs: []string{"web"}},
		"a file":             {Issuer: issuer, JWKSURL: "file:///jwks.json", ClientIDs: []string{"web"}},
		"a broken address":   {Issuer: issuer, JWKSURL: "http://a b/%", ClientIDs: []string{"web"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := token.NewVerifier(t.Context(), o); err == nil {
				t.Error("no error")
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	for _, seed := range []string{
		"", "Bearer ", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.e30.AA",
	} {
		f.Add(seed)
	}
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(`{"keys":[]}`))
	}))
	f.Cleanup(keys.Close)
	v, err := token.NewVerifier(context.Background(), token.Options{
		Issuer: issuer, JWKSURL: keys.URL, ClientIDs: []string{"web"}, Now: newClock().now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if _, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("%q: err = %v, want ErrInvalid", raw, err)
		}
	})
}
