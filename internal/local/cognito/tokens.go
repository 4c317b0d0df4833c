package cognito

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/darkroom/darkroom/internal/local/token"
)

const tokenLasts = time.Hour // access and ID tokens

// tokens is the AuthenticationResult of the protocol.
type tokens struct {
	AccessToken  string `json:"AccessToken"`
	ExpiresIn    int    `json:"ExpiresIn"` // seconds
	IDToken      string `json:"IdToken"`
	RefreshToken string `json:"RefreshToken,omitempty"`
	TokenType    string `json:"TokenType"`
}

// mint signs an access and an ID token of the session. refreshToken is passed on, empty where none is due.
func (p *Pool) mint(u user, s session, refreshToken string) (tokens, error) {
	now := p.o.Now()
	shared := jwt.MapClaims{
		"sub": u.Sub, "iss": p.o.Issuer, "origin_jti": s.Origin,
		"auth_time": s.Started.Unix(), "iat": now.Unix(), "exp": now.Add(tokenLasts).Unix(),
	}
	if len(u.Groups) > 0 {
		shared["cognito:groups"] = u.Groups
	}
	access, err := p.sign(shared, jwt.MapClaims{
		"token_use": "access", "client_id": p.o.ClientID, "username": u.Username, "scope": "aws.cognito.signin.user.admin",
	})
	if err != nil {
		return tokens{}, err
	}
	about := jwt.MapClaims{
		"token_use": "id", "aud": p.o.ClientID, "cognito:username": u.Username,
		"email": u.Email, "email_verified": u.Verified,
	}
	for name, value := range u.Attributes {
		about[name] = value
	}
	id, err := p.sign(shared, about)
	if err != nil {
		return tokens{}, err
	}
	return tokens{
		AccessToken: access, IDToken: id, RefreshToken: refreshToken,
		ExpiresIn: int(tokenLasts.Seconds()), TokenType: "Bearer",
	}, nil
}

// sign adds the shared claims and a jti of its own to a token's claims, and signs it as Cognito does: without "typ".
func (p *Pool) sign(shared, own jwt.MapClaims) (string, error) {
	id, err := uuid.NewRandomFromReader(p.o.Random)
	if err != nil {
		return "", fmt.Errorf("make token id: %w", err)
	}
	own["jti"] = id.String()
	maps.Copy(own, shared)
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, own)
	t.Header = map[string]any{"alg": "RS256", "kid": p.keys.id}
	raw, err := t.SignedString(p.keys.pair)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return raw, nil
}

// keyOf is the key that a token says it is signed by, if that is the pool's.
func (p *Pool) keyOf(t *jwt.Token) (any, error) {
	if t.Header["kid"] != p.keys.id {
		return nil, errors.New("token names another key")
	}
	return &p.keys.pair.PublicKey, nil
}

// bearer returns the user and session of an access token: the operations of signed-in users begin with it.
func (p *Pool) bearer(accessToken string) (user, session, error) {
	if err := token.CheckShape(accessToken); err != nil {
		return user{}, session{}, refuse(notAuthorized, "Invalid Access Token")
	}
	claims := jwt.MapClaims{}
	_, err := jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithIssuer(p.o.Issuer),
		jwt.WithExpirationRequired(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(p.o.Now),
	).ParseWithClaims(accessToken, claims, p.keyOf)
	if errors.Is(err, jwt.ErrTokenExpired) {
		return user{}, session{}, refuse(notAuthorized, "Access Token has expired")
	}
	text := func(name string) string { s, _ := claims[name].(string); return s }
	sub := text("sub")
	if err != nil || text("token_use") != "access" || text("client_id") != p.o.ClientID || sub == "" {
		return user{}, session{}, refuse(notAuthorized, "Invalid Access Token")
	}
	s, live, err := p.session(sub, text("origin_jti"))
	if err != nil {
		return user{}, session{}, err
	}
	u, found, err := p.userBySub(sub)
	if err != nil {
		return user{}, session{}, err
	}
	if !live || !found {
		return user{}, session{}, refuse(notAuthorized, "Access Token has been revoked")
	}
	return u, s, nil
}
