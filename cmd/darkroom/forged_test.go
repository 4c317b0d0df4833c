package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.etcd.io/bbolt"
)

// TestForgedTokensOpenNoDoor tries a corpus of tokens, most of them signed by the user pool's own key, on every door that
// takes one. Each is answered as a token that is none is answered: with a refusal, and never as anybody.
func TestForgedTokensOpenNoDoor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := plantKey(t, dir)
	cloud := startCloud(t, dir)
	at := cloud.endpoints()
	good := cloud.accessToken(at)
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(good, claims); err != nil {
		t.Fatal(err)
	}
	forge := forgery{t: t, key: key, kid: keyID(key), claims: claims}
	if got := overHTTP(at.GraphQL, "")(t, forge.signed(nil, claims, key)); got != "" {
		t.Fatalf("the corpus would prove nothing: an unchanged token is answered %s", got)
	}
	corpus := forge.keys(good)
	maps.Copy(corpus, forge.contents())
	all := doors(at)
	all["AppSync's realtime, to subscribe"] = subscribing(at, good)
	for name, try := range all {
		t.Run(name, func(t *testing.T) {
			refused := try(t, "a.b.c")
			if refused == "" {
				t.Fatal("a token that is none is let in")
			}
			for forged, raw := range corpus {
				switch got := try(t, raw); {
				case got == "":
					t.Errorf("%s: let in", forged)
				case got != refused && !(strings.HasPrefix(forged, "expired") && strings.Contains(got, "Access Token has expired")):
					t.Errorf("%s: answered %s, a token that is none %s", forged, got, refused)
				}
			}
		})
	}
	for _, name := range []string{
		"the HTTP API", "the HTTP API, after Bearer", "AppSync", "AppSync, after Bearer", "AppSync's realtime, to connect",
		"AppSync's realtime, to subscribe", "Cognito's GetUser", "Cognito's UpdateUserAttributes", "Cognito's DeleteUser",
	} {
		if got := all[name](t, good); got != "" {
			t.Errorf("the good token is refused by %s: %s", name, got)
		}
	}
	cloud.stop()
}

// plantKey makes the user pool's file with a signing key that the test knows.
func plantKey(t *testing.T, dir string) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(filepath.Join(dir, "cognito.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists([]byte("pool"))
		if err != nil {
			return err
		}
		return b.Put([]byte("signing key"), der)
	})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// keyID is the id under which the pool publishes its key.
func keyID(key *rsa.PrivateKey) string {
	sum := sha256.Sum256(key.N.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// forgery makes tokens out of a good one.
type forgery struct {
	t      *testing.T
	key    *rsa.PrivateKey
	kid    string
	claims jwt.MapClaims
}

// with are the good claims, changed; a nil leaves a claim out.
func (f forgery) with(changes map[string]any) jwt.MapClaims {
	all := maps.Clone(f.claims)
	for name, v := range changes {
		all[name] = v
		if v == nil {
			delete(all, name)
		}
	}
	return all
}

// signed is a token of RS256 by the key, with more in its header.
func (f forgery) signed(header map[string]any, claims jwt.MapClaims, key any) string {
	return f.by(jwt.SigningMethodRS256, header, claims, key)
}

func (f forgery) by(how jwt.SigningMethod, header map[string]any, claims jwt.MapClaims, key any) string {
	f.t.Helper()
	token := jwt.NewWithClaims(how, claims)
	token.Header = map[string]any{"alg": how.Alg(), "kid": f.kid}
	maps.Copy(token.Header, header)
	raw, err := token.SignedString(key)
	if err != nil {
		f.t.Fatal(err)
	}
	return raw
}

// text is a token of header and claims as they are written, rightly signed.
func (f forgery) text(header, claims string) string {
	f.t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode([]byte(header)) + "." + encode([]byte(claims))
	sum, err := jwt.SigningMethodRS256.Sign(signed, f.key)
	if err != nil {
		f.t.Fatal(err)
	}
	return signed + "." + encode(sum)
}

// keys are tokens that another key signs, or that say so, or whose text was tampered with.
func (f forgery) keys(good string) map[string]string {
	f.t.Helper()
	public, err := x509.MarshalPKIXPublicKey(&f.key.PublicKey)
	if err != nil {
		f.t.Fatal(err)
	}
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.t.Fatal(err)
	}
	part, claims := strings.Split(good, "."), f.written()
	own := map[string]any{"jwk": map[string]string{
		"kty": "RSA", "e": "AQAB", "n": base64.RawURLEncoding.EncodeToString(stranger.N.Bytes())}}
	return map[string]string{
		"alg none":                         f.by(jwt.SigningMethodNone, nil, f.claims, jwt.UnsafeAllowNoneSignatureType),
		"alg none, with the signature":     f.by(jwt.SigningMethodNone, nil, f.claims, jwt.UnsafeAllowNoneSignatureType) + part[2],
		"HS256 with the public key":        f.by(jwt.SigningMethodHS256, nil, f.claims, public),
		"HS256 with the public key as PEM": f.by(jwt.SigningMethodHS256, nil, f.claims, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})),
		"RS512 by the right key":           f.by(jwt.SigningMethodRS512, nil, f.claims, f.key),
		"PS256 by the right key":           f.by(jwt.SigningMethodPS256, nil, f.claims, f.key),
		"another's key under our name":     f.signed(nil, f.claims, stranger),
		"another's key, which it brings":   f.signed(own, f.claims, stranger),
		"our key, which it brings too":     f.signed(own, f.claims, f.key),
		"an unknown key":                   f.signed(map[string]any{"kid": "another"}, f.claims, f.key),
		"a key by a path":                  f.signed(map[string]any{"kid": "../../dev/null"}, f.claims, f.key),
		"no key named":                     f.text(`{"alg":"RS256"}`, claims),
		"keys to be fetched":               f.signed(map[string]any{"jku": "http://127.0.0.1:1/jwks.json"}, f.claims, f.key),
		"crit":                             f.signed(map[string]any{"crit": []string{"exp"}}, f.claims, f.key),
		"crit of what nobody knows":        f.signed(map[string]any{"crit": []string{"x"}, "x": 1}, f.claims, f.key),
		"unencoded claims":                 f.signed(map[string]any{"b64": false, "crit": []string{"b64"}}, f.claims, f.key),
		"alg twice":                        f.text(`{"alg":"none","alg":"RS256","kid":"`+f.kid+`"}`, claims),
		"truncated":                        good[:len(good)-10],
		"without its signature":            part[0] + "." + part[1] + ".",
		"two parts":                        part[0] + "." + part[1],
		"four parts":                       good + "." + part[2],
		"padded":                           part[0] + "=." + part[1] + "." + part[2],
		"another's claims":                 part[0] + "." + strings.Split(f.changed("sub", "somebody-else"), ".")[1] + "." + part[2],
		"twice":                            good + "," + good,
		"a scheme twice":                   "Bearer Bearer " + good,
		"another scheme":                   "Basic " + good,
		"a NUL behind":                     good + "%00",
	}
}

// written are the good claims as text.
func (f forgery) written() string {
	f.t.Helper()
	text, err := json.Marshal(f.claims)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}

// changed is the good token with another claim, rightly signed.
func (f forgery) changed(name string, v any) string {
	return f.signed(nil, f.with(map[string]any{name: v}), f.key)
}

// contents are tokens that are rightly signed, and say what no access token of this pool says.
func (f forgery) contents() map[string]string {
	f.t.Helper()
	claims, header, changed := f.written(), `{"alg":"RS256","kid":"`+f.kid+`"}`, f.changed
	inside := strings.TrimSuffix(claims, "}")
	return map[string]string{
		"sub twice":                        f.text(header, inside+`,"sub":"somebody-else"}`),
		"sub twice, once escaped":          f.text(header, inside+`,"\u0073ub":"somebody-else"}`),
		"groups twice":                     f.text(header, inside+`,"cognito:groups":[],"cognito:groups":["admin"]}`),
		"more after the claims":            f.text(header, claims+`{}`),
		"another issuer":                   changed("iss", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"),
		"our issuer and a slash":           changed("iss", f.claims["iss"].(string)+"/"),
		"no issuer":                        changed("iss", nil),
		"a list of issuers":                changed("iss", []any{f.claims["iss"]}),
		"another client":                   changed("client_id", "another"),
		"no client":                        changed("client_id", nil),
		"a list of clients":                changed("client_id", []any{f.claims["client_id"]}),
		"the client as audience alone":     f.signed(nil, f.with(map[string]any{"client_id": nil, "aud": f.claims["client_id"]}), f.key),
		"an ID token":                      f.signed(nil, f.with(map[string]any{"token_use": "id", "client_id": nil, "aud": f.claims["client_id"]}), f.key),
		"an ID token that names a client":  changed("token_use", "id"),
		"no use":                           changed("token_use", nil),
		"a list of uses":                   changed("token_use", []any{"access", "id"}),
		"no subject":                       changed("sub", nil),
		"a subject that is no text":        changed("sub", 7),
		"expired":                          changed("exp", time.Now().Add(-time.Minute).Unix()),
		"expired at the beginning of time": changed("exp", 1),
		"no expiry":                        changed("exp", nil),
		"an expiry that is a text":         changed("exp", "4102444800"),
		"not valid yet":                    changed("nbf", time.Now().Add(time.Hour).Unix()),
		"8 KB of claims":                   changed("pad", strings.Repeat("x", 8<<10)),
	}
}
