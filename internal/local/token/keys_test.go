package token_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/darkroom/darkroom/internal/local/token"
)

func TestUnknownKidFetchesKeysAtABoundedRate(t *testing.T) {
	first, second, c := newKey(t), newKey(t), newClock()
	s := newIssuer(t, map[string]*rsa.PrivateKey{"k1": first})
	v := newVerifier(t, s, c)
	claims := accessClaims(c.now())
	raw := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, claims, first)
	for range 5 {
		if _, err := v.Verify(t.Context(), raw); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := s.asked.Load(), int64(1); got != want {
		t.Errorf("keys fetched %d times for one known key, want %d", got, want)
	}

	rotated := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k2"}, claims, second)
	s.keys.Store(&map[string]*rsa.PrivateKey{"k2": second})
	for range 50 {
		if _, err := v.Verify(t.Context(), rotated); !errors.Is(err, token.ErrInvalid) {
			t.Fatalf("err = %v, want ErrInvalid within the pause between fetches", err)
		}
	}
	if got, want := s.asked.Load(), int64(1); got != want {
		t.Errorf("keys fetched %d times for a burst of unknown keys, want %d", got, want)
	}
	c.advance(10 * time.Second)
	if _, err := v.Verify(t.Context(), rotated); err != nil {
		t.Errorf("rotated key is refused after the pause: %v", err)
	}
	if _, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("withdrawn key: err = %v, want ErrInvalid", err)
	}
}

func TestUnreachableKeysRefuseEveryToken(t *testing.T) {
	key, c := newKey(t), newClock()
	s := newIssuer(t, map[string]*rsa.PrivateKey{"k1": key})
	v := newVerifier(t, s, c)
	raw := func() string {
		return sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, accessClaims(c.now()), key)
	}
	s.fail.Store(true)
	if _, err := v.Verify(t.Context(), raw()); !errors.Is(err, token.ErrInvalid) {
		t.Fatalf("before any key was fetched: err = %v, want ErrInvalid", err)
	}
	s.fail.Store(false)
	c.advance(10 * time.Second)
	if _, err := v.Verify(t.Context(), raw()); err != nil {
		t.Fatalf("once keys can be fetched: %v", err)
	}
	s.fail.Store(true)
	c.advance(30 * time.Minute)
	if _, err := v.Verify(t.Context(), raw()); err != nil {
		t.Errorf("with keys half an hour old: %v", err)
	}
	c.advance(31 * time.Minute)
	if _, err := v.Verify(t.Context(), raw()); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("with keys over an hour old: err = %v, want ErrInvalid", err)
	}
}

func TestHostileKeySetsRefuseEveryToken(t *testing.T) {
	key, c := newKey(t), newClock()
	raw := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, accessClaims(c.now()), key)
	hmacd := sign(t, jwt.SigningMethodHS256, map[string]any{"kid": "k1"}, accessClaims(c.now()), []byte("secret"))
	for name, set := range map[string]string{
		"empty body":      "",
		"not JSON":        "<html>",
		"no keys":         `{"keys":[]}`,
		"a symmetric key": `{"keys":[{"kty":"oct","kid":"k1","k":"c2VjcmV0"}]}`,
		"a huge set":      `{"keys":[` + strings.Repeat(" ", 1<<20) + `]}`,
		"a broken key":    `{"keys":[{"kty":"RSA","kid":"k1","n":"!","e":"AQAB"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(set)) }))
			t.Cleanup(s.Close)
			v, err := token.NewVerifier(t.Context(), token.Options{
				Issuer: issuer, JWKSURL: s.URL, ClientIDs: []string{"web"}, Now: c.now})
			if err != nil {
				t.Fatal(err)
			}
			for _, raw := range []string{raw, hmacd} {
				if _, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrInvalid) {
					t.Errorf("err = %v, want ErrInvalid", err)
				}
			}
		})
	}
}

func TestManyCallersShareOneFetch(t *testing.T) {
	key, c := newKey(t), newClock()
	s := newIssuer(t, map[string]*rsa.PrivateKey{"k1": key})
	v := newVerifier(t, s, c)
	raw := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, accessClaims(c.now()), key)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := v.Verify(t.Context(), raw); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got, want := s.asked.Load(), int64(1); got != want {
		t.Errorf("keys fetched %d times, want %d", got, want)
	}
}

func TestEndedContextIsARefusal(t *testing.T) {
	key, c := newKey(t), newClock()
	s := newIssuer(t, map[string]*rsa.PrivateKey{"k1": key})
	ctx, cancel := context.WithCancel(t.Context())
	v, err := token.NewVerifier(ctx, token.Options{Issuer: issuer, JWKSURL: s.URL, ClientIDs: []string{"web"}, Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	raw := sign(t, jwt.SigningMethodRS256, map[string]any{"kid": "k1"}, accessClaims(c.now()), key)
	if _, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("err = %v, want ErrInvalid", err)
	}
}
