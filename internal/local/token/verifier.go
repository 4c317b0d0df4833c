// Package token verifies Cognito access tokens against the key set of the user pool that signed them.
package token

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"
)

// maxToken is the longest token looked at, in bytes and without its scheme. Cognito's own stay under 4 KB.
const maxToken = 8 << 10

// ErrInvalid is what every refusal is, by errors.Is: a forged or foreign token, and also one that could not be checked
// because its keys were out of reach. Its wrapped cause is for a log, never for the one who sent the token.
var ErrInvalid = errors.New("invalid token")

// Options says whose tokens are accepted.
type Options struct {
	Issuer    string           // the exact "iss" claim, such as http://127.0.0.1:4000/local_Dev0001
	JWKSURL   string           // where the pool publishes its keys, absolute http or https
	ClientIDs []string         // the app clients accepted as "client_id", at least one
	Now       func() time.Time // time.Now when nil
	HTTP      *http.Client     // a client of its own with a timeout of 5 s when nil
}

// Verifier checks access tokens. It is safe for concurrent use, starts no goroutine and needs no closing.
type Verifier struct {
	keys    *keySet
	parser  *jwt.Parser
	clients []string
	now     func() time.Time
	known   *lru.Cache[[sha256.Size]byte, verified] // by the token's hash
}

// maxKnown is how many good tokens are remembered: a client sends one for an hour, and verifying it takes 50 µs.
const maxKnown = 1024

// verified is a token that was found to be good by some keys. It is good until it expires or the keys are others.
type verified struct {
	claims  jwt.MapClaims
	expires time.Time
	keys    *fetched
}

// NewVerifier makes a verifier that fetches its keys when the first token asks for one, so it may be made before its
// pool listens. When ctx ends no keys are fetched any more. The error says what is wrong with the options.
func NewVerifier(ctx context.Context, o Options) (*Verifier, error) {
	u, err := url.Parse(o.JWKSURL)
	if err != nil {
		return nil, fmt.Errorf("parse key set address %q: %w", o.JWKSURL, err)
	}
	if u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("key set address %q is not an absolute http address", o.JWKSURL)
	}
	if o.Issuer == "" {
		return nil, errors.New("verifier needs an issuer")
	}
	if len(o.ClientIDs) == 0 || slices.Contains(o.ClientIDs, "") {
		return nil, errors.New("verifier needs the ids of its app clients")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: fetchTimeout}
	}
	known, err := lru.New[[sha256.Size]byte, verified](maxKnown)
	if err != nil {
		return nil, fmt.Errorf("remember tokens: %w", err)
	}
	return &Verifier{
		known:   known,
		now:     o.Now,
		keys:    newKeySet(ctx, o),
		clients: slices.Clone(o.ClientIDs),
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
			jwt.WithIssuer(o.Issuer),
			jwt.WithExpirationRequired(),
			jwt.WithStrictDecoding(),
			jwt.WithTimeFunc(o.Now),
		),
	}, nil
}

// Verify checks an access token, sent raw as Amplify does or after "Bearer ", and returns its claims as encoding/json
// decodes them (numbers are float64). Every error is ErrInvalid.
func (v *Verifier) Verify(ctx context.Context, raw string) (map[string]any, error) {
	claims, err := v.verify(ctx, withoutScheme(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return claims, nil
}

func (v *Verifier) verify(ctx context.Context, raw string) (jwt.MapClaims, error) {
	if len(raw) > maxToken {
		return nil, tooLong(raw)
	}
	now, hash := v.now(), sha256.Sum256([]byte(raw))
	keys := v.keys.fresh()
	if k, ok := v.known.Get(hash); ok && keys != nil && k.keys == keys && now.Before(k.expires) {
		return maps.Clone(k.claims), nil
	}
	if err := CheckShape(raw); err != nil {
		return nil, err
	}
	claims := jwt.MapClaims{}
	_, err := v.parser.ParseWithClaims(raw, claims, func(t *jwt.Token) (any, error) { return v.keys.find(ctx, t) })
	if err != nil {
		return nil, err
	}
	if err := v.checkClaims(claims); err != nil {
		return nil, err
	}
	expires, err := claims.GetExpirationTime()
	if err == nil && keys != nil && keys == v.keys.fresh() { // by these keys, and no others
		v.known.Add(hash, verified{claims: maps.Clone(claims), expires: expires.Time, keys: keys})
	}
	return claims, nil
}

// checkClaims checks what makes a valid JWT a Cognito access token: ID tokens of the same pool carry the same
// signature and issuer, and differ in token_use alone.
func (v *Verifier) checkClaims(claims jwt.MapClaims) error {
	if use, _ := claims["token_use"].(string); use != "access" {
		return fmt.Errorf("token_use is %q, not access", use)
	}
	if client, _ := claims["client_id"].(string); !slices.Contains(v.clients, client) {
		return fmt.Errorf("client %q is not accepted", client)
	}
	if sub, _ := claims["sub"].(string); sub == "" {
		return errors.New("token names no subject")
	}
	return nil
}

// withoutScheme drops a leading "Bearer ", in any case as RFC 7235 has it.
func withoutScheme(raw string) string {
	const scheme = "Bearer "
	if len(raw) >= len(scheme) && strings.EqualFold(raw[:len(scheme)], scheme) {
		return raw[len(scheme):]
	}
	return raw
}
